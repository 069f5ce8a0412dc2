"""One process of a backend that answers one request after another."""

from __future__ import annotations

import math
import time

from lstm_conformance.levels import Level
from lstm_forecasting.crosscheck.schedule import ProbeRequest
from lstm_forecasting.processes.host import SECONDS_TO_TERMINATE, BackendProcess, Deliver
from lstm_forecasting.processes.messages import Failed, Message, Observe
from lstm_forecasting.processes.pool import BackendProcesses


class Lane:
    """From request to request, with one process at a time.

    Attributes:
        name: unique among the lanes.
        backend: short name.
        process: where the present request is answered; None when none could be started.
        request: under way; None between requests.
        answered: how many of its levels are answered.
        deadline: when, by `time.monotonic()`, its process is ended unless it answers.
        ending: why it was ended; empty when it was not.
    """

    def __init__(self, name: str, backend: str, pool: BackendProcesses, threads: int) -> None:
        self.name = name
        self.backend = backend
        self.process: BackendProcess | None = None
        self.request: ProbeRequest | None = None
        self.answered = 0
        self.deadline = math.inf
        self.ending = ""
        self._pool = pool
        self._threads = threads
        self._overdue = ""
        self._terminated = False

    def ask(self, request: ProbeRequest, message: Observe, deliver: Deliver, seconds: float) -> None:
        """Puts a request; `deliver` is called with whatever the process says, under the lane's name."""
        self.request, self.answered, self.ending, self._terminated = request, 0, "", False
        self.expect(seconds)

        def deliver_here(_backend: str, answer: Message) -> None:
            deliver(self.name, answer)

        try:
            self.process = self._pool.run(self.backend, self._threads, message, deliver_here)
        except OSError as error:
            self.process = None
            deliver(self.name, Failed(f"its process could not be started: {error}", explained=True))

    def expect(self, seconds: float) -> None:
        """Gives the process so long for what comes next."""
        if not self._terminated:
            self.deadline = time.monotonic() + seconds
            self._overdue = f"it gave no answer for {seconds:g} seconds and was ended"

    def enforce(self) -> None:
        """Terminates, and a little later kills, a process that let its deadline pass."""
        if self.process is None or self.request is None or time.monotonic() < self.deadline:
            return
        if self._terminated:
            self.process.kill()
            self.deadline = math.inf
        else:
            self.ending, self._terminated = self._overdue, True
            self.process.terminate()
            self.deadline = time.monotonic() + SECONDS_TO_TERMINATE

    def rest(self) -> None:
        """No request is under way."""
        self.request, self.deadline = None, math.inf

    @property
    def left(self) -> tuple[Level, ...]:
        """Levels of the present request that are not answered yet."""
        return () if self.request is None else self.request.levels[self.answered :]
