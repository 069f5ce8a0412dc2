"""The NumPy backend behind the contract."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_backends.numpy.optimizer import clip
from lstm_backends.numpy.training import Trainer
from lstm_backends.numpy.windows import WindowSource
from lstm_plugins import (
    Array,
    BatchResults,
    Forecaster,
    NormalisedWindows,
    OptimizerState,
    SeriesError,
    SeriesSet,
    Starts,
    TargetRows,
    Trace,
    TrainingStep,
    UnsupportedError,
    Weights,
)
from lstm_plugins.reference import Steps
from lstm_plugins.reference.tracing import trace as reference_trace
from lstm_plugins.weights import check_weights, initial_weights


def device_names() -> tuple[str, ...]:
    """NumPy computes on the CPU."""
    return ("cpu",)


@dataclass(eq=False)
class NumpyForecaster(Forecaster):
    """docs/specification.md over hand-written kernels.

    NumPy takes the threads of its matrix products from the environment when it is first imported
    (OPENBLAS_NUM_THREADS and its like): whoever starts the process sets them to `options.threads`.
    """

    def __post_init__(self) -> None:
        if self.options.device not in device_names():
            raise UnsupportedError(f"device {self.options.device!r}: the numpy backend computes on cpu only")
        weights = initial_weights(self.config, self.features, len(self.targets))
        self._trainer = Trainer(self.config, self.features, self.targets, weights)
        self._source: WindowSource | None = None

    def load_series(self, series: SeriesSet) -> None:
        """See `Forecaster`."""
        columns = series.values.shape[1]
        if columns != self.features or series.targets != self.targets:
            raise SeriesError(
                f"this forecaster reads {self.features} columns and forecasts {self.targets}; the series "
                f"has {columns} columns and targets {series.targets}"
            )
        self._source = WindowSource(self.config, series)

    def window_starts(self, rows: TargetRows, stride: int) -> Starts:
        """See `Forecaster`."""
        return self._opened().starts(rows, stride)

    def raw_windows(self, starts: Starts) -> tuple[Array, Array]:
        """See `Forecaster`."""
        source = self._with_targets(starts)
        inputs = source.raw_inputs(starts).transpose(0, 2, 1)
        precision = self.config.precision
        return inputs.astype(precision, order="C"), source.targets(starts).astype(precision, order="C")

    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """See `Forecaster`."""
        return self._with_inputs(starts).patched(starts)

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        source = self._with_inputs(starts)
        with _quiet():
            return self._trainer.predict(source, starts)

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`.

        Gates and states are those of the kernels. The derivatives are the reference's at the same weights
        and windows: the kernels fuse theirs with later steps and keep none.
        """
        source = self._with_targets(starts) if derivatives else self._with_inputs(starts)
        with _quiet():
            traced = self._trainer.trace(source, starts)
        if not derivatives:
            return traced
        targets = source.targets(starts).astype(self.config.precision)
        read = reference_trace(Steps(), self.config, self.weights(), traced.windows, self.targets, targets)
        layers = tuple(
            dataclasses.replace(layer, derivatives=as_read.derivatives)
            for layer, as_read in zip(traced.layers, read.layers, strict=True)
        )
        return dataclasses.replace(traced, layers=layers)

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        source = self._with_targets(starts)
        if not len(starts):
            raise SeriesError("a mean loss needs at least one window")
        with _quiet():
            return self._trainer.mean_loss(source, starts)

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """See `Forecaster`."""
        source = self._with_targets(starts)
        with _quiet():
            loss, gradient = self._trainer.loss_and_gradient(source, starts, training)
        return loss, self._trainer.layout.unpack(gradient)

    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """See `Forecaster`."""
        flat = self._trainer.layout.pack(gradients)
        with _quiet():
            norm = clip(self.config, flat)
        return self._trainer.layout.unpack(flat), norm

    def update(self, gradients: Weights, learning_rate: float) -> None:
        """See `Forecaster`."""
        # A NumPy scalar would turn float32 arrays into float64, a Python float does not.
        self._trainer.update(self._trainer.layout.pack(gradients), float(learning_rate))

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        source = self._with_targets(starts)
        with _quiet():
            return self._trainer.train(source, starts, learning_rates, first)

    def weights(self) -> Weights:
        """See `Forecaster`."""
        return self._trainer.layout.unpack(self._trainer.weights)

    def load_weights(self, weights: Weights) -> None:
        """See `Forecaster`."""
        self._trainer.load(check_weights(weights, self.config, self.features, len(self.targets)))

    def optimizer_state(self) -> OptimizerState:
        """See `Forecaster`."""
        return self._trainer.optimizer.state()

    def load_optimizer_state(self, state: OptimizerState) -> None:
        """See `Forecaster`."""
        self._trainer.optimizer.load(state)

    def _opened(self) -> WindowSource:
        if self._source is None:
            raise SeriesError("no series is loaded yet")
        return self._source

    def _with_inputs(self, starts: Starts) -> WindowSource:
        source = self._opened()
        source.check(starts, self.config.look_back)
        return source

    def _with_targets(self, starts: Starts) -> WindowSource:
        source = self._opened()
        source.check(starts, self.config.look_back + self.config.horizon)
        return source


def _quiet() -> np.errstate:
    """Values that are not finite are looked for and reported by name: no warnings beside that."""
    return np.errstate(over="ignore", invalid="ignore")
