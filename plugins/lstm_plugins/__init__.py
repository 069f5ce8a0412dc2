"""The contract: what a backend is, how it is found, and what it must compute.

The names in `__all__` are the public interface. Each is imported on first use, so that the settings can be
read without NumPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_plugins.additions import ADDITIONS as ADDITIONS
    from lstm_plugins.additions import needed_additions as needed_additions
    from lstm_plugins.backend import API_VERSION as API_VERSION
    from lstm_plugins.backend import Backend as Backend
    from lstm_plugins.config import SETTINGS as SETTINGS
    from lstm_plugins.config import SETTINGS_BY_NAME as SETTINGS_BY_NAME
    from lstm_plugins.config import ForecasterConfig as ForecasterConfig
    from lstm_plugins.errors import ForecasterError as ForecasterError
    from lstm_plugins.errors import NotFiniteError as NotFiniteError
    from lstm_plugins.errors import OptionError as OptionError
    from lstm_plugins.errors import OutOfMemoryError as OutOfMemoryError
    from lstm_plugins.errors import SeriesError as SeriesError
    from lstm_plugins.errors import UnsupportedError as UnsupportedError
    from lstm_plugins.forecaster import Forecaster as Forecaster
    from lstm_plugins.hooks import ENTRY_POINT_GROUP as ENTRY_POINT_GROUP
    from lstm_plugins.hooks import backend_hook as backend_hook
    from lstm_plugins.options import Option as Option
    from lstm_plugins.options import Range as Range
    from lstm_plugins.records import BatchResults as BatchResults
    from lstm_plugins.records import Epoch as Epoch
    from lstm_plugins.records import Finished as Finished
    from lstm_plugins.records import FitRecord as FitRecord
    from lstm_plugins.records import ForecasterOptions as ForecasterOptions
    from lstm_plugins.records import LayerDerivatives as LayerDerivatives
    from lstm_plugins.records import LayerTrace as LayerTrace
    from lstm_plugins.records import NormalisedWindows as NormalisedWindows
    from lstm_plugins.records import OptimizerState as OptimizerState
    from lstm_plugins.records import Progress as Progress
    from lstm_plugins.records import RawWindows as RawWindows
    from lstm_plugins.records import SeriesSet as SeriesSet
    from lstm_plugins.records import Starts as Starts
    from lstm_plugins.records import TargetRows as TargetRows
    from lstm_plugins.records import Trace as Trace
    from lstm_plugins.records import TrainingState as TrainingState
    from lstm_plugins.records import TrainingStep as TrainingStep
    from lstm_plugins.weights import Array as Array
    from lstm_plugins.weights import Weights as Weights

_NAMES = {
    "additions": ("ADDITIONS", "needed_additions"),
    "backend": ("API_VERSION", "Backend"),
    "config": ("ForecasterConfig", "SETTINGS", "SETTINGS_BY_NAME"),
    "errors": (
        "ForecasterError",
        "NotFiniteError",
        "OptionError",
        "OutOfMemoryError",
        "SeriesError",
        "UnsupportedError",
    ),
    "forecaster": ("Forecaster",),
    "hooks": ("ENTRY_POINT_GROUP", "backend_hook"),
    "options": ("Option", "Range"),
    "records": (
        "BatchResults",
        "Epoch",
        "Finished",
        "FitRecord",
        "ForecasterOptions",
        "LayerDerivatives",
        "LayerTrace",
        "NormalisedWindows",
        "OptimizerState",
        "Progress",
        "RawWindows",
        "SeriesSet",
        "Starts",
        "TargetRows",
        "Trace",
        "TrainingState",
        "TrainingStep",
    ),
    "weights": ("Array", "Weights"),
}
_PLACES = {name: module for module, names in _NAMES.items() for name in names}
__all__ = list(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
