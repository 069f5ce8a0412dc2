"""Collects the messages of several processes in order of arrival; only the latest progress is kept."""

import threading
import time
from collections import deque

from lstm_forecasting.processes.events import BackendProgress
from lstm_forecasting.processes.messages import Message


class Inbox:
    """A queue that reader threads fill and one consumer empties, however slow it is."""

    def __init__(self) -> None:
        self._messages: deque[tuple[str, Message]] = deque()
        self._changed = threading.Condition()
        self._woken = False

    def put(self, backend: str, message: Message) -> None:
        """Adds a message; progress replaces earlier progress of the same backend that is still queued."""
        with self._changed:
            if isinstance(message, BackendProgress):
                for earlier in self._messages:
                    if earlier[0] == backend and isinstance(earlier[1], BackendProgress):
                        self._messages.remove(earlier)
                        break
            self._messages.append((backend, message))
            self._changed.notify()

    def wake(self) -> None:
        """Makes the current call of `get`, or else the next one, return without waiting."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def get(self, until: float) -> tuple[str, Message] | None:
        """Takes the oldest message; waits until `time.monotonic()` is `until` or `wake` is called."""
        with self._changed:
            if not self._messages and not self._woken:
                self._changed.wait(min(max(until - time.monotonic(), 0.0), threading.TIMEOUT_MAX))
            self._woken = False
            return self._messages.popleft() if self._messages else None
