"""What a plugin hands over: a light description, behind which the framework stays unimported."""

import importlib
import importlib.util
from dataclasses import dataclass

from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import Forecaster

API_VERSION = 1
"""Raised when the contract changes in a way that a backend has to follow."""


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A backend as its plugin describes it. Making one imports no framework.

    Attributes:
        name: short, lower case, unique; what `--backend` takes.
        title: its name for people, such as "PyTorch".
        api_version: `API_VERSION` of the contract it was written for.
        version: of the plugin itself.
        summary: one line.
        forecaster: where its `Forecaster` class is, as "package.module:Class".
        devices: where its function without arguments that names the devices of this machine is.
        requires: top-level import names of what it needs.
        install: the command that installs what it needs.
        framework: distribution whose version is part of a run's description; empty for none.
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

    def missing(self) -> tuple[str, ...]:
        """The required top-level imports that are not installed; imports nothing."""
        return tuple(name for name in self.requires if importlib.util.find_spec(name) is None)

    def load_forecaster(self) -> type[Forecaster]:
        """Imports the framework and gives the class. Takes seconds; done in a backend's own process."""
        loaded = _load(self.forecaster)
        if not (isinstance(loaded, type) and issubclass(loaded, Forecaster)):
            raise UnsupportedError(f"backend {self.name}: {self.forecaster} is not a Forecaster")
        return loaded

    def load_devices(self) -> tuple[str, ...]:
        """The devices of this machine; imports the framework."""
        return tuple(_load(self.devices)())  # type: ignore[operator]


def _load(path: str) -> object:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)
