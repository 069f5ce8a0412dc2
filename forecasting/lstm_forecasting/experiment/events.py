"""What happens while an experiment runs, as frozen records that either front end shows.

Backends are named by their short names. Epochs count from 0, as in the contract; people are shown them
from 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_forecasting.experiment.results import BackendResult, EndReason, ExperimentResult


@dataclass(frozen=True)
class BackendStarted:
    """A backend's process runs and imports its framework."""

    backend: str
    process: int


@dataclass(frozen=True)
class BackendReady:
    """The framework is imported and the network stands; training begins.

    Attributes:
        backend: whose.
        version: of the plugin.
        framework: distribution and version of what computes, such as "torch 2.13.0".
        device: such as "cpu".
        threads: of the arithmetic.
        parameters: how many numbers are learnt.
        training_windows: windows of an epoch.
        seconds: since its process was started, or, when it served before, since it was given the job.
    """

    backend: str
    version: str
    framework: str
    device: str
    threads: int
    parameters: int
    training_windows: int
    seconds: float


@dataclass(frozen=True)
class BackendProgress:
    """Somewhere inside an epoch; only the latest one of a backend matters.

    Attributes:
        backend: whose.
        epoch: under way.
        epochs: the most there will be.
        batch: done of this epoch.
        batches: of an epoch.
        training_loss: mean over this epoch's windows so far.
        windows_per_second: over the last seconds; None before it is known.
        seconds_left: until all epochs are done, if nothing stops earlier; None before it is known.
        memory: resident bytes of the process; None where the system does not tell.
    """

    backend: str
    epoch: int
    epochs: int
    batch: int
    batches: int
    training_loss: float
    windows_per_second: float | None
    seconds_left: float | None
    memory: int | None


@dataclass(frozen=True)
class BackendEpoch:
    """The end of an epoch; see `lstm_plugins.Epoch`. `seconds` since training began."""

    backend: str
    epoch: int
    training_loss: float
    validation_loss: float | None
    learning_rate: float
    gradient_norm: float
    best: bool
    seconds: float


@dataclass(frozen=True)
class BackendUnsaved:
    """A backend's training could not be kept on disk; it goes on, and so do the attempts."""

    backend: str
    reason: str


@dataclass(frozen=True)
class BackendTrained:
    """Training ended; the test part and the future are forecast with the best epoch's weights."""

    backend: str
    reason: EndReason
    epochs: int
    best_epoch: int
    seconds: float


@dataclass(frozen=True)
class BackendFinished:
    """A backend's work is done."""

    backend: str
    result: BackendResult


@dataclass(frozen=True)
class BackendFailed:
    """A backend gave up or its process died; the others go on.

    Attributes:
        backend: whose.
        reason: one sentence.
        log: the last lines its process wrote, a traceback among them where there was one.
    """

    backend: str
    reason: str
    log: tuple[str, ...]


@dataclass(frozen=True)
class BackendStopped:
    """A backend was stopped before its first epoch was complete, so that there is nothing to evaluate."""

    backend: str


@dataclass(frozen=True)
class RunOpened:
    """The experiment is kept in a run, or one that is kept there is watched; comes first.

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
