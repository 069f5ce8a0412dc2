"""Follows the engine's work in a thread, so that the screen never waits for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from lstm_forecasting.backtest.events import BacktestEvent
    from lstm_forecasting.backtest.plan import Backtest
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
    """What the app needs from a `RunningExperiment` or a `RunningCrossCheck`: an iterable of events."""

    def stop(self) -> None:
        """Ends the work early; may be called from any thread."""


class Runner(Protocol):
    """Runs the engine's work and keeps the backends' processes between one piece of work and the next.

    Attributes:
        processes: of the backends, for single requests.
    """

    processes: BackendProcesses

    def start(self, experiment: Experiment) -> AbstractContextManager[Running[ExperimentEvent]]:
        """A context that runs an experiment: entering it starts the work, leaving it ends the work."""

    def resume(self, run: RunFolder) -> AbstractContextManager[Running[ExperimentEvent]]:
        """A context that continues a run: entering it starts the work, leaving it ends the work."""

    def check(self, check: CrossCheck) -> AbstractContextManager[Running[CrossCheckEvent]]:
        """A context that runs a cross-check: entering it starts the work, leaving it ends the work."""

    def backtest(self, backtest: Backtest) -> AbstractContextManager[Running[BacktestEvent]]:
        """A context that runs a backtest: entering it starts the work, leaving it ends the work."""

    def warm(self, backends: tuple[str, ...]) -> AbstractContextManager[Running[WarmUpEvent]]:
        """A context that warms up backends; the work begins when it is iterated."""

    def end_idle(self, backend: str) -> None:
        """Ends the idle processes of a backend."""

    def close(self) -> None:
        """Ends all work and all processes at once; may be called from any thread."""


class Follower(Generic[Event]):
    """Follows work: `follow` begins it and runs in a thread; the app calls everything else."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Running[Event]]]) -> None:
        self._begin = begin
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._running: Running[Event] | None = None
        self._stopping = threading.Event()

    def follow(self) -> None:
        """Runs the work to its end and queues its events; to be called in a thread."""
        with self._begin() as running:
            self._running = running
            if self._stopping.is_set():
                running.stop()
            for event in running:
                self._events.put(event)

    def stop(self) -> None:
        """Asks the work to end."""
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
