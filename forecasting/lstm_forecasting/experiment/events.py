"""The events of a running experiment, as frozen records for both front ends."""

from dataclasses import dataclass

from lstm_forecasting.experiment.results import BackendResult, ExperimentResult
from lstm_forecasting.processes.events import BackendEpoch as BackendEpoch
from lstm_forecasting.processes.events import BackendFailed as BackendFailed
from lstm_forecasting.processes.events import BackendProgress as BackendProgress
from lstm_forecasting.processes.events import BackendReady as BackendReady
from lstm_forecasting.processes.events import BackendStarted as BackendStarted
from lstm_forecasting.processes.events import BackendStopped as BackendStopped
from lstm_forecasting.processes.events import BackendTrained as BackendTrained
from lstm_forecasting.processes.events import BackendUnsaved as BackendUnsaved
from lstm_forecasting.processes.events import TrainingMessage


@dataclass(frozen=True)
class BackendFinished:
    """A backend has finished."""

    backend: str
    result: BackendResult


@dataclass(frozen=True)
class BackendMemberFinished:
    """A network of an ensemble, counted from 0, has been trained and has forecast; the next one follows."""

    backend: str
    member: int
    members: int


@dataclass(frozen=True)
class RunOpened:
    """The first event of an experiment that is saved in a run, or of a watched run; `folder` is its path."""

    name: str
    folder: str


@dataclass(frozen=True)
class ExperimentFinished:
    """Always the last event, even if backends failed."""

    result: ExperimentResult


BackendEvent = BackendStarted | TrainingMessage | BackendMemberFinished | BackendFinished
ExperimentEvent = RunOpened | BackendEvent | ExperimentFinished
