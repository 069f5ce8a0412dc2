"""Follows work of the engine in a thread, so that the screen never waits for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck
    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_forecasting.processes.pool import BackendProcesses
    from lstm_forecasting.processes.warming import WarmUpEvent
    from lstm_forecasting.runs.folder import RunFolder

Event = TypeVar("Event")
EventOut = TypeVar("EventOut", covariant=True)


class Running(Iterable[EventOut], Protocol[EventOut]):
    """What the app needs of a `RunningExperiment` or a `RunningCrossCheck`."""

    def stop(self) -> None:
        """Ends the work early; may be called from any thread."""


class Runner(Protocol):
    """Runs work of the engine, one after the other or at once, and may keep what they have in common.

    Attributes:
        processes: of the backends, for questions that have one answer.
    """

    processes: BackendProcesses

    def start(self, experiment: Experiment) -> AbstractContextManager[Running[ExperimentEvent]]:
        """What runs an experiment: entering it starts the work, leaving it ends it."""

    def resume(self, run: RunFolder) -> AbstractContextManager[Running[ExperimentEvent]]:
        """What goes on with a run: entering it starts the work, leaving it ends it."""

    def check(self, check: CrossCheck) -> AbstractContextManager[Running[CrossCheckEvent]]:
        """What runs a cross-check: entering it starts the work, leaving it ends it."""

    def warm(self, backends: tuple[str, ...]) -> AbstractContextManager[Running[WarmUpEvent]]:
        """What warms up backends: entering it starts nothing, iterating it does."""

    def end_idle(self, backend: str) -> None:
        """Ends the processes of a backend that do nothing."""

    def close(self) -> None:
        """Ends everything that still runs, at once; may be called from any thread."""


class Follower(Generic[Event]):
    """One piece of work: `follow` runs in a thread, everything else is called by the app.

    Args:
        begin: makes what runs it.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[Running[Event]]]) -> None:
        self._begin = begin
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._running: Running[Event] | None = None
        self._stopping = threading.Event()

    def follow(self) -> None:
        """Runs the work to its end; to be called in a thread of its own."""
        with self._begin() as running:
            self._running = running
            if self._stopping.is_set():
                running.stop()
            for event in running:
                self._events.put(event)

    def stop(self) -> None:
        """Asks for the end."""
        self._stopping.set()
        if self._running is not None:
            self._running.stop()

    def drain(self) -> list[Event]:
        """All events since the last call, oldest first."""
        events: list[Event] = []
        while True:
            try:
                events.append(self._events.get_nowait())
            except queue.Empty:
                return events
