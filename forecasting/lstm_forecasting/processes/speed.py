"""The rate of a training and the time it still takes: the one place where either is computed."""

from collections import deque

SECONDS = 5.0
"""The rate is measured over about the last so many seconds."""

SHORTEST = 0.5
"""Seconds below which a rate would be noise."""


class Speed:
    """Follows one training by its count of windows.

    Measuring begins with the first count rather than with the training, as compiling the first batch may
    take seconds.

    Attributes:
        windows_per_second: over the last seconds; None before it is known.
    """

    def __init__(self, windows: int) -> None:
        """`windows` is how many there are in all epochs together."""
        self.windows_per_second: float | None = None
        self._windows = windows
        self._done = 0
        self._counts: deque[tuple[float, int]] = deque()

    def add(self, seconds: float, windows: int) -> None:
        """Notes that `windows` were done `seconds` after training began."""
        self._counts.append((seconds, windows))
        while len(self._counts) > 2 and self._counts[1][0] <= seconds - SECONDS:
            self._counts.popleft()
        began, before = self._counts[0]
        if seconds - began >= SHORTEST:
            self.windows_per_second = (windows - before) / (seconds - began)
        self._done = windows

    def begin_anew(self) -> None:
        """Measures from the next count on, and keeps the known rate until then.

        Called after the first epoch, in which a framework may compile for every size of batch.
        """
        self._counts.clear()

    @property
    def seconds_left(self) -> float | None:
        """Until all epochs are done at this rate, if nothing stops earlier; None before it is known."""
        rate = self.windows_per_second
        return (self._windows - self._done) / rate if rate else None
