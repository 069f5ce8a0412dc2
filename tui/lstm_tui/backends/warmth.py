"""The state of the backends' processes, from the events of warm-ups and trainings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lstm_forecasting.processes.events import BackendFailed, BackendReady, BackendStarted, BackendWarm

if TYPE_CHECKING:
    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.processes.warming import WarmUpEvent


@dataclass(frozen=True)
class Warmth:
    """The state of one backend's process.

    Attributes:
        phase: "warming" while it imports the framework, "warm" when it can work, "failed" if it cannot run.
        framework: distribution and version, once it is imported.
        devices: those found, or those that a training used.
        reason: of a failure, in one sentence.
        log: the last lines of a failed process.
    """

    phase: Literal["warming", "warm", "failed"]
    framework: str = ""
    devices: tuple[str, ...] = ()
    reason: str = ""
    log: tuple[str, ...] = ()


Warmths = Mapping[str, Warmth]
"""By short name; a backend that is missing has no process yet."""


def after(warmths: Warmths, happened: Iterable[WarmUpEvent]) -> Warmths:
    """The state after these events."""
    known = dict(warmths)
    for event in happened:
        match event:
            case BackendStarted():
                known[event.backend] = Warmth("warming")
            case BackendWarm():
                known[event.backend] = Warmth("warm", event.framework, event.devices)
            case BackendFailed():
                known[event.backend] = Warmth("failed", reason=event.reason, log=event.log)
    return known


def after_training(warmths: Warmths, happened: Iterable[ExperimentEvent]) -> Warmths:
    """The state after these events of a training: its processes stay warm unless they failed."""
    known = dict(warmths)
    for event in happened:
        match event:
            case BackendReady():
                before = known.get(event.backend)
                if before is None or before.phase != "warm":
                    known[event.backend] = Warmth("warm", event.framework, (event.device,))
            case BackendFailed():
                known.pop(event.backend, None)
    return known


def without_unfinished(warmths: Warmths) -> Warmths:
    """The state without processes that are still warming up."""
    return {name: warmth for name, warmth in warmths.items() if warmth.phase != "warming"}
