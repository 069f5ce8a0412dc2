"""Moves times that wobble around equal steps onto those steps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Integers, Times, distinct
from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK, duration_text
from lstm_forecasting.data.times.spacing import calendars
from lstm_plugins.counting import counted

USUAL_STEPS = (
    *(count * SECOND for count in (1, 2, 5, 10, 15, 20, 30)),
    *(count * MINUTE for count in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)),
    *(count * HOUR for count in (1, 2, 3, 4, 6, 8, 12)),
    *(DAY, WEEK),
)
"""Microseconds; the steps that devices are set to."""
_ROUND = (HOUR, 30 * MINUTE, 15 * MINUTE, 10 * MINUTE, 5 * MINUTE, MINUTE, 30 * SECOND, 10 * SECOND, SECOND)
_NEAR = 0.05
_FARTHEST = 0.15
"""Of a step; times that are farther away from it are not a wobble."""
_ASKED_SLACK = 0.1
"""Of a step; an hourly series is at full hours rather than a few minutes past, if the user asks for hours."""
_LEAST = 10
"""Rows; fewer could lie near a step by chance."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Times on equal steps.

    Attributes:
        times: `datetime64[us]` `[rows]`.
        decisions: how far times were moved, one sentence each.
    """

    times: Times
    decisions: tuple[str, ...] = ()


def snap_times(
    times: Times, codes: Integers, asked: Frequency | None, where: Callable[[int], str]
) -> Snapped:
    """Moves each time to the nearest step, if the user asked for a step or if all times are clearly near one.

    Rows with the same number in `codes` are one series. `where`, the place of a row in the file, is for
    messages. Times that are on a calendar already are left as they are.
    """
    if asked is not None:
        if asked.kind != "fixed":
            return Snapped(times)
        return _snapped(times, _shifts(times, asked.size, _ASKED_SLACK), asked.size, where, ", as requested")
    if len(times) < _LEAST or calendars(distinct(times)):
        return Snapped(times)
    step = _step(times, codes)
    if step is None:
        return Snapped(times)
    shifts = _shifts(times, step)
    snapped = times - shifts.astype("timedelta64[us]")
    if np.abs(shifts).max() > _FARTHEST * step or _collide(snapped, codes) > _collide(times, codes):
        return Snapped(times)
    return _snapped(times, shifts, step, where)


def _step(times: Times, codes: Integers) -> int | None:
    """The usual step that is nearest to the median one; None if it is not near."""
    order = np.lexsort((times, codes))
    steps = np.diff(times[order]).astype(np.int64)[np.diff(codes[order]) == 0]
    steps = steps[steps > 0]
    if not len(steps):
        return None
    median = float(np.median(steps))
    nearest = min(USUAL_STEPS, key=lambda step: abs(step - median))
    return nearest if abs(nearest - median) <= _NEAR * nearest else None


def _shifts(times: Times, step: int, slack: float = 0.0) -> Integers:
    """Microseconds by which each time is after the nearest step; the steps start where most times are.

    They start at a round time instead if that is within the wobble of the times, or within `slack`, a share
    of the step.
    """
    rest = times.astype("datetime64[us]").astype(np.int64) % step
    angles = rest * (2.0 * np.pi / step)
    center = np.arctan2(np.sin(angles).mean(), np.cos(angles).mean()) * step / (2.0 * np.pi)
    wobble = np.abs((rest - center + step / 2) % step - step / 2).max()
    if wobble:
        wobble = max(wobble, slack * step)
    # The roundest time within the wobble: 10 minutes past rather than 10 minutes and 2 seconds past.
    phase = next(
        (
            unit * round(center / unit)
            for unit in (step, *_ROUND)
            if unit <= step and abs(center - unit * round(center / unit)) <= wobble
        ),
        round(center),
    )
    shifts: Integers = (rest - phase + step // 2) % step - step // 2
    return shifts


def _collide(times: Times, codes: Integers) -> int:
    """Number of rows that have the time of another row of their series."""
    order = np.lexsort((times, codes))
    ordered = times[order]
    return int(((ordered[1:] == ordered[:-1]) & (np.diff(codes[order]) == 0)).sum())


def _snapped(
    times: Times, shifts: Integers, step: int, where: Callable[[int], str], why: str = ""
) -> Snapped:
    moved = int((shifts != 0).sum())
    if not moved:
        return Snapped(times)
    row = int(np.abs(shifts).argmax())
    farthest = f"{duration_text(abs(int(shifts[row])))} ({COUNTED.text(times[row])} in {where(row)})"
    decision = (
        f"Times are snapped to steps of {duration_text(step)}{why}: {counted(moved, 'time')} moved, by at "
        f"most {farthest}."
    )
    return Snapped(times - shifts.astype("timedelta64[us]"), (decision,))
