"""Time zones: converts clock times and offsets to equally spaced times."""

import datetime
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers, Times, Truths, distinct
from lstm_forecasting.data.times.calendar import COUNTED
from lstm_forecasting.data.times.durations import HOUR, MINUTE
from lstm_forecasting.data.times.spacing import usual_step
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

# Two changes of a zone's clocks are further apart than this, and the hours of one change are not.
_ONE_CHANGE = np.timedelta64(2, "D")
_DAY = np.timedelta64(1, "D")
# Fewer times of day could differ by an hour for another reason.
_LEAST_DAYS = 10
_MOST_DOUBLED = 0.1
"""The share of rows that may repeat a time for the zone to be found."""
# Of zones with the same clocks, the one that most people know is named.
_COMMON = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Halifax"),
    *("Europe/London", "Europe/Berlin", "Europe/Helsinki", "Europe/Lisbon", "America/Sao_Paulo"),
    *("America/Santiago", "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland", "Asia/Jerusalem"),
)
# Narrower than Python's own range, so that adding an offset stays inside it.
_FIRST, _LAST = np.datetime64("0002-01-01", "us"), np.datetime64("9998-01-01", "us")


@dataclass(frozen=True, eq=False)
class PlacedTimes:
    """Times on a clock that never changes.

    Attributes:
        times: `datetime64[us]` `[rows]`.
        decisions: what was done, one sentence each.
        zone: the zone that the times are shown in; empty if unknown.
        ahead: microseconds by which the times are ahead of UTC; None if unknown, or if they are days on the
            clocks of the zone.
        shown: how the times are shown, a sentence; empty if there is nothing to say.
    """

    times: Times
    decisions: tuple[str, ...]
    zone: str = ""
    ahead: int | None = None
    shown: str = ""


def place_offset_times(times: Times, offsets: Integers, zone: str | None) -> PlacedTimes:
    """Places times with a known offset from UTC.

    The times are in UTC, and `offsets` are microseconds by which the clocks are ahead of it. If all clocks
    show the same time of day, rows are days (or longer) and keep the clocks' dates. Other times are shown in
    UTC or in the standard time of the zone, which is found if the offsets change and the user gave none.

    Raises:
        InputError: polars does not know the zone.
    """
    clocks = times + offsets.astype("timedelta64[us]") if zone is None else on_clocks(times, zone)
    if _are_days(clocks) and (clocks != times).any():
        whose = "their own clocks" if zone is None else f"the clocks of {zone}"
        return PlacedTimes(
            clocks,
            (f"Times are shown on {whose}, which show the same time of day in all rows.",),
            zone or "",
        )
    if zone is None:
        zone = _zone_of(times, offsets)
        if zone is not None:
            found = (f"The offsets of the times are those of {zone}.",)
            return replace(_in_standard_time(times, zone), decisions=found)
    return _in_standard_time(times, zone or "UTC")


def place_days(placed: PlacedTimes) -> PlacedTimes:
    """The times on the clocks of their zone, so that days begin at its midnight all year."""
    if placed.ahead is None or placed.zone in ("", "UTC"):
        return placed
    local = on_clocks(placed.times - np.timedelta64(placed.ahead, "us"), placed.zone)
    return replace(placed, times=local, ahead=None, shown=f"Days begin at midnight in {placed.zone}.")


def place_clock_times(
    clocks: Times, zone: str, series: Integers, column: str, where: Callable[[int], str]
) -> PlacedTimes:
    """Places times without an offset, read from the clocks of a zone.

    The order of the rows distinguishes the hours that clocks show twice in autumn: the first pass is daylight
    saving time, the second standard time. Only rows with the same number in `series` have an order. `column`
    and `where`, the place of a row in the file, are for messages.

    Raises:
        InputError: a time is in the hour that clocks skip in spring, or polars does not know the zone.
    """
    if _are_days(clocks):
        return PlacedTimes(clocks, (f"Times are days in {zone} and are unchanged.",), zone)
    first, second = (from_clocks(clocks, zone, later=later) for later in (False, True))
    left_out = np.isnat(first)
    if left_out.any():
        row = int(np.argmax(left_out))
        raise InputError(
            f"Column {column!r} has {COUNTED.text(clocks[row])} in {where(row)}, a time that the clocks of "
            f"{zone} skip; correct it, or change time_zone."
        )
    doubled = np.flatnonzero(first != second)
    times, decisions = first.copy(), []
    if len(doubled):
        newest_first = _is_newest_first(clocks, series)
        later = _second_pass(clocks[doubled], series[doubled], newest_first=newest_first)
        steady = distinct(first[first == second])
        times[doubled] = _in_step(first[doubled], second[doubled], later, steady)
        decisions.append(
            f"{counted(len(doubled), 'row')} in hours that the clocks of {zone} show twice are told apart by "
            "their order."
        )
    placed = _in_standard_time(times, zone)
    return replace(placed, decisions=tuple(decisions))


