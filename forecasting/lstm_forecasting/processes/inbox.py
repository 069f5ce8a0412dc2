"""Collects the messages of several processes in order of arrival; only the latest progress is kept."""

import threading
import time
from collections import deque
from typing import Generic, TypeVar

from lstm_forecasting.processes.events import BackendProgress
from lstm_forecasting.processes.messages import Message

Source = TypeVar("Source")


class Inbox(Generic[Source]):
    """A queue that reader threads fill and one consumer empties, however slow it is.

    A source, such as a backend, is whatever the messages are told apart by.
    """

    def __init__(self) -> None:
        self._messages: deque[tuple[Source, Message]] = deque()
        self._changed = threading.Condition()
        self._woken = False

    def put(self, source: Source, message: Message) -> None:
        """Adds a message; progress replaces earlier progress of the same source that is still queued."""
        with self._changed:
            if isinstance(message, BackendProgress):
                for earlier in self._messages:
                    if earlier[0] == source and isinstance(earlier[1], BackendProgress):
                        self._messages.remove(earlier)
                        break
            self._messages.append((source, message))
            self._changed.notify()

    def wake(self) -> None:
        """Makes the current call of `get`, or else the next one, return without waiting."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def get(self, until: float) -> tuple[Source, Message] | None:
        """Takes the oldest message; waits until `time.monotonic()` is `until` or `wake` is called."""
        with self._changed:
            if not self._messages and not self._woken:
                self._changed.wait(min(max(until - time.monotonic(), 0.0), threading.TIMEOUT_MAX))
            self._woken = False
            return self._messages.popleft() if self._messages else None
