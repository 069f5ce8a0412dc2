import datetime
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.times.calendar import Times
from lstm_forecasting.data.times.zones import (
    PlacedTimes,
    place_clock_times,
    place_midnights,
    place_offset_times,
)
from lstm_plugins.errors import InputError

BERLIN = "Europe/Berlin"
ZONES = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])


def stamps(*texts: str) -> Times:
    return np.array(texts, dtype="datetime64[us]")


def hours(*numbers: float) -> np.ndarray:
    return np.array([round(number * 3_600_000_000) for number in numbers], dtype=np.int64)


def on_clocks(times: Times, zone: str) -> Times:
    """What the clocks show, by Python's own rules."""
    moments = (moment.replace(tzinfo=datetime.UTC) for moment in times.tolist())
    return stamps(*(moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) for moment in moments))


def place(clocks: Times, zone: str = BERLIN, series: list[int] | None = None) -> PlacedTimes:
    codes = np.array(series or [0] * len(clocks), dtype=np.int64)
    return place_clock_times(clocks, zone, codes, "date", lambda row: f"line {row + 2}")


@given(
    zone=ZONES,
    start=st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2030, 1, 1)),
    minutes=st.sampled_from([10, 15, 30, 60]),
    newest_first=st.booleans(),
)
def test_clocks_that_change_become_equal_steps(
    zone: str, start: datetime.datetime, minutes: int, newest_first: bool
) -> None:
    first = np.datetime64(start.replace(minute=0, second=0, microsecond=0), "us")
    # Several weeks around the changes of spring and autumn.
    times = first + np.arange(0, 60 * 24 * 20, minutes) * np.timedelta64(1, "m")
    clocks = on_clocks(times, zone)
    placed = place(clocks[::-1] if newest_first else clocks, zone).times
    placed = placed[::-1] if newest_first else placed
    assert (np.diff(placed) == np.timedelta64(minutes, "m")).all()
    apart = (placed - clocks).astype("timedelta64[m]").astype(int)
    # Shown in standard time: what the clocks show, or, in summer, half an hour or one less.
    assert set(apart.tolist()) <= {0, -30, -60}


def test_the_doubled_hour_is_told_apart_by_the_order_of_the_rows() -> None:
    placed = place(stamps(*(f"2016-10-30 {hour}" for hour in ("01:30", "02:00", "02:30", "02:00", "02:30"))))
    assert (
        placed.times.tolist()
        == stamps(*(f"2016-10-30 {hour}" for hour in ("00:30", "01:00", "01:30", "02:00", "02:30"))).tolist()
    )
    assert placed.decisions == (
        "4 rows in hours that the clocks of Europe/Berlin show twice are told apart by their order.",
    )
    assert placed.shown == "Times are shown in UTC+01:00, the standard time of Europe/Berlin."


def test_rows_sorted_by_their_clocks_have_each_doubled_time_twice() -> None:
    placed = place(stamps(*(f"2016-10-30 {hour}" for hour in ("01:30", "02:00", "02:00", "02:30", "02:30"))))
    assert (
        sorted(placed.times.tolist())
        == stamps(*(f"2016-10-30 {hour}" for hour in ("00:30", "01:00", "01:30", "02:00", "02:30"))).tolist()
    )


def test_rows_of_different_series_are_not_taken_for_two_passes() -> None:
    clocks = stamps(
        *(f"2016-10-30 {hour}" for hour in ("01:00", "01:00", "02:00", "02:00", "02:00", "02:00"))
    )
    placed = place(clocks, series=[0, 1, 0, 1, 0, 1])
    assert [moment.hour for moment in placed.times.tolist()] == [0, 0, 1, 1, 2, 2]


def test_the_hour_that_clocks_leave_out_is_refused_with_its_place() -> None:
    with pytest.raises(
        InputError,
        match="'date' has 2016-03-27 02:30 in line 3, a time that the clocks of Europe/Berlin skip",
    ):
        place(stamps("2016-03-27 01:30", "2016-03-27 02:30", "2016-03-27 03:30"))


def test_days_of_a_zone_stay_days() -> None:
    clocks = stamps("2016-10-29", "2016-10-30", "2016-10-31")
    assert place(clocks).times.tolist() == clocks.tolist()
    days = stamps("2016-10-28T22:00", "2016-10-29T22:00", "2016-10-30T23:00")
    placed = place_offset_times(days, hours(0, 0, 0), BERLIN)
    assert placed.times.tolist() == clocks.tolist()
    assert "clocks of Europe/Berlin" in placed.decisions[0]


def test_midnights_with_changing_offsets_are_days() -> None:
    placed = place_offset_times(
        stamps("2016-10-28T22:00", "2016-10-29T22:00", "2016-10-30T23:00"), hours(2, 2, 1), None
    )
    assert placed.times.tolist() == stamps("2016-10-29", "2016-10-30", "2016-10-31").tolist()
    assert "their own clocks" in placed.decisions[0]


def test_hours_with_offsets_are_shown_in_utc_or_in_the_zone() -> None:
    times = stamps("2016-10-30T00:00", "2016-10-30T01:00")
    placed = place_offset_times(times, hours(1, 1), None)
    assert placed.times.tolist() == times.tolist()
    assert (placed.shown, placed.ahead) == ("Times are shown in UTC.", 0)
    offsets = hours(2, 1)
    placed = place_offset_times(times, offsets, None)
    assert placed.times.tolist() == stamps("2016-10-30T01:00", "2016-10-30T02:00").tolist()
    assert placed.decisions == ("The offsets of the times are those of Europe/Berlin.",)
    placed = place_offset_times(times, offsets, "Asia/Kolkata")
    assert placed.times.tolist() == stamps("2016-10-30T05:30", "2016-10-30T06:30").tolist()
    assert "UTC+05:30, the standard time of Asia/Kolkata" in placed.shown
    assert "UTC-05:00" in place_offset_times(times, offsets, "America/New_York").shown


@pytest.mark.exhaustive
@given(
    zone=st.sampled_from(["America/New_York", BERLIN, "Australia/Lord_Howe", "Asia/Kolkata"]),
    start=st.dates(datetime.date(2008, 1, 1), datetime.date(2015, 1, 1)),
    asked=st.booleans(),
)
def test_midnights_written_in_utc_become_days(zone: str, start: datetime.date, asked: bool) -> None:
    clocks = np.datetime64(start, "D") + np.arange(400)
    own = zoneinfo.ZoneInfo(zone)
    moments = (datetime.datetime.combine(day, datetime.time(), own) for day in clocks.tolist())
    times = stamps(*(moment.astimezone(datetime.UTC).replace(tzinfo=None) for moment in moments))
    placed = place_midnights(times, zone if asked else None)
    if zone == "Asia/Kolkata":
        assert placed is None
        return
    assert placed is not None
    assert placed.times.tolist() == clocks.astype("datetime64[us]").tolist()
    assert placed.decisions == (
        f"Times are midnights of {placed.zone}, written in UTC, and are shown on its clocks.",
    )


def test_what_only_looks_like_midnights_stays() -> None:
    days = stamps("2021-01-01") + np.arange(30) * np.timedelta64(1, "D")
    to_and_fro = days + np.arange(30) % 2 * np.timedelta64(1, "h")
    for times in (days, to_and_fro, days[:5] + np.array([0, 0, 1, 1, 1], dtype="timedelta64[h]")):
        assert place_midnights(times) is None
