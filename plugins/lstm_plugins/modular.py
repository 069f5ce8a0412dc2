"""The forecaster of a backend whose modules and functions have the names of the built-in backends.

The built-in backends can be read side by side: each has the modules `devices`, `network`, `optimizer`,
`tracing`, `training` and `windows` with the same functions, which contain all arithmetic. Here is what their
forecasters have in common.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.errors import UnsupportedError
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
from lstm_plugins.weights import Array, Weights, is_fixed


class Modules(NamedTuple):
    """The modules of a backend; a test compares their functions and signatures."""

    devices: Any
    network: Any
    optimizer: Any
    tracing: Any
    training: Any
    windows: Any


@dataclass(eq=False)
class ModularForecaster(Forecaster):
    """A forecaster whose weights and optimizer state are flat vectors that `modules` compute with.

    The vectors contain the trained arrays only. Those of the linear part, which are fixed, are beside them.

    Raises:
        UnsupportedError: this machine does not support the `options`.
    """

    modules: ClassVar[Modules]

    def __post_init__(self) -> None:
        devices, device = self.modules.devices, self.options.device
        if device not in (names := devices.device_names()):
            raise UnsupportedError(
                f"this backend finds no device {device!r} on this machine; choose one of {', '.join(names)}"
            )
        self._device = devices.open_device(self.options)
        columns = (self.features, len(self.targets), self.known)
        with self._computing():
            self._model = self.modules.network.new_model(self.config, *columns, self._device)
            self._layout = self._model.layout
            self._memory = self.modules.optimizer.new_memory(self.config, self._layout, self._model.flat)
        self._fixed: Weights = {}
        self.load_weights(self._initial_weights())

    def load_series(self, series: SeriesSet) -> None:
        """See `Forecaster`."""
        self._check_series(series)
        with self._computing():
            self._windows = self.modules.windows.open_windows(
                self.config, series, self.indicators, self._device
            )
        self._series = series

    def window_starts(self, rows: TargetRows, stride: int, *, evaluated: bool = False) -> Starts:
        """See `Forecaster`."""
        series, windows = self._loaded(rows), self.modules.windows
        found: Starts = windows.window_starts(self.config, series, rows, stride, evaluated)
        return found

    def raw_windows(self, starts: Starts) -> RawWindows:
        """See `Forecaster`."""
        found: RawWindows = self._of_windows(self.modules.windows.raw_windows, self._complete(starts))
        return found

    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """See `Forecaster`."""
        checked = self._inputs_only(starts)
        found: NormalisedWindows = self._of_windows(self.modules.windows.normalised_windows, checked)
        return found

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        found: Array = self._of_model(self.modules.training.predict, self._inputs_only(starts))
        return found

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`."""
        checked = self._complete(starts) if derivatives else self._inputs_only(starts)
        found: Trace = self._of_model(self.modules.tracing.trace, checked, derivatives)
        return found

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        return float(self._of_model(self.modules.training.mean_loss, self._scored(starts)))

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """See `Forecaster`."""
        checked = self._complete(starts)
        loss, gradient = self._of_model(self.modules.training.loss_and_gradient, checked, training)
        return float(loss), self._layout.to_weights(gradient)

    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """See `Forecaster`."""
        checked = self._checked_trained(gradients)
        with self._computing():
            clipped, norm = self.modules.optimizer.clip(self.config, self._flat(checked))
            return self._layout.to_weights(clipped), float(norm)

    def update(self, gradients: Weights, learning_rate: float) -> None:
        """See `Forecaster`."""
        optimizer, memory = self.modules.optimizer, self._memory
        checked = self._checked_trained(gradients)
        with self._computing():
            gradient = self._flat(checked)
            memory.step += 1
            # A NumPy scalar would turn float32 arrays into float64, a Python float does not.
            weights = optimizer.update(
                self.config,
                self._model.flat,
                gradient,
                memory,
                float(learning_rate),
                optimizer.corrections(memory.step),
            )
            self.modules.network.set_weights(self._model, weights)

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        checked = self._complete(starts)
        with self._computing():
            found: BatchResults = self.modules.training.train_batches(
                self._model, self._memory, self._windows, self._placed(checked), learning_rates, first
            )
        return found

    def weights(self) -> Weights:
        """See `Forecaster`."""
        trained: Weights = self._layout.to_weights(self._model.flat)
        return trained | {name: array.copy() for name, array in self._fixed.items()}

    def load_weights(self, weights: Weights) -> None:
        """See `Forecaster`."""
        checked, network = self._checked_weights(weights), self.modules.network
        self._fixed = {name: array for name, array in checked.items() if is_fixed(name)}
        with self._computing():
            network.set_weights(self._model, self._flat(checked))
            if self._fixed:
                network.set_linear(self._model, *self._fixed.values())

    def optimizer_state(self) -> OptimizerState:
        """See `Forecaster`."""
        memory, to_weights = self._memory, self._layout.to_weights
        second = to_weights(memory.second) if self.config.optimizer == "adamw" else {}
        return OptimizerState(memory.step, to_weights(memory.first), second)

    def load_optimizer_state(self, state: OptimizerState) -> None:
        """See `Forecaster`."""
        checked, memory = self._checked_state(state), self._memory
        with self._computing():
            memory.first = self._flat(checked.first)
            if checked.second:
                memory.second = self._flat(checked.second)
            memory.step = checked.step

    def _placed(self, starts: Starts) -> Any:
        """Window starts in the form that the modules expect."""
        return starts

    def _flat(self, arrays: Weights) -> Any:
        """The flat vector of the trained ones of checked arrays, in the form that the modules expect."""
        return self._layout.from_weights(arrays)

    def _computing(self) -> Any:
        return self.modules.devices.computing(self.options)

    def _of_windows(self, function: Any, starts: Starts) -> Any:
        with self._computing():
            return function(self._windows, self._placed(starts))

    def _of_model(self, function: Any, starts: Starts, *arguments: Any) -> Any:
        with self._computing():
            return function(self._model, self._windows, self._placed(starts), *arguments)
