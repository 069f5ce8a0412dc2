"""Ends a process that lets its deadline pass: terminates it, and kills it a little later."""

from __future__ import annotations

import math
import threading
import time

from lstm_forecasting.processes.host import SECONDS_TO_TERMINATE, BackendProcess


class Watchdog:
    """Watches one process at a time; every method may be called from any thread.

    Attributes:
        deadline: when, by `time.monotonic()`, `enforce` acts next; infinite while nothing is expected.
        ending: why it ended the process; empty while it has not.
    """

    def __init__(self) -> None:
        self.deadline = math.inf
        self.ending = ""
        self._what = ""
        # A signal handler may call in the middle of anything the main thread does here.
        self._lock = threading.RLock()

    def expect(self, seconds: float, overdue: str) -> None:
        """Gives the process this long; `overdue` completes "it …" when it takes longer.

        A process that is being ended already gets no more time.
        """
        with self._lock:
            if not self.ending:
                self.deadline = time.monotonic() + seconds
                self._what = f"it {overdue} within {seconds:g} seconds and was ended"

    def relax(self) -> None:
        """Expects nothing for now."""
        with self._lock:
            self.deadline = math.inf

    def reset(self) -> None:
        """Watches a process that was not ended."""
        with self._lock:
            self.deadline, self.ending = math.inf, ""

    def enforce(self, process: BackendProcess | None) -> None:
        """Terminates a process whose deadline has passed; kills it when it has not ended a little later."""
        with self._lock:
            if process is None or time.monotonic() < self.deadline:
                return
            if self.ending:
                process.kill()
                self.deadline = math.inf
            else:
                self.ending = self._what
                process.terminate()
                self.deadline = time.monotonic() + SECONDS_TO_TERMINATE
