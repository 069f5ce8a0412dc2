"""Imports frameworks in advance, so that no training waits for them."""

import math
from collections.abc import Iterator, Sequence
from typing import Self

from lstm_forecasting.processes.events import BackendFailed, BackendStarted, BackendWarm
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import Warm
from lstm_forecasting.processes.pool import BackendProcesses

WarmUpEvent = BackendStarted | BackendWarm | BackendFailed


class WarmUp:
    """Warms up one backend after another, so that the screen keeps a processor; iterate it for the events.

    `stop` may be called from any thread: no further backend is started, and the iteration ends. It ends no
    process, because processes belong to the pool. `backends` are short names, the most urgent first.
    """

    def __init__(self, processes: BackendProcesses, backends: Sequence[str], threads: int) -> None:
        self._pool = processes
        self._backends = tuple(backends)
        self._threads = threads
        self._inbox = Inbox[str]()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Starts no further backend."""
        self.stop()

    def __iter__(self) -> Iterator[WarmUpEvent]:
        for backend in self._backends:
            if self._stopped:
                return
            process = self._pool.submit(backend, self._threads, Warm(), self._inbox.put)
            if process is not None:
                yield BackendStarted(backend, process.pid)
            arrived = None
            while arrived is None and not self._stopped:
                arrived = self._inbox.get(math.inf)
            match arrived:
                case (_, BackendWarm() | BackendFailed() as message):
                    yield message

    def stop(self) -> None:
        """Ends the iteration."""
        self._stopped = True
        self._inbox.wake()
