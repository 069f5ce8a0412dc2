"""Ends a process that misses its deadline: terminates it, and kills it if that is not enough."""

import math
import threading
import time

from lstm_forecasting.processes.host import SECONDS_TO_TERMINATE, BackendProcess


class Watchdog:
    """Watches one process at a time; all methods may be called from any thread.

    Attributes:
        deadline: time, by `time.monotonic()`, at which `enforce` acts next; infinite without a deadline.
        ending: why it ended the process, in one sentence; "" if it did not.
    """

    def __init__(self) -> None:
        self.deadline = math.inf
        self.ending = ""
        self._what = ""
        # A signal handler may call a method while the main thread is in another one.
        self._lock = threading.RLock()

    def expect(self, seconds: float, overdue: str) -> None:
        """Sets a deadline; `overdue` completes the reason, "it … within so many seconds".

        A process that is already being ended gets no more time.
        """
        with self._lock:
            if not self.ending:
                self.deadline = time.monotonic() + seconds
                self._what = f"it {overdue} within {seconds:g} seconds and was ended"

    def relax(self) -> None:
        """Removes the deadline."""
        with self._lock:
            self.deadline = math.inf

    def reset(self) -> None:
        """Starts watching another process."""
        with self._lock:
            self.deadline, self.ending = math.inf, ""

    def enforce(self, process: BackendProcess | None) -> None:
        """Terminates a process that has missed its deadline, and kills it if it misses the next one."""
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
