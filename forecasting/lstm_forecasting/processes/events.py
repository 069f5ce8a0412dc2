"""A backend at work: the same records from its process to the screen and to a run's events file.

`backend` is a short name. Epochs count from 0, as in the contract; people are shown them from 1. Rates and
durations are measured in the backend's process, so that a busy host does not distort them.
"""

from dataclasses import dataclass
from typing import Literal

from lstm_plugins import Epoch

EndReason = Literal["epochs", "patience", "stopped"]
STOPPED = "it was stopped before its first epoch was complete"
"""Why a backend has no result after `BackendStopped`."""


@dataclass(frozen=True)
class BackendStarted:
    """A backend's process, with this id, is running and imports its framework."""

    backend: str
    process: int


@dataclass(frozen=True)
class BackendWarm:
    """A framework, such as "torch 2.13.0" ("" for none), is imported; the process waits for a request."""

    backend: str
    version: str
    framework: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class BackendReady:
    """The framework is imported and the network is built; training begins.

    Attributes:
        backend: short name.
        version: of the plugin.
        framework: distribution and version, such as "torch 2.13.0"; "" for none.
        device: such as "cpu".
        threads: of the arithmetic.
        parameters: how many numbers are trained.
        training_windows: windows of an epoch.
        seconds: since the backend was given its work, measured by the host; its process sends 0.
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
class BackendAnswers:
    """The framework is imported and the first level of a cross-check is computed; see `BackendReady`."""

    backend: str
    version: str
    framework: str
    device: str
    threads: int


@dataclass(frozen=True)
class BackendProgress:
    """The state inside an epoch; only a backend's latest one matters.

    Attributes:
        backend: short name.
        epoch: under way, of at most `epochs`.
        epochs: the most there will be.
        batch: batches of this epoch that are done, of `batches`.
        batches: of an epoch.
        training_loss: mean over this epoch's windows so far.
        windows_per_second: over the last seconds; None before it is known.
        seconds_left: until all epochs are done, if nothing stops earlier; None before it is known.
        memory: resident bytes of the process; None if they are not known.
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
    """An epoch is complete."""

    backend: str
    epoch: Epoch


@dataclass(frozen=True)
class BackendUnsaved:
    """A backend's training could not be saved; training continues, and saving is tried again."""

    backend: str
    reason: str


@dataclass(frozen=True)
class BackendTrained:
    """Training has ended after so many complete epochs; forecasts with the best epoch's weights come next."""

    backend: str
    reason: EndReason
    epochs: int
    best_epoch: int
    seconds: float


@dataclass(frozen=True)
class BackendStopped:
    """A backend was stopped before its first epoch was complete, so there is nothing to evaluate."""

    backend: str


@dataclass(frozen=True)
class BackendFailed:
    """A backend gave up or its process died; the others continue.

    Attributes:
        backend: short name.
        reason: one sentence.
        log: the last lines its process wrote, with the traceback if there was one.
    """

    backend: str
    reason: str
    log: tuple[str, ...]
