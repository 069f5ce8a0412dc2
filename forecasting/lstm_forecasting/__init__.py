"""What one does with forecasters: data, experiments, baselines, verdicts.

The names below are the library's front door. They are imported when they are first used, so that
`import lstm_forecasting` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_forecasting.data.catalogue import data_sets, open_data
    from lstm_forecasting.data.options import ReadOptions
    from lstm_forecasting.errors import InputError
    from lstm_forecasting.experiment.plan import Experiment, plan_experiment
    from lstm_forecasting.experiment.results import ExperimentResult
    from lstm_forecasting.experiment.running import RunningExperiment, run_experiment
    from lstm_forecasting.saving import save_forecast

_PLACES = {
    "Experiment": "experiment.plan",
    "ExperimentResult": "experiment.results",
    "InputError": "errors",
    "ReadOptions": "data.options",
    "RunningExperiment": "experiment.running",
    "data_sets": "data.catalogue",
    "open_data": "data.catalogue",
    "plan_experiment": "experiment.plan",
    "run_experiment": "experiment.running",
    "save_forecast": "saving",
}

__all__ = [
    "Experiment",
    "ExperimentResult",
    "InputError",
    "ReadOptions",
    "RunningExperiment",
    "data_sets",
    "open_data",
    "plan_experiment",
    "run_experiment",
    "save_forecast",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
