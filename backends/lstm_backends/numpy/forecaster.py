"""The NumPy forecaster, made of the modules in this folder."""

from dataclasses import dataclass
from typing import ClassVar

from lstm_backends.numpy import devices, network, optimizer, tracing, training, windows
from lstm_plugins.modular import ModularForecaster, Modules


@dataclass(eq=False)
class NumpyForecaster(ModularForecaster):
    """docs/specification.md in NumPy."""

    modules: ClassVar[Modules] = Modules(devices, network, optimizer, tracing, training, windows)
