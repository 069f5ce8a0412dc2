"""The PyTorch forecaster: the contract's methods on tensors."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lstm_backends.torch import training as passes
from lstm_backends.torch import windows
from lstm_backends.torch.devices import computing, open_device
from lstm_backends.torch.optimizer import Memory, clip_, new_memory, update_
from lstm_backends.torch.parameters import parameter_layout
from lstm_backends.torch.tracing import normalised, to_array, trace
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
    Weights,
)
from lstm_plugins.weights import check_weights, initial_weights


@dataclass(eq=False)
class TorchForecaster(Forecaster):
    """docs/specification.md in PyTorch.

    Raises:
        UnsupportedError: the device of `options` is not there.
    """

    _model: passes.Model = field(init=False, repr=False)
    _memory: Memory = field(init=False, repr=False)
    _windows: windows.Windows | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._device = open_device(self.options)
        with computing(self.options):
            layout = parameter_layout(self.config, self.features, len(self.targets))
            self._model = passes.new_model(self.config, layout, self._device)
            self._memory = new_memory(self.config, self._model.flat)
            self.load_weights(initial_weights(self.config, self.features, len(self.targets)))

    def load_series(self, series: SeriesSet) -> None:
        """See `Forecaster`."""
        if series.values.shape[1] != self.features or series.targets != self.targets:
            raise SeriesError(
                f"the series has {series.values.shape[1]} columns with targets {list(series.targets)}, "
                f"this forecaster was made for {self.features} with targets {list(self.targets)}"
            )
        with computing(self.options):
            self._windows = windows.open_windows(series, self.config, self._device)

    def window_starts(self, rows: TargetRows, stride: int) -> Starts:
        """See `Forecaster`."""
        return windows.window_starts(self._opened().series, self.config, rows, stride)

    def raw_windows(self, starts: Starts) -> tuple[Array, Array]:
        """See `Forecaster`."""
        with computing(self.options):
            inputs, targets = self._opened().raw(self._on_device(starts))
            dtype = self._model.flat.dtype
            return to_array(inputs.to(dtype)), to_array(targets.to(dtype))

    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """See `Forecaster`."""
        with computing(self.options):
            return normalised(self._opened().batch(self._on_device_inputs(starts)))

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        with computing(self.options):
            return to_array(passes.predict(self._model, self._opened(), self._on_device_inputs(starts)))

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`."""
        with computing(self.options):
            checked = self._on_device(starts) if derivatives else self._on_device_inputs(starts)
            return trace(self._model, self._opened(), checked, derivatives=derivatives)

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        if not len(starts):
            raise SeriesError("there are no windows to take a mean loss over")
        with computing(self.options):
            return passes.mean_loss(self._model, self._opened(), self._on_device(starts))

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """See `Forecaster`."""
        with computing(self.options):
            gradient = torch.empty_like(self._model.flat)
            masks = (
                {}
                if training is None
                else passes.training_masks(self.config, training, len(starts), self._device)
            )
            loss = passes.loss_and_gradient(
                self._model, self._opened(), self._on_device(starts), masks, gradient
            )
            return loss.item(), self._model.layout.to_weights(gradient)

    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """See `Forecaster`."""
        with computing(self.options):
            gradient = self._flat(gradients)
            norm = clip_(self.config, gradient)
            return self._model.layout.to_weights(gradient), norm.item()

    def update(self, gradients: Weights, learning_rate: float) -> None:
        """See `Forecaster`."""
        with computing(self.options):
            update_(
                self.config,
                self._model.layout,
                self._model.flat,
                self._flat(gradients),
                self._memory,
                learning_rate,
            )

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        with computing(self.options):
            return passes.train_batches(
                self._model, self._memory, self._opened(), self._on_device(starts), learning_rates, first
            )

    def weights(self) -> Weights:
        """See `Forecaster`."""
        return self._model.layout.to_weights(self._model.flat)

    def load_weights(self, weights: Weights) -> None:
        """See `Forecaster`."""
        self._model.flat.copy_(self._flat(weights))

    def optimizer_state(self) -> OptimizerState:
        """See `Forecaster`."""
        layout = self._model.layout
        second = layout.to_weights(self._memory.second) if self.config.optimizer == "adamw" else {}
        return OptimizerState(self._memory.step, layout.to_weights(self._memory.first), second)

    def load_optimizer_state(self, state: OptimizerState) -> None:
        """See `Forecaster`."""
        self._memory.first.copy_(self._flat(state.first))
        if self.config.optimizer == "adamw":
            self._memory.second.copy_(self._flat(state.second))
        self._memory.step = state.step

    def _opened(self) -> windows.Windows:
        if self._windows is None:
            raise SeriesError("no series is loaded yet")
        return self._windows

    def _on_device(self, starts: Starts) -> Tensor:
        return self._tensor(starts, self.config.look_back + self.config.horizon)

    def _on_device_inputs(self, starts: Starts) -> Tensor:
        return self._tensor(starts, self.config.look_back)

    def _tensor(self, starts: Starts, rows: int) -> Tensor:
        windows.check_starts(self._opened().series, starts, rows)
        return torch.from_numpy(np.ascontiguousarray(starts, np.int64)).to(self._device)

    def _flat(self, weights: Weights) -> Tensor:
        flat = torch.empty_like(self._model.flat)
        checked = check_weights(weights, self.config, self.features, len(self.targets))
        self._model.layout.from_weights(checked, flat)
        return flat