def find_zone(clocks: Times, series: Integers) -> str | None:
    """The zone of times without an offset, if rows repeat just the hours that its clocks show twice.

    Rows with the same number in `series` are one series. None unless every such hour that the file covers is
    there twice, nothing else is, and no time is one that the clocks skip.
    """
    order = np.lexsort((clocks, series))
    times, codes = clocks[order], series[order]
    again = (times[1:] == times[:-1]) & (np.diff(codes) == 0)
    if not again.any() or again.sum() > _MOST_DOUBLED * len(clocks) or _are_days(clocks):
        return None
    doubled, all_times = distinct(times[1:][again]), distinct(clocks)
    around = all_times[np.abs(all_times - doubled[:, np.newaxis]).min(axis=0) < _DAY]
    for zone in (*_COMMON, *sorted(zoneinfo.available_timezones())):
        try:
            first, second = (from_clocks(around, zone, later=later) for later in (False, True))
        except InputError:
            continue  # Python's list has zones that polars does not know.
        if np.array_equal(around[first != second], doubled):
            skipped = np.isnat(from_clocks(all_times, zone, later=False))
            return None if skipped.any() else zone
    return None


def place_midnights(times: Times, zone: str | None = None) -> PlacedTimes | None:
    """Places days whose local midnight is written in UTC, so that it jumps when the clocks change.

    The zone is found among all zones if the user gave none. None if the times are not such days.
    """
    jumps = _jumps(times)
    if jumps is None or (zone is None and len(times) < _LEAST_DAYS):
        return None
    zones = (zone,) if zone is not None else (*_COMMON, *sorted(zoneinfo.available_timezones()))
    found = {name: days for name in zones if (days := _days(jumps, name)) is not None}
    midnights = [name for name, days in found.items() if days[0] == days[0].astype("datetime64[D]")]
    for name in (*midnights, *found):
        if _days(times, name) is not None:
            what = "midnights" if name in midnights else "the same time of day"
            decision = f"Times are {what} of {name}, written in UTC, and are shown on its clocks."
            return PlacedTimes(on_clocks(times, name), (decision,), name)
    return None


def _zone_of(times: Times, offsets: Integers) -> str | None:
    """The zone whose clocks have these offsets, if they change; the best known one of several."""
    order = np.argsort(times, kind="stable")
    changes = np.flatnonzero(np.diff(offsets[order]))
    if not len(changes):
        return None
    beside = order[np.unique(np.concatenate([changes, changes + 1]))]
    for zone in (*_COMMON, *sorted(zoneinfo.available_timezones())):
        for rows in (beside, order):
            try:
                ahead = on_clocks(times[rows], zone) - times[rows]
            except InputError:
                break  # Python's list has zones that polars does not know.
            if (ahead.astype(np.int64) != offsets[rows]).any():
                break
        else:
            return zone
    return None


