"""The PyTorch forecaster, made of the modules in this folder."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from lstm_backends.torch import devices, network, optimizer, tracing, training, windows
from lstm_plugins import Starts, Weights
from lstm_plugins.modular import ModularForecaster, Modules


@dataclass(eq=False)
class TorchForecaster(ModularForecaster):
    """docs/specification.md in PyTorch."""

    modules: ClassVar[Modules] = Modules(devices, network, optimizer, tracing, training, windows)

    def _placed(self, starts: Starts) -> Tensor:
        return torch.from_numpy(starts).to(self._device)

    def _flat(self, weights: Weights) -> Tensor:
        return super()._flat(weights).to(self._device)
