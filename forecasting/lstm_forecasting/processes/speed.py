"""Computes the speed of a training and the time left."""

from collections import deque

SECONDS = 5.0
"""Length of the period over which the rate is measured, ending now."""

SHORTEST = 0.5
"""Shortest period in seconds; a rate over less would be noise."""


class Speed:
    """Measures one training by its count of windows.

    Measuring begins with the first count rather than with the training, because compiling the first batch may
    take seconds. `windows_per_second` is None before it is known.
    """

    def __init__(self, windows: int) -> None:
        """`windows` is the number of windows in all epochs together."""
        self.windows_per_second: float | None = None
        self._windows = windows
        self._done = 0
        self._counts: deque[tuple[float, int]] = deque()

    def add(self, seconds: float, windows: int) -> None:
        """Records that `windows` were done `seconds` after training began."""
        self._counts.append((seconds, windows))
        while len(self._counts) > 2 and self._counts[1][0] <= seconds - SECONDS:
            self._counts.popleft()
        began, before = self._counts[0]
        if seconds - began >= SHORTEST:
            self.windows_per_second = (windows - before) / (seconds - began)
        self._done = windows

    def begin_anew(self) -> None:
        """Measures from the next count on and keeps the known rate until then.

        To be called after the first epoch, in which a framework may compile for every batch size.
        """
        self._counts.clear()

    @property
    def seconds_left(self) -> float | None:
        """Time until all epochs are done at this rate; None before it is known."""
        rate = self.windows_per_second
        return (self._windows - self._done) / rate if rate else None
