"""Follows a running experiment in a thread, so that the screen never waits for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from lstm_forecasting.experiment.events import ExperimentEvent
from lstm_forecasting.experiment.plan import Experiment


class Running(Iterable[ExperimentEvent], Protocol):
    """What the app needs of a `RunningExperiment`."""

    def stop(self, backend: str | None = None) -> None:
        """Ends the training of one backend or of all; may be called from any thread."""


class Runner(Protocol):
    """Runs experiments, one after the other or at once, and may keep what they have in common."""

    def start(self, experiment: Experiment) -> AbstractContextManager[Running]:
        """What runs the experiment: entering it starts the work, leaving it ends it."""

    def close(self) -> None:
        """Ends everything that still runs, at once; may be called from any thread."""


class Follower:
    """One training: `follow` runs in a thread, everything else is called by the app.

    Args:
        experiment: to be run.
        runner: what runs it.
    """

    def __init__(self, experiment: Experiment, runner: Runner) -> None:
        self.experiment = experiment
        self._runner = runner
        self._events: queue.SimpleQueue[ExperimentEvent] = queue.SimpleQueue()
        self._running: Running | None = None
        self._stopping = threading.Event()

    def follow(self) -> None:
        """Runs the experiment to its end; to be called in a thread of its own."""
        with self._runner.start(self.experiment) as running:
            self._running = running
            if self._stopping.is_set():
                running.stop()
            for event in running:
                self._events.put(event)

    def stop(self) -> None:
        """Asks for the end of the training; what was learnt so far is evaluated."""
        self._stopping.set()
        if self._running is not None:
            self._running.stop()

    def drain(self) -> list[ExperimentEvent]:
        """All events since the last call, oldest first."""
        events: list[ExperimentEvent] = []
        while True:
            try:
                events.append(self._events.get_nowait())
            except queue.Empty:
                return events