def _jumps(times: Times) -> Times | None:
    """The times beside each jump, if the time of day jumps to and fro by an hour or half one, and seldom."""
    ordered = np.sort(times)
    of_day = (ordered - ordered.astype("datetime64[D]")).astype(np.int64)
    apart = int(of_day.max() - of_day.min())
    jumps = np.flatnonzero(np.diff(of_day))
    years = float((ordered[-1] - ordered[0]) / np.timedelta64(366, "D"))
    if min(apart, 24 * HOUR - apart) not in (HOUR, HOUR // 2) or len(jumps) > 2 * years + 2:
        return None
    beside: Times = ordered[np.unique(np.concatenate([jumps, jumps + 1]))]
    return beside


def _days(times: Times, zone: str) -> Times | None:
    """The times on the clocks of a zone if they show the same time of day at all of them."""
    try:
        clocks = on_clocks(times, zone)
    except InputError:
        return None  # Python's list has zones that polars does not know.
    return clocks if _are_days(clocks) else None


def _are_days(clocks: Times) -> bool:
    """Whether all rows have the same time of day; two within a day may be an hour that clocks show twice."""
    if len(clocks) > 1 and clocks.max() - clocks.min() < _DAY:
        return False
    of_day = clocks - clocks.astype("datetime64[D]")
    return bool((of_day == of_day[0]).all())


def _in_standard_time(times: Times, zone: str) -> PlacedTimes:
    """UTC plus the zone's offset without daylight saving."""
    moment = np.clip(times.max(), _FIRST, _LAST).item().replace(tzinfo=datetime.UTC)
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    ahead = (local.utcoffset() or datetime.timedelta()) - (local.dst() or datetime.timedelta())
    if not ahead:
        return PlacedTimes(times, (), zone, 0, "Times are shown in UTC.")
    microseconds = ahead // datetime.timedelta(microseconds=1)
    hours, minutes = divmod(abs(microseconds) // MINUTE, HOUR // MINUTE)
    name = f"UTC{'-' if microseconds < 0 else '+'}{hours:02}:{minutes:02}"
    note = f"Times are shown in {name}, the standard time of {zone}."
    return PlacedTimes(times + np.timedelta64(microseconds, "us"), (), zone, microseconds, note)


def on_clocks(times: Times, zone: str) -> Times:
    """Times in UTC on the clocks of a zone; raises InputError if polars does not know the zone."""
    aware = pl.Series(times).dt.replace_time_zone("UTC")
    try:
        local = aware.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    except pl.exceptions.ComputeError:
        raise _unknown(zone) from None
    return local.to_numpy().astype("datetime64[us]")


def from_clocks(clocks: Times, zone: str, *, later: bool) -> Times:
    """Clock times in UTC; NaT for times that the clocks skip.

    Of a time that clocks show twice, this is the first pass, or with `later` the second.
    """
    try:
        aware = pl.Series(clocks).dt.replace_time_zone(
            zone, ambiguous="latest" if later else "earliest", non_existent="null"
        )
    except pl.exceptions.ComputeError:
        raise _unknown(zone) from None
    naive = aware.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return naive.to_numpy().astype("datetime64[us]")


def _unknown(zone: str) -> InputError:
    return InputError(f"time_zone: {zone!r} is not a time zone; write it like Europe/Berlin, or UTC.")


def _is_newest_first(clocks: Times, series: Integers) -> bool:
    order = np.argsort(series, kind="stable")
    steps = np.diff(clocks[order]).astype(np.int64)[np.diff(series[order]) == 0]
    return int((steps < 0).sum()) > int((steps > 0).sum())


def _in_step(first: Times, second: Times, later: Truths, steady: Times) -> Times:
    """The time of each row that is in step with other rows; if both or neither are, `later` decides."""
    chosen = np.where(later, second, first)
    if len(steady) < 2:
        return chosen
    step = usual_step(np.diff(steady).astype(np.int64))
    fits_first, fits_second = (
        (passed - steady[0]).astype(np.int64) % step == 0 for passed in (first, second)
    )
    return np.where(fits_first == fits_second, chosen, np.where(fits_second, second, first))


def _second_pass(clocks: Times, series: Integers, *, newest_first: bool) -> Truths:
    """Which rows in doubled hours belong to the second pass; rows are in the order of the file."""
    rows = np.arange(len(clocks))[:: -1 if newest_first else 1]
    ordered = distinct(clocks)
    change = np.cumsum(np.append(0, np.diff(ordered) > _ONE_CHANGE))[np.searchsorted(ordered, clocks)]
    rows = rows[np.lexsort((change[rows], series[rows]))]
    steps = np.diff(clocks[rows]).astype(np.int64)
    begins = np.append(True, (np.diff(series[rows]) != 0) | (np.diff(change[rows]) != 0))
    part = np.cumsum(begins) - 1
    back = np.append(False, steps < 0) & ~begins
    again = np.append(False, steps == 0) & ~begins
    # Rows sorted by their clocks have each time twice in a row; others start again once.
    has_back = np.bincount(part, weights=back)[part] > 0
    backs = np.cumsum(back)
    since = backs - backs[np.flatnonzero(begins)][part]
    second = np.zeros(len(clocks), dtype=bool)
    second[rows] = np.where(has_back, since > 0, again)
    return second
