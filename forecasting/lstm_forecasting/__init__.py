"""The engine: data, experiments, runs, baselines and verdicts.

The names in `__all__` are the library's public interface. Each is imported on first use, so that
`import lstm_forecasting` is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_forecasting.data.catalogue import data_sets as data_sets
    from lstm_forecasting.data.catalogue import open_data as open_data
    from lstm_forecasting.data.options import ReadOptions as ReadOptions
    from lstm_forecasting.experiment.plan import Experiment as Experiment
    from lstm_forecasting.experiment.plan import plan_experiment as plan_experiment
    from lstm_forecasting.experiment.results import ExperimentResult as ExperimentResult
    from lstm_forecasting.experiment.running import RunningExperiment as RunningExperiment
    from lstm_forecasting.experiment.running import run_experiment as run_experiment
    from lstm_forecasting.findings.looking import check_data as check_data
    from lstm_forecasting.inspect.asking import inspect_batch as inspect_batch
    from lstm_forecasting.inspect.asking import inspect_window as inspect_window
    from lstm_forecasting.inspect.subject import open_subject as open_subject
    from lstm_forecasting.runs.folder import find_run as find_run
    from lstm_forecasting.runs.folder import runs_folder as runs_folder
    from lstm_forecasting.runs.listing import list_runs as list_runs
    from lstm_forecasting.runs.predicting import open_model as open_model
    from lstm_forecasting.runs.predicting import open_series as open_series
    from lstm_forecasting.runs.predicting import predict as predict
    from lstm_forecasting.runs.recording import RecordedExperiment as RecordedExperiment
    from lstm_forecasting.runs.recording import fit as fit
    from lstm_forecasting.runs.recording import resume as resume
    from lstm_forecasting.runs.watching import read_run as read_run
    from lstm_forecasting.saving.forecast import save_forecast as save_forecast
    from lstm_forecasting.saving.forecast import save_prediction as save_prediction
    from lstm_plugins.errors import InputError as InputError

_NAMES = {
    "lstm_forecasting.data.catalogue": ("data_sets", "open_data"),
    "lstm_forecasting.data.options": ("ReadOptions",),
    "lstm_forecasting.experiment.plan": ("Experiment", "plan_experiment"),
    "lstm_forecasting.experiment.results": ("ExperimentResult",),
    "lstm_forecasting.experiment.running": ("RunningExperiment", "run_experiment"),
    "lstm_forecasting.findings.looking": ("check_data",),
    "lstm_forecasting.inspect.asking": ("inspect_batch", "inspect_window"),
    "lstm_forecasting.inspect.subject": ("open_subject",),
    "lstm_forecasting.runs.folder": ("find_run", "runs_folder"),
    "lstm_forecasting.runs.listing": ("list_runs",),
    "lstm_forecasting.runs.predicting": ("open_model", "open_series", "predict"),
    "lstm_forecasting.runs.recording": ("RecordedExperiment", "fit", "resume"),
    "lstm_forecasting.runs.watching": ("read_run",),
    "lstm_forecasting.saving.forecast": ("save_forecast", "save_prediction"),
    "lstm_plugins.errors": ("InputError",),
}
_PLACES = {name: module for module, names in _NAMES.items() for name in names}
__all__ = list(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
