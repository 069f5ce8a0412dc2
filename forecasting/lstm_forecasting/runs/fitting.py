"""Runs for callers who need no progress: started or resumed, and worked on to the end."""

from __future__ import annotations

from pathlib import Path

from lstm_forecasting.experiment.events import ExperimentFinished
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.runs.folder import RunFolder, find_run, runs_folder
from lstm_forecasting.runs.recording import RecordedExperiment, create_run


def fit(experiment: Experiment, name: str | None = None, parent: Path | None = None) -> RunFolder:
    """Runs an experiment from start to end and saves it in a run; `read_run` reads the result.

    Args:
        experiment: what the run computes.
        name: of the run; None makes one from the series' name and the time.
        parent: folder of the runs; None for the usual one.

    Raises:
        InputError: the name is taken or not allowed, or the folder cannot be written to.
    """
    run = create_run(experiment, parent or runs_folder(), name)
    resume(run)
    return run


def resume(run: RunFolder | str | Path, parent: Path | None = None) -> ExperimentResult:
    """Continues a run, whatever ended it, to the same bits as without the interruption.

    Args:
        run: the run, its name or its folder.
        parent: folder of the runs; None for the usual one.

    Raises:
        InputError: there is no such run, another program works on it, or one of its files is damaged.
    """
    folder = run if isinstance(run, RunFolder) else find_run(run, parent or runs_folder())
    with RecordedExperiment(folder) as running:
        events = [event for event in running if isinstance(event, ExperimentFinished)]
    return events[-1].result
