"""Imports of frameworks ahead of need, so that no training waits for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import Failed, Warmed
from lstm_forecasting.processes.pool import BackendProcesses


@dataclass(frozen=True)
class BackendWarming:
    """A backend's process runs and imports its framework."""

    backend: str


@dataclass(frozen=True)
class BackendWarm:
    """A backend waits for a job; see `messages.Warmed`."""

    backend: str
    version: str
    framework: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class BackendNotWarmed:
    """A backend's framework could not be imported.

    Attributes:
        backend: whose.
        reason: one sentence.
        log: the last lines its process wrote, a traceback among them where there was one.
    """

    backend: str
    reason: str
    log: tuple[str, ...]


WarmUpEvent = BackendWarming | BackendWarm | BackendNotWarmed


class WarmUp:
    """Warms up backends one after the other, so that a screen keeps a processor; iterate it for the events.

    `stop` may be called from any thread: no further backend is begun, and nobody waits for the present one.
    Leaving it ends no process; those are the pool's.

    Args:
        processes: that will serve later jobs.
        backends: short names, the most urgent first.
        threads: of each backend.
    """

    def __init__(self, processes: BackendProcesses, backends: Sequence[str], threads: int) -> None:
        self._pool = processes
        self._backends = tuple(backends)
        self._threads = threads
        self._inbox = Inbox()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Begins nothing further."""
        self.stop()

    def __iter__(self) -> Iterator[WarmUpEvent]:
        for backend in self._backends:
            if self._stopped:
                return
            yield BackendWarming(backend)
            try:
                process = self._pool.warm(backend, self._threads, self._inbox.put)
            except OSError as error:
                yield BackendNotWarmed(backend, f"its process could not be started: {error}", ())
                continue
            arrived = None
            while arrived is None and not self._stopped:
                arrived = self._inbox.get(math.inf)
            match arrived:
                case (_, Warmed() as message):
                    yield BackendWarm(backend, message.version, message.framework, message.devices)
                case (_, Failed() as message):
                    log = () if message.explained else process.log_lines()
                    yield BackendNotWarmed(backend, message.reason, log)

    def stop(self) -> None:
        """Ends the waiting."""
        self._stopped = True
        self._inbox.wake()
