"""The events of a running experiment, as frozen records for both front ends."""

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
    """A backend has finished."""

    backend: str
    result: BackendResult


@dataclass(frozen=True)
class RunOpened:
    """The first event of an experiment that is saved in a run, or of a watched run; `folder` is its path."""

    name: str
    folder: str


@dataclass(frozen=True)
class ExperimentFinished:
    """Always the last event, even if backends failed."""

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
