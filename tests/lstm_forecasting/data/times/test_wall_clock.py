"""Rows that follow the clocks of a time zone."""

import datetime
import zoneinfo
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.wall_clock import are_skipped, offsets_of

ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Sao_Paulo")
ROWS = 5300
"""220 days of hours, in which clocks change at least once; 55 days of quarters of an hour."""


def moments(zone: str, start: datetime.date, minutes: int, count: int) -> list[datetime.datetime]:
    """Equally spaced moments, on the clocks of a zone."""
    first = datetime.datetime.combine(start, datetime.time(), datetime.UTC)
    step = datetime.timedelta(minutes=minutes)
    return [(first + number * step).astimezone(zoneinfo.ZoneInfo(zone)) for number in range(count)]


def read(tmp_path: Path, lines: list[str], **options: object) -> SeriesTable:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["t,x", *lines]) + "\n")
    return read_table(path, options=ReadOptions(**options))  # type: ignore[arg-type]


@given(
    zone=st.sampled_from(ZONES),
    start=st.dates(datetime.date(2008, 1, 1), datetime.date(2024, 1, 1)),
    minutes=st.sampled_from([15, 30, 60]),
    written=st.sampled_from(["clocks", "offsets", "utc"]),
)
def test_a_shape_of_the_local_day_stays_in_place_when_clocks_change(
    tmp_path_factory: pytest.TempPathFactory,
    zone: str,
    start: datetime.date,
    minutes: int,
    written: str,
) -> None:
    rows = moments(zone, start, minutes, ROWS)
    lines = []
    for moment in rows:
        shown = {
            "clocks": moment.replace(tzinfo=None),
            "offsets": moment,
            "utc": moment.astimezone(datetime.UTC),
        }[written]
        lines.append(f"{shown.isoformat()},{moment.hour + moment.minute / 60}")
    table = read(tmp_path_factory.mktemp("clocks"), lines, time_zone=zone)
    assert table.times is not None
    of_day = (table.times - table.times.astype("datetime64[D]")).astype(np.int64) / 3.6e9
    observed = ~table.filled[:, 0]
    np.testing.assert_allclose(table.values[observed, 0], of_day[observed])
    assert (are_skipped(table.times, zone) == ~observed).all()
    assert table.missing_stamps == 0
    assert np.unique(np.diff(table.times)).tolist() == [datetime.timedelta(minutes=minutes)]


def test_a_time_that_occurs_three_times_is_left_for_the_rule_for_duplicates(tmp_path: Path) -> None:
    hours = ["00:00", "01:00", "02:00", "02:00", "02:00", "03:00", "04:00"]
    lines = [f"2016-10-30 {hour},{place}" for place, hour in enumerate(hours)]
    options = {"time_zone": "Europe/Berlin", "duplicates": "first"}
    assert read(tmp_path, lines, **options).values[:, 0].tolist() == [0, 1, 2, 5, 6]


def test_a_value_missing_in_one_pass_is_that_of_the_other(tmp_path: Path) -> None:
    hours = [("00:00", "1"), ("01:00", "2"), ("02:00", ""), ("02:00", "4"), ("03:00", "5")]
    lines = [f"2016-10-30 {hour},{value}" for hour, value in hours]
    table = read(tmp_path, lines, time_zone="Europe/Berlin")
    assert table.values[:, 0].tolist() == [1, 2, 4, 5]
    assert not table.filled.any()


def test_skipped_times_are_not_refused_as_missing_values(tmp_path: Path) -> None:
    lines = [f"2016-03-27 {hour}:00,{hour}" for hour in ("00", "01", "03", "04", "05")]
    table = read(tmp_path, lines, time_zone="Europe/Berlin", missing="refuse")
    assert table.filled[:, 0].tolist() == [False, False, True, False, False, False]


def test_offsets_of_times_on_clocks() -> None:
    times = np.array(
        ["2016-03-27T01:00", "2016-03-27T02:00", "2016-03-27T03:00", "2016-10-30T02:00"], "datetime64[us]"
    )
    assert offsets_of(times, "Europe/Berlin") == ["+01:00", "", "+02:00", "+02:00"]
    assert offsets_of(times[:1], "America/St_Johns") == ["-02:30"]
