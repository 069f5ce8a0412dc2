"""The reference as a `Forecaster`: slow and exact, in the config's precision."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.forecaster import Forecaster
from lstm_plugins.linear import LinearInputs
from lstm_plugins.normalisation import Statistics
from lstm_plugins.records import (
    BatchResults,
    NormalisedWindows,
    OptimizerState,
    RawWindows,
    SeriesSet,
    Starts,
    TargetRows,
    Trace,
    TrainingStep,
)
from lstm_plugins.reference.network import ForwardPass, NetworkInputs
from lstm_plugins.reference.optimizer import initial_state
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.tracing import target_statistics, trace
from lstm_plugins.weights import Array, Weights, trained_arrays


@dataclass(eq=False)
class ReferenceForecaster(Forecaster):
    """docs/specification.md as plain NumPy.

    Attributes:
        steps: the functions it consists of; replacing one makes a forecaster that deviates there.
    """

    steps: Steps = field(default_factory=Steps)

    def __post_init__(self) -> None:
        columns = (self.features, len(self.targets), self.known, self.own_known)
        self._weights = self.steps.initial_weights(self.config, *columns)
        self._optimizer = initial_state(self.config, trained_arrays(self._weights))

    def load_series(self, series: SeriesSet) -> None:
        """See `Forecaster`."""
        self._check_series(series)
        self._series = series

    def window_starts(self, rows: TargetRows, stride: int, *, evaluated: bool = False) -> Starts:
        """See `Forecaster`."""
        series = self._loaded(rows)
        starts = self.steps.window_starts(series, self.config, rows, stride)
        return self.steps.kept_starts(series, self.config, starts, evaluated)

    def raw_windows(self, starts: Starts) -> RawWindows:
        """See `Forecaster`."""
        inputs = self._inputs(starts).astype(self.config.precision)
        return RawWindows(inputs, self._targets(starts), self._observed(starts))

    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """See `Forecaster`."""
        found = self._statistics(starts)
        normalised = self.steps.normalise(self._inputs(starts), found)
        sequence = self.steps.cut_patches(normalised, self.config)
        if self.known:
            known = self.steps.known_inputs(self._loaded(), starts, self.config)
            sequence = np.concatenate([sequence, known], axis=2)
        return NormalisedWindows(
            sequence.astype(self.config.precision),
            found.center,
            found.scale,
            found.ahead[:, :, list(self.targets)],
            self._step_features(starts, found.scale),
        )

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        shape = (len(starts), self.config.horizon, len(self.targets), len(self.config.output_quantiles))
        prediction = np.empty(shape, self.config.precision)
        with np.errstate(over="ignore", invalid="ignore"):
            for part in self._batches(len(starts)):
                windows = self.normalised_windows(starts[part])
                done = self._forward(starts[part], windows, {})
                prediction[part] = self._denormalise(done.output, windows)
        return prediction

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`."""
        windows = self.normalised_windows(starts)
        done = self._forward(starts, windows, {})
        output = self._loss_derivative(starts, windows, done.output) if derivatives else None
        return trace(self.steps, self.config, self._weights, windows, self.targets, done, output)

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        starts, total, weights = self._scored(starts), 0.0, 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for part in self._batches(len(starts)):
                windows, observed = self.normalised_windows(starts[part]), self._observed(starts[part])
                output = self._forward(starts[part], windows, {}).output
                forecast, targets = self._compared(starts[part], windows, output)
                loss = self.steps.loss(self.config, forecast, targets, observed)
                weight = self.steps.weight(observed)
                total, weights = total + loss * weight, weights + weight
        return total / weights if weights else 0.0

    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        """See `Forecaster`."""
        order = self.steps.epoch_order(self.config.seed, epoch, len(starts))
        return starts[self.steps.in_epoch(order, self.config)]

    def fit_linear(self, training: Starts, validation: Starts) -> Weights:
        """See `Forecaster`."""
        return self.steps.fit_linear(self._linear(), training, validation)

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """See `Forecaster`."""
        masks: dict[int, Array] = {}
        if training is not None:
            drawn = self.steps.dropout_masks(self.config, training.epoch, training.step, len(starts))
            masks = {layer: mask.astype(self.config.precision) for layer, mask in drawn.items()}
        with np.errstate(over="ignore", invalid="ignore"):
            windows = self.normalised_windows(starts)
            done = self._forward(starts, windows, masks)
            forecast, targets = self._compared(starts, windows, done.output)
            loss = self.steps.loss(self.config, forecast, targets, self._observed(starts))
            output = self._loss_derivative(starts, windows, done.output)
            return loss, self.steps.backward(self.steps, self.config, self._weights, done, output, masks)[0]

    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """See `Forecaster`."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.steps.clip(self.config, gradients)

    def update(self, gradients: Weights, learning_rate: float) -> None:
        """See `Forecaster`."""
        step = self.steps.sgd if self.config.optimizer == "sgd" else self.steps.adamw
        # A NumPy scalar would turn float32 arrays into float64, a Python float does not.
        rate = float(learning_rate)
        trained = trained_arrays(self._weights)
        updated, self._optimizer = step(self.config, trained, gradients, self._optimizer, rate)
        self._weights = {**self._weights, **updated}

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        losses, norms = np.full(len(learning_rates), np.nan), np.full(len(learning_rates), np.nan)
        for n, part in enumerate(self._batches(len(starts))):
            step = TrainingStep(first.epoch, first.step + n)
            losses[n], gradients = self.loss_and_gradients(starts[part], step)
            clipped, norms[n] = self.clip(gradients)
            if not np.isfinite(norms[n]):
                break
            self.update(clipped, learning_rates[n])
        return BatchResults(losses, norms)

    def weights(self) -> Weights:
        """See `Forecaster`."""
        return {name: array.copy() for name, array in self._weights.items()}

    def load_weights(self, weights: Weights) -> None:
        """See `Forecaster`."""
        self._weights = self._checked_weights(weights)

    def optimizer_state(self) -> OptimizerState:
        """See `Forecaster`."""
        return self._checked_state(self._optimizer)

    def load_optimizer_state(self, state: OptimizerState) -> None:
        """See `Forecaster`."""
        self._optimizer = self._checked_state(state)

    def _batches(self, count: int) -> Iterator[slice]:
        size = self.config.batch_size
        return (slice(first, min(first + size, count)) for first in range(0, count, size))

    def _inputs(self, starts: Starts) -> NDArray[np.float64]:
        starts = self._inputs_only(starts)
        return self.steps.input_windows(self._loaded().values, starts, self.config)

    def _statistics(self, starts: Starts) -> Statistics:
        """What the windows are normalised by."""
        found = self.steps.statistics(self._inputs(starts), self.config)
        return self.steps.of_values(found, self.indicators)

    def _targets(self, starts: Starts) -> Array:
        starts = self._complete(starts)
        targets = self.steps.target_windows(self._loaded().values, starts, self.config, self.targets)
        return targets.astype(self.config.precision)

    def _observed(self, starts: Starts) -> NDArray[np.bool_]:
        """Which targets were observed, `[B, Q, K]`."""
        observed = self._loaded().observed
        if observed is None:
            return np.ones((len(starts), self.config.horizon, len(self.targets)), np.bool_)
        return self.steps.observed_windows(observed, self._complete(starts), self.config)

    def _forward(self, starts: Starts, windows: NormalisedWindows, masks: dict[int, Array]) -> ForwardPass:
        linear: Array | None = None
        if self.config.linear != "none":
            linear = self.steps.linear_inputs(self._linear(), starts).astype(self.config.precision)
        inputs = NetworkInputs(windows.inputs, windows.step_features, linear)
        return self.steps.forward(self.steps, self.config, self._weights, inputs, masks)

    def _linear(self) -> LinearInputs:
        return LinearInputs(self.config, self._loaded(), self.indicators)

    def _step_features(self, starts: Starts, scale: NDArray[np.float64]) -> Array | None:
        """What the step part reads, `[B, Q, G + K·lags]`; None without known columns and lags."""
        series, config = self._loaded(), self.config
        parts = [self.steps.known_ahead(series, starts, config)] if self.known else []
        parts += self.steps.lagged_targets(series, starts, config, scale)
        return np.concatenate(parts, axis=2).astype(config.precision) if parts else None

    def _compared(self, starts: Starts, windows: NormalisedWindows, output: Array) -> tuple[Array, Array]:
        """Forecasts `[B, Q, K, P]` and targets `[B, Q, K]` in the units that the loss is measured in."""
        if not self.config.measured_in_window:
            return self._denormalise(output, windows), self._targets(starts)
        values, columns = self._loaded().values, list(self.targets)
        targets = self.steps.target_windows(values, self._complete(starts), self.config, self.targets)
        center, scale = windows.target_center, windows.scale[:, columns]
        return output, self.steps.target_in_window(targets, center, scale).astype(self.config.precision)

    def _loss_derivative(self, starts: Starts, windows: NormalisedWindows, output: Array) -> Array:
        """The derivative of the loss with respect to the output, `[B, Q, K, P]`."""
        forecast, targets = self._compared(starts, windows, output)
        derivative = self.steps.loss_derivative(self.config, forecast, targets, self._observed(starts))
        if self.config.measured_in_window:
            return derivative
        return derivative * self._target_statistics(windows)[1][:, None, :, None]

    def _denormalise(self, output: Array, windows: NormalisedWindows) -> Array:
        return self.steps.denormalise(output, *self._target_statistics(windows))

    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        return target_statistics(windows, self.targets)
