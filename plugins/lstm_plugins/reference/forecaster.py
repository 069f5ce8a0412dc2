"""The reference as a `Forecaster`: slow and exact, in the config's precision."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.forecaster import Forecaster
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
from lstm_plugins.reference.network import ForwardPass
from lstm_plugins.reference.optimizer import initial_state
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.tracing import target_statistics, trace
from lstm_plugins.weights import Array, Weights


@dataclass(eq=False)
class ReferenceForecaster(Forecaster):
    """docs/specification.md as plain NumPy.

    Attributes:
        steps: the functions it consists of; replacing one makes a forecaster that deviates there.
    """

    steps: Steps = field(default_factory=Steps)

    def __post_init__(self) -> None:
        self._weights = self.steps.initial_weights(self.config, self.features, len(self.targets))
        self._optimizer = initial_state(self.config, self._weights)

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
        inputs = self._inputs(starts)
        center, scale = self.steps.of_values(*self.steps.statistics(inputs, self.config), self.indicators)
        patched = self.steps.cut_patches(self.steps.normalise(inputs, center, scale), self.config)
        return NormalisedWindows(patched.astype(self.config.precision), center, scale)

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        shape = (len(starts), self.config.horizon, len(self.targets), len(self.config.output_quantiles))
        prediction = np.empty(shape, self.config.precision)
        with np.errstate(over="ignore", invalid="ignore"):
            for part in self._batches(len(starts)):
                windows = self.normalised_windows(starts[part])
                prediction[part] = self._denormalise(self._forward(windows, {}).output, windows)
        return prediction

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`."""
        windows = self.normalised_windows(starts)
        targets = (self._targets(starts), self._observed(starts)) if derivatives else (None, None)
        return trace(self.steps, self.config, self._weights, windows, self.targets, *targets)

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        starts, total, weights = self._scored(starts), 0.0, 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for part in self._batches(len(starts)):
                targets, observed = self._targets(starts[part]), self._observed(starts[part])
                loss = self.steps.loss(self.config, self.predict(starts[part]), targets, observed)
                weight = self.steps.weight(observed)
                total, weights = total + loss * weight, weights + weight
        return total / weights if weights else 0.0

    def epoch_starts(self, starts: Starts, epoch: int) -> Starts:
        """See `Forecaster`."""
        return starts[self.steps.epoch_order(self.config.seed, epoch, len(starts))]

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
            targets, observed = self._targets(starts), self._observed(starts)
            done = self._forward(windows, masks)
            prediction = self._denormalise(done.output, windows)
            loss = self.steps.loss(self.config, prediction, targets, observed)
            scale = self._target_statistics(windows)[1]
            derivative = self.steps.loss_derivative(self.config, prediction, targets, observed)
            output = derivative * scale[:, None, :, None]
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
        self._weights, self._optimizer = step(self.config, self._weights, gradients, self._optimizer, rate)

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

    def _forward(self, windows: NormalisedWindows, masks: dict[int, Array]) -> ForwardPass:
        return self.steps.forward(self.steps, self.config, self._weights, windows.inputs, masks)

    def _denormalise(self, output: Array, windows: NormalisedWindows) -> Array:
        return self.steps.denormalise(output, *self._target_statistics(windows))

    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        return target_statistics(windows, self.targets)
