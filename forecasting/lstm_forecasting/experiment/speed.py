"""How fast a training goes and how long it will take: the one place where either is computed."""

from __future__ import annotations

from collections import deque

SECONDS = 5.0
"""The rate is that of about the last so many seconds."""

SHORTEST = 0.5
"""Seconds below which a rate would say more about the clock than about the training."""


class Speed:
    """Follows one training by its count of windows.

    Measuring begins with the first count, not with the training: the first batch may compile for seconds.
    """

    def __init__(self, windows: int) -> None:
        """`windows` there are in all epochs together."""
        self._windows = windows
        self._counts: deque[tuple[float, int]] = deque()

    def add(self, seconds: float, windows: int) -> None:
        """Notes that `windows` were done `seconds` after training began."""
        self._counts.append((seconds, windows))
        while len(self._counts) > 2 and self._counts[1][0] <= seconds - SECONDS:
            self._counts.popleft()

    @property
    def windows_per_second(self) -> float | None:
        """Over the last seconds; None before it is known."""
        if not self._counts:
            return None
        (began, before), (now, done) = self._counts[0], self._counts[-1]
        return (done - before) / (now - began) if now - began >= SHORTEST else None

    @property
    def seconds_left(self) -> float | None:
        """Until all epochs are done at this rate, if nothing stops earlier; None before it is known."""
        rate = self.windows_per_second
        return (self._windows - self._counts[-1][1]) / rate if rate else None
