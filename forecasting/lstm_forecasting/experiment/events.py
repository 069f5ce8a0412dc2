"""The events of an experiment under way, as frozen records that either front end shows."""

from dataclasses import dataclass

from lstm_forecasting.experiment.results import BackendResult, ExperimentResult
from lstm_forecasting.processes.events import (
    BackendEpoch,
    BackendFailed,
    BackendProgress,
    BackendReady,
    BackendStarted,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
)

__all__ = [
    "BackendEpoch",
    "BackendEvent",
    "BackendFailed",
    "BackendFinished",
    "BackendProgress",
    "BackendReady",
    "BackendStarted",
    "BackendStopped",
    "BackendTrained",
    "BackendUnsaved",
    "ExperimentEvent",
    "ExperimentFinished",
    "RunOpened",
]


@dataclass(frozen=True)
class BackendFinished:
    """A backend's work is done."""

    backend: str
    result: BackendResult


@dataclass(frozen=True)
class RunOpened:
    """The experiment is saved in a run, or a saved one is watched; always the first event then.

    Attributes:
        name: of the run.
        folder: its path.
    """

    name: str
    folder: str


@dataclass(frozen=True)
class ExperimentFinished:
    """Always the last event, whatever the backends did."""

    result: ExperimentResult


BackendEvent = (
    BackendStarted
    | BackendReady
    | BackendProgress
    | BackendEpoch
    | BackendUnsaved
    | BackendTrained
    | BackendFinished
    | BackendFailed
    | BackendStopped
)
ExperimentEvent = RunOpened | BackendEvent | ExperimentFinished
