"""What one does with forecasters: data, experiments, runs, baselines, verdicts.

The names below are the library's front door. They are imported when they are first used, so that
`import lstm_forecasting` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_forecasting.data.catalogue import data_sets, open_data
    from lstm_forecasting.data.options import ReadOptions
    from lstm_forecasting.experiment.plan import Experiment, plan_experiment
    from lstm_forecasting.experiment.results import ExperimentResult
    from lstm_forecasting.experiment.running import RunningExperiment, run_experiment
    from lstm_forecasting.inspect.asking import inspect_batch, inspect_window
    from lstm_forecasting.inspect.subject import open_subject
    from lstm_forecasting.runs.fitting import fit, resume
    from lstm_forecasting.runs.folder import find_run, runs_folder
    from lstm_forecasting.runs.listing import list_runs
    from lstm_forecasting.runs.predicting import open_model, predict
    from lstm_forecasting.runs.recording import RecordedExperiment
    from lstm_forecasting.runs.watching import read_run
    from lstm_forecasting.saving.forecast import save_forecast, save_prediction
    from lstm_plugins.errors import InputError

_PLACES = {
    "Experiment": "lstm_forecasting.experiment.plan",
    "ExperimentResult": "lstm_forecasting.experiment.results",
    "InputError": "lstm_plugins.errors",
    "ReadOptions": "lstm_forecasting.data.options",
    "RecordedExperiment": "lstm_forecasting.runs.recording",
    "RunningExperiment": "lstm_forecasting.experiment.running",
    "data_sets": "lstm_forecasting.data.catalogue",
    "find_run": "lstm_forecasting.runs.folder",
    "fit": "lstm_forecasting.runs.fitting",
    "inspect_batch": "lstm_forecasting.inspect.asking",
    "inspect_window": "lstm_forecasting.inspect.asking",
    "list_runs": "lstm_forecasting.runs.listing",
    "open_data": "lstm_forecasting.data.catalogue",
    "open_model": "lstm_forecasting.runs.predicting",
    "open_subject": "lstm_forecasting.inspect.subject",
    "plan_experiment": "lstm_forecasting.experiment.plan",
    "predict": "lstm_forecasting.runs.predicting",
    "read_run": "lstm_forecasting.runs.watching",
    "resume": "lstm_forecasting.runs.fitting",
    "run_experiment": "lstm_forecasting.experiment.running",
    "runs_folder": "lstm_forecasting.runs.folder",
    "save_forecast": "lstm_forecasting.saving.forecast",
    "save_prediction": "lstm_forecasting.saving.forecast",
}

__all__ = [
    "Experiment",
    "ExperimentResult",
    "InputError",
    "ReadOptions",
    "RecordedExperiment",
    "RunningExperiment",
    "data_sets",
    "find_run",
    "fit",
    "inspect_batch",
    "inspect_window",
    "list_runs",
    "open_data",
    "open_model",
    "open_subject",
    "plan_experiment",
    "predict",
    "read_run",
    "resume",
    "run_experiment",
    "runs_folder",
    "save_forecast",
    "save_prediction",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
