"""Events of a working backend, the same records from its process to the screen and to a run's events file.

`backend` is a short name. Epochs count from 0, as in the contract; users see them from 1. Rates and durations
are measured in the backend's process, so that a busy host does not distort them.
"""

from dataclasses import dataclass
from typing import Literal

from lstm_plugins import Epoch

EndReason = Literal["epochs", "patience", "stopped"]
STOPPED = "it was stopped before its first epoch was complete"
"""Why a backend has no result after `BackendStopped`."""


@dataclass(frozen=True)
class BackendStarted:
    """A backend's process, with this id, has started and imports its framework."""

    backend: str
    process: int


@dataclass(frozen=True)
class BackendWarm:
    """The framework, such as "torch 2.13.0" ("" for none), is imported; the process waits for a request."""

    backend: str
    version: str
    framework: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class BackendReady:
    """The framework is imported and the network is built; training begins.

    Attributes:
        backend: short name.
        version: version of the plugin.
        framework: distribution and version, such as "torch 2.13.0"; "" for none.
        device: such as "cpu".
        threads: number of threads of the arithmetic.
        parameters: number of trained parameters.
        training_windows: number of windows in an epoch.
        seconds: time since the request was submitted, measured by the host; the process sends 0.
        member: number of the network in an ensemble, from 0, as in all events; set by the host.
    """

    backend: str
    version: str
    framework: str
    device: str
    threads: int
    parameters: int
    training_windows: int
    seconds: float
    member: int = 0


@dataclass(frozen=True)
class BackendAnswers:
    """The framework is imported and a cross-check begins; the fields are those of `BackendReady`."""

    backend: str
    version: str
    framework: str
    device: str
    threads: int


@dataclass(frozen=True)
class BackendProgress:
    """Progress within an epoch; only the latest of a backend matters.

    Attributes:
        backend: short name.
        epoch: the current epoch.
        epochs: the largest number of epochs.
        batch: number of finished batches of this epoch.
        batches: number of batches in an epoch.
        training_loss: mean over this epoch's windows so far.
        windows_per_second: rate over the last seconds; None before it is known.
        seconds_left: time until all epochs are done, without early stopping; None before it is known.
        memory: resident bytes of the process; None if unknown.
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
    member: int = 0


@dataclass(frozen=True)
class BackendEpoch:
    """An epoch is complete."""

    backend: str
    epoch: Epoch
    member: int = 0


@dataclass(frozen=True)
class BackendUnsaved:
    """A backend's training could not be saved; training continues, and saving is retried."""

    backend: str
    reason: str


@dataclass(frozen=True)
class BackendTrained:
    """Training has ended after `epochs` complete epochs; the best epoch's weights forecast next."""

    backend: str
    reason: EndReason
    epochs: int
    best_epoch: int
    seconds: float
    member: int = 0


@dataclass(frozen=True)
class BackendStopped:
    """A backend was stopped before its first epoch was complete, so there is nothing to evaluate."""

    backend: str


@dataclass(frozen=True)
class BackendFailed:
    """A backend or its process failed; the others continue.

    Attributes:
        backend: short name.
        reason: one sentence.
        log: the last lines that its process wrote, including a traceback if there was one.
    """

    backend: str
    reason: str
    log: tuple[str, ...]


TrainingMessage = (
    BackendReady
    | BackendProgress
    | BackendEpoch
    | BackendUnsaved
    | BackendTrained
    | BackendStopped
    | BackendFailed
)
