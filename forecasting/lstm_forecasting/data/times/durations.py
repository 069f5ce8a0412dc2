"""Durations in microseconds, and in words."""

from lstm_plugins.counting import counted

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
_UNITS = ((WEEK, "week"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second"))


def duration_text(microseconds: int) -> str:
    """A duration in its largest whole unit: "1 day", "90 minutes", "0.5 seconds"."""
    for size, unit in _UNITS:
        if microseconds % size == 0:
            return counted(microseconds // size, unit)
    return f"{microseconds / SECOND:.10g} seconds"
