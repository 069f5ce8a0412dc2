"""Where the messages of several processes meet: in the order they arrive, of progress the latest only."""

from __future__ import annotations

import threading
import time
from collections import deque

from lstm_forecasting.processes.messages import Message, TrainingProgress


class Inbox:
    """Filled by the reader threads, emptied by one consumer, however slow it is."""

    def __init__(self) -> None:
        self._messages: deque[tuple[str, Message]] = deque()
        self._changed = threading.Condition()
        self._woken = False

    def put(self, backend: str, message: Message) -> None:
        """Adds a message; progress takes the place of the same backend's progress not yet seen."""
        with self._changed:
            if isinstance(message, TrainingProgress):
                for earlier in self._messages:
                    if earlier[0] == backend and isinstance(earlier[1], TrainingProgress):
                        self._messages.remove(earlier)
                        break
            self._messages.append((backend, message))
            self._changed.notify()

    def wake(self) -> None:
        """Ends the present wait of `get`, or else the next one, without a message."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def get(self, until: float) -> tuple[str, Message] | None:
        """The oldest message; waits for one until `time.monotonic()` is `until` or somebody calls `wake`."""
        with self._changed:
            if not self._messages and not self._woken:
                self._changed.wait(min(max(until - time.monotonic(), 0.0), threading.TIMEOUT_MAX))
            self._woken = False
            return self._messages.popleft() if self._messages else None
