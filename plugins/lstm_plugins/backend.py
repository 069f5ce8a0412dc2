"""The description of a backend, which a plugin provides without importing its framework."""

import importlib
import importlib.util
from dataclasses import dataclass

from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import Forecaster

API_VERSION = 1
"""Version of the contract; increased by a change that every backend has to follow."""


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A backend as its plugin describes it; creating one imports no framework.

    Attributes:
        name: short, lower case and unique; the value of `--backend`.
        title: name as shown to users, such as "PyTorch".
        api_version: the `API_VERSION` that it was written for.
        version: version of the plugin.
        summary: one line.
        forecaster: location of its `Forecaster` class, as "package.module:Class".
        devices: location of a function without arguments that returns the names of this machine's devices.
        requires: top-level names of the modules that it imports.
        install: command that installs what it requires.
        framework: distribution whose version is part of a run's description; empty for none.
        additions: those of `lstm_plugins.ADDITIONS` that it implements beyond the original contract.
    """

    name: str
    title: str
    api_version: int
    version: str
    summary: str
    forecaster: str
    devices: str
    requires: tuple[str, ...] = ()
    install: str = ""
    framework: str = ""
    additions: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """The required modules that are not installed; imports nothing."""
        return tuple(name for name in self.requires if importlib.util.find_spec(name) is None)

    def load_forecaster(self) -> type[Forecaster]:
        """Imports the framework and returns the class; takes seconds, so only for child processes."""
        loaded = _load(self.forecaster)
        if not (isinstance(loaded, type) and issubclass(loaded, Forecaster)):
            raise UnsupportedError(f"backend {self.name}: {self.forecaster} is not a Forecaster")
        return loaded

    def load_devices(self) -> tuple[str, ...]:
        """The names of this machine's devices; imports the framework."""
        return tuple(_load(self.devices)())  # type: ignore[operator]


def _load(path: str) -> object:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)
