"""How far the processes of the backends are, made from the events of warm-ups and trainings."""

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
    """What is known of one backend's process.

    Attributes:
        phase: it imports the framework, waits for a job, or could not be started.
        framework: distribution and version of what computes, once it is imported.
        devices: that were found, or that a training used.
        reason: of a failure, one sentence.
        log: the last lines of a process that failed.
    """

    phase: Literal["warming", "warm", "failed"]
    framework: str = ""
    devices: tuple[str, ...] = ()
    reason: str = ""
    log: tuple[str, ...] = ()


Warmths = Mapping[str, Warmth]
"""By short name; a backend without one has no process yet."""


def after(warmths: Warmths, happened: Iterable[WarmUpEvent]) -> Warmths:
    """The state once all these events have happened, in this order."""
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
    """The state after a training has reported: its processes stay warm, unless one failed."""
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
    """The state when nobody waits any more for those that warm up."""
    return {name: warmth for name, warmth in warmths.items() if warmth.phase != "warming"}
