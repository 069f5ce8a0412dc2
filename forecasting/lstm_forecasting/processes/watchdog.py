"""Ends a process that misses its deadline: terminates it, and kills it a little later."""

import math
import threading
import time

from lstm_forecasting.processes.host import SECONDS_TO_TERMINATE, BackendProcess


class Watchdog:
    """Watches one process at a time; all methods may be called from any thread.

    Attributes:
        deadline: by `time.monotonic()`, when `enforce` acts next; infinite while nothing is expected.
        ending: why it ended the process, in one sentence; "" while it has not.
    """

    def __init__(self) -> None:
        self.deadline = math.inf
        self.ending = ""
        self._what = ""
        # A signal handler may call in the middle of anything the main thread does here.
        self._lock = threading.RLock()

    def expect(self, seconds: float, overdue: str) -> None:
        """Ends the process unless it answers within `seconds`; `overdue` completes "it …", the reason.

        A process that is already being ended gets no more time.
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
        """Begins to watch another process."""
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
