"""The TensorFlow forecaster, made of the modules in this folder."""

from dataclasses import dataclass
from typing import ClassVar

from lstm_backends.tensorflow import devices, network, optimizer, tracing, training, windows
from lstm_plugins.modular import ModularForecaster, Modules


@dataclass(eq=False)
class TensorflowForecaster(ModularForecaster):
    """docs/specification.md in TensorFlow."""

    modules: ClassVar[Modules] = Modules(devices, network, optimizer, tracing, training, windows)

    @property
    def batches_per_call(self) -> int:
        """See `Forecaster`."""
        return training.capacity(self.config)
