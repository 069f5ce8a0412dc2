"""The PyTorch forecaster: the contract's methods on tensors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lstm_backends.torch import network, optimizer, tracing, windows
from lstm_backends.torch import training as passes
from lstm_backends.torch.devices import computing, open_device
from lstm_plugins import (
    Array,
    BatchResults,
    Forecaster,
    NormalisedWindows,
    OptimizerState,
    SeriesSet,
    Starts,
    TargetRows,
    Trace,
    TrainingStep,
    Weights,
)
from lstm_plugins.weights import initial_weights


@dataclass(eq=False)
class TorchForecaster(Forecaster):
    """docs/specification.md in PyTorch.

    Raises:
        UnsupportedError: this machine has no such device as in `options`.
    """

    def __post_init__(self) -> None:
        self._device = open_device(self.options)
        targets = len(self.targets)
        with computing(self.options):
            self._model = network.new_model(self.config, self.features, targets, self._device)
            self._layout = self._model.layout
            self._memory = optimizer.new_memory(self.config, self._layout, self._model.flat)
        self.load_weights(initial_weights(self.config, self.features, targets))

    def load_series(self, series: SeriesSet) -> None:
        """See `Forecaster`."""
        self._check_series(series)
        with computing(self.options):
            self._windows = windows.open_windows(self.config, series, self._device)
        self._series = series

    def window_starts(self, rows: TargetRows, stride: int) -> Starts:
        """See `Forecaster`."""
        return windows.window_starts(self.config, self._loaded(rows), rows, stride)

    def raw_windows(self, starts: Starts) -> tuple[Array, Array]:
        """See `Forecaster`."""
        checked = self._on_device(self._complete(starts))
        with computing(self.options):
            return windows.raw_windows(self._windows, checked)

    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        """See `Forecaster`."""
        checked = self._on_device(self._inputs_only(starts))
        with computing(self.options):
            return windows.normalised_windows(self._windows, checked)

    def predict(self, starts: Starts) -> Array:
        """See `Forecaster`."""
        checked = self._on_device(self._inputs_only(starts))
        with computing(self.options):
            return passes.predict(self._model, self._windows, checked)

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        """See `Forecaster`."""
        checked = (
            self._on_device(self._complete(starts))
            if derivatives
            else self._on_device(self._inputs_only(starts))
        )
        with computing(self.options):
            return tracing.trace(self._model, self._windows, checked, derivatives)

    def mean_loss(self, starts: Starts) -> float:
        """See `Forecaster`."""
        checked = self._on_device(self._scored(starts))
        with computing(self.options):
            return passes.mean_loss(self._model, self._windows, checked)

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        """See `Forecaster`."""
        checked = self._on_device(self._complete(starts))
        with computing(self.options):
            loss, gradient = passes.loss_and_gradient(self._model, self._windows, checked, training)
            return float(loss), self._layout.to_weights(gradient)

    def clip(self, gradients: Weights) -> tuple[Weights, float]:
        """See `Forecaster`."""
        with computing(self.options):
            clipped, norm = optimizer.clip(self.config, self._flat(gradients))
            return self._layout.to_weights(clipped), float(norm)

    def update(self, gradients: Weights, learning_rate: float) -> None:
        """See `Forecaster`."""
        with computing(self.options):
            self._memory.step += 1
            weights = optimizer.update(
                self.config,
                self._model.flat,
                self._flat(gradients),
                self._memory,
                float(learning_rate),
                optimizer.corrections(self._memory.step),
            )
            network.set_weights(self._model, weights)

    def train_batches(
        self, starts: Starts, learning_rates: NDArray[np.float64], first: TrainingStep
    ) -> BatchResults:
        """See `Forecaster`."""
        checked = self._on_device(self._complete(starts))
        with computing(self.options):
            return passes.train_batches(
                self._model, self._memory, self._windows, checked, learning_rates, first
            )

    def weights(self) -> Weights:
        """See `Forecaster`."""
        return self._layout.to_weights(self._model.flat)

    def load_weights(self, weights: Weights) -> None:
        """See `Forecaster`."""
        with computing(self.options):
            network.set_weights(self._model, self._flat(weights))

    def optimizer_state(self) -> OptimizerState:
        """See `Forecaster`."""
        return optimizer.memory_state(self._layout, self._memory)

    def load_optimizer_state(self, state: OptimizerState) -> None:
        """See `Forecaster`."""
        checked = self._checked_state(state)
        with computing(self.options):
            optimizer.load_memory(self._layout, self._memory, checked)

    def _flat(self, weights: Weights) -> Tensor:
        return self._layout.from_weights(self._checked_weights(weights)).to(self._device)

    def _on_device(self, starts: Starts) -> Tensor:
        return torch.from_numpy(starts).to(self._device)
