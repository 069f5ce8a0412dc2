"""Rows that follow the clocks of a time zone, so that a day has the same shape in summer and in winter.

The hour that clocks show twice in autumn becomes one row, the mean of both passes. The hour that they skip in
spring is a row without values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array, Integers, Times, Truths, distinct
from lstm_forecasting.data.times.calendar import COUNTED
from lstm_forecasting.data.times.duplicates import VALUES, Merged, rows_of
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.data.times.spacing import usual_step
from lstm_forecasting.data.times.zones import PlacedTimes, from_clocks, on_clocks
from lstm_plugins.counting import counted, listed

_MOST_NAMED = 3


@dataclass(frozen=True, eq=False)
class WallClock:
    """Times on the clocks of a zone.

    Attributes:
        times: `datetime64[us]` `[rows]`, in the order of the file.
        doubled: bool `[rows]`, True for rows whose time the clocks show twice.
        zone: the zone.
    """

    times: Times
    doubled: Truths
    zone: str

    def only(self, rows: Integers) -> WallClock:
        """The times of some rows."""
        return WallClock(self.times[rows], self.doubled[rows], self.zone)


def follow_clocks(times: Times, placed: PlacedTimes) -> WallClock | None:
    """The times on the clocks of their zone.

    `times` are those of `placed`, perhaps moved to equal steps. None if the zone is unknown, if its clocks
    never change, or if the rows are not equally spaced on them, such as a row every three hours of UTC.
    """
    if placed.ahead is None or placed.zone in ("", "UTC"):
        return None
    local = on_clocks(times - np.timedelta64(placed.ahead, "us"), placed.zone)
    if not _has_changes(placed.zone, local) or not _has_equal_steps(local):
        return None
    ambiguous = from_clocks(local, placed.zone, later=False) != from_clocks(local, placed.zone, later=True)
    return WallClock(local, ambiguous, placed.zone)


def average_passes(clock: WallClock, values: Array, codes: Integers) -> Merged:
    """Merges the two passes of each time that clocks show twice into one row, their mean.

    The values are float64 `[rows, columns]`; rows with the same number in `codes` are one series. More than
    two rows of a time are left for the rule for duplicates.
    """
    rows = np.arange(len(values))
    doubled = np.flatnonzero(clock.doubled)
    frame = rows_of(pl.Series(clock.times[doubled]), codes[doubled], values[doubled])
    passes = frame.group_by("time", "code", maintain_order=True).agg(
        pl.col("row").first(), pl.col("row").last().alias("other"), VALUES.mean(), pl.len().alias("rows")
    )
    pairs = passes.filter(pl.col("rows") == 2)
    if not len(pairs):
        return Merged(clock.times, values, rows, ())
    merged = values.copy()
    merged[doubled[pairs["row"].to_numpy()]] = (
        pairs.select(frame.columns[3:]).fill_null(float("nan")).to_numpy()
    )
    rows = np.delete(rows, doubled[pairs["other"].to_numpy()])
    decision = _averaged(clock.zone, np.unique(pairs["time"].to_numpy()))
    return Merged(clock.times[rows], merged[rows], rows, (decision,))


def are_skipped(times: Times, zone: str) -> Truths:
    """Which times the clocks of a zone skip in spring."""
    return np.isnat(from_clocks(times, zone, later=False))


def offsets_of(times: Times, zone: str) -> list[str]:
    """The offset from UTC of each time on the clocks of a zone, such as "+01:00"; "" if they skip it.

    Of a time that they show twice, the first pass counts.
    """
    ahead = (times - from_clocks(times, zone, later=False)).astype("timedelta64[m]")
    return ["" if np.isnat(one) else _offset_text(int(one.astype(np.int64))) for one in ahead]


def _offset_text(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _averaged(zone: str, times: Times) -> str:
    shown = listed([COUNTED.text(time) for time in times], _MOST_NAMED)
    verb = "is" if len(times) == 1 else "are"
    return f"{counted(len(times), 'time')} that the clocks of {zone} show twice {verb} averaged: {shown}."


def _has_changes(zone: str, times: Times) -> bool:
    """Whether the clocks change within the years of the times."""
    years = np.arange(
        times.min().astype("datetime64[Y]"), times.max().astype("datetime64[Y]") + 1, dtype="datetime64[Y]"
    )
    months = (years.astype("datetime64[M]")[:, np.newaxis] + np.arange(12)).ravel().astype("datetime64[us]")
    return len(np.unique(on_clocks(months, zone) - months)) > 1


def _has_equal_steps(times: Times) -> bool:
    """Whether all times are whole steps, shorter than a day, apart."""
    ordered = distinct(times)
    if len(ordered) < 2:
        return False
    step = usual_step(np.diff(ordered).astype(np.int64))
    return step < DAY and not ((ordered - ordered[0]).astype(np.int64) % step).any()
