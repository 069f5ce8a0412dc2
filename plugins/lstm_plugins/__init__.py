"""The contract: what a backend is, how one is found, what it must compute, how it is proved.

The names below are the contract's front door. They are imported when they are first used, so that the
declarations of the settings can be read without NumPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_plugins.backend import API_VERSION, Backend
    from lstm_plugins.config import SETTINGS, SETTINGS_BY_NAME, ForecasterConfig
    from lstm_plugins.errors import (
        ForecasterError,
        NotFiniteError,
        OptionError,
        OutOfMemoryError,
        SeriesError,
        UnsupportedError,
    )
    from lstm_plugins.forecaster import Forecaster
    from lstm_plugins.hooks import ENTRY_POINT_GROUP, backend_hook
    from lstm_plugins.options import Option, Range
    from lstm_plugins.records import (
        BatchResults,
        Epoch,
        Finished,
        FitRecord,
        ForecasterOptions,
        LayerDerivatives,
        LayerTrace,
        NormalisedWindows,
        OptimizerState,
        Progress,
        SeriesSet,
        Starts,
        TargetRows,
        Trace,
        TrainingState,
        TrainingStep,
    )
    from lstm_plugins.weights import Array, Weights

_PLACES = {
    "API_VERSION": "backend",
    "Array": "weights",
    "Backend": "backend",
    "BatchResults": "records",
    "ENTRY_POINT_GROUP": "hooks",
    "Epoch": "records",
    "Finished": "records",
    "FitRecord": "records",
    "Forecaster": "forecaster",
    "ForecasterConfig": "config",
    "ForecasterError": "errors",
    "ForecasterOptions": "records",
    "LayerDerivatives": "records",
    "LayerTrace": "records",
    "NormalisedWindows": "records",
    "NotFiniteError": "errors",
    "Option": "options",
    "OptionError": "errors",
    "OptimizerState": "records",
    "OutOfMemoryError": "errors",
    "Progress": "records",
    "Range": "options",
    "SETTINGS": "config",
    "SETTINGS_BY_NAME": "config",
    "SeriesError": "errors",
    "SeriesSet": "records",
    "Starts": "records",
    "TargetRows": "records",
    "Trace": "records",
    "TrainingState": "records",
    "TrainingStep": "records",
    "UnsupportedError": "errors",
    "Weights": "weights",
    "backend_hook": "hooks",
}

__all__ = [
    "API_VERSION",
    "ENTRY_POINT_GROUP",
    "SETTINGS",
    "SETTINGS_BY_NAME",
    "Array",
    "Backend",
    "BatchResults",
    "Epoch",
    "Finished",
    "FitRecord",
    "Forecaster",
    "ForecasterConfig",
    "ForecasterError",
    "ForecasterOptions",
    "LayerDerivatives",
    "LayerTrace",
    "NormalisedWindows",
    "NotFiniteError",
    "OptimizerState",
    "Option",
    "OptionError",
    "OutOfMemoryError",
    "Progress",
    "Range",
    "SeriesError",
    "SeriesSet",
    "Starts",
    "TargetRows",
    "Trace",
    "TrainingState",
    "TrainingStep",
    "UnsupportedError",
    "Weights",
    "backend_hook",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
