import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.options import DateOrder
from lstm_forecasting.data.times.durations import HOUR
from lstm_forecasting.data.times.text_times import (
    ParsedTimes,
    parse_clocks,
    parse_numeric_times,
    parse_times,
    whole_numbers,
)


def parse(*texts: str | None) -> ParsedTimes:
    parsed = parse_times(pl.Series(texts, dtype=pl.String))
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("texts", "times"),
    [
        (("2016-07-01", "2016-07-02"), ("2016-07-01", "2016-07-02")),
        (("2016-7-1",), ("2016-07-01",)),
        (("2016/07/01", "2016/12/31"), ("2016-07-01", "2016-12-31")),
        (("2016.07.01",), ("2016-07-01",)),
        (("2016-07-01 00:00:00", "2016-07-01 13:05:59"), ("2016-07-01", "2016-07-01T13:05:59")),
        (("2016-07-01T13:05",), ("2016-07-01T13:05",)),
        (
            ("2016-07-01 13:05:59.25", "2016-07-01 13:05:59,123456789"),
            ("2016-07-01T13:05:59.25", "2016-07-01T13:05:59.123456"),
        ),
        (("2016-07-01T13:05:00Z", "2016-07-01T13:05:00Z"), ("2016-07-01T13:05", "2016-07-01T13:05")),
        (("2016-10-30 02:30+02:00", "2016-10-30 02:30+0100"), ("2016-10-30T00:30", "2016-10-30T01:30")),
        (("2016-07-01 00:30-05:30",), ("2016-07-01T06:00",)),
        (
            ("2016-07-01 12:00 AM", "2016-07-01 12:30 pm", "2016-07-01 1:00 PM"),
            ("2016-07-01", "2016-07-01T12:30", "2016-07-01T13:00"),
        ),
        (("2016-07-01 24:00",), ("2016-07-02",)),
        (("2016-07-01", "2016-07-02 12:00"), ("2016-07-01", "2016-07-02T12:00")),
        (("01.02.2016", "1.3.2016"), ("2016-02-01", "2016-03-01")),
        (("01.02.2016 13:30", "01.02.16 14:00"), ("2016-02-01T13:30", "2016-02-01T14:00")),
        (("13/02/2016", "01/03/2016"), ("2016-02-13", "2016-03-01")),
        (("02/13/2016", "03/01/2016"), ("2016-02-13", "2016-03-01")),
        (("02-13-2016 10:00", "03-01-2016 11:00"), ("2016-02-13T10:00", "2016-03-01T11:00")),
        (("1959-01", "1959-02"), ("1959-01-01", "1959-02-01")),
        (("1959/01",), ("1959-01-01",)),
        (("1959M01", "1959m12"), ("1959-01-01", "1959-12-01")),
        (("01/1959",), ("1959-01-01",)),
        (("1959Q1", "1959Q4"), ("1959-01-01", "1959-10-01")),
        (("1959-Q2", "1959 q3"), ("1959-04-01", "1959-07-01")),
        (("Q1 1959", "Q2-1959"), ("1959-01-01", "1959-04-01")),
        (("2015/Q1", "15Q4"), ("2015-01-01", "2015-10-01")),
        (("1Q15", "4Q2015"), ("2015-01-01", "2015-10-01")),
        (("2015H1", "2015-H2"), ("2015-01-01", "2015-07-01")),
        (("H2 2015", "S1-2016"), ("2015-07-01", "2016-01-01")),
        (("1H2015", "2S 2015"), ("2015-01-01", "2015-07-01")),
        (("2016 W1", "2016/KW02"), ("2016-01-04", "2016-01-11")),
        (("week 1 2016", "CW02/2016", "W3-2016"), ("2016-01-04", "2016-01-11", "2016-01-18")),
        (("10/03/2004 18.00.00", "13/03/2004 19.30.00"), ("2004-03-10T18:00", "2004-03-13T19:30")),
        (("2016-07-01 1:05 p.m.",), ("2016-07-01T13:05",)),
        (("2016-W01", "2015-W53"), ("2016-01-04", "2015-12-28")),
        (("2016-W01-7", "2016W02-1"), ("2016-01-10", "2016-01-11")),
        (("1 Jan 2016", "02-Feb-16"), ("2016-01-01", "2016-02-02")),
        (("Jan. 1, 2016", "February 29 2016"), ("2016-01-01", "2016-02-29")),
        (("JAN 2016", "sept 2016"), ("2016-01-01", "2016-09-01")),
        (("Jan-16", "Dec-99"), ("2016-01-01", "1999-12-01")),
        (("2016 Jan", "2016-Mar"), ("2016-01-01", "2016-03-01")),
    ],
)
def test_the_ways_of_writing_dates(texts: tuple[str, ...], times: tuple[str, ...]) -> None:
    parsed = parse(*texts)
    assert parsed.wrong is None
    assert not parsed.ambiguous
    assert parsed.times.tolist() == np.array(times, dtype="datetime64[us]").tolist()


@pytest.mark.parametrize(
    ("title", "texts", "times"),
    [
        ("quarter", ("1-2015", "4-2015"), ("2015-01-01", "2015-10-01")),
        ("Quartal", ("2015/1", "2015/04"), ("2015-01-01", "2015-10-01")),
        ("half", ("1/2015", "2/2015"), ("2015-01-01", "2015-07-01")),
        ("Semester", ("2015-1", "2015-2"), ("2015-01-01", "2015-07-01")),
        ("week", ("07/2015", "8/2015"), ("2015-02-09", "2015-02-16")),
        ("KW", ("201507", "201508"), ("2015-02-09", "2015-02-16")),
        ("Month", ("1-01", "3-12"), ("0001-01-01", "0003-12-01")),
        ("date", ("1-2015", "4-2015"), ("2015-01-01", "2015-04-01")),
        ("week", ("2015-02-09", "2015-02-16"), ("2015-02-09", "2015-02-16")),
    ],
)
def test_a_title_tells_quarters_and_weeks_from_months(
    title: str, texts: tuple[str, ...], times: tuple[str, ...]
) -> None:
    parsed = parse_times(pl.Series(texts, dtype=pl.String), title=(title.lower(),))
    assert parsed is not None
    assert parsed.wrong is None
    assert parsed.times.tolist() == np.array(times, dtype="datetime64[us]").tolist()


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        (("18:00", "19:30"), (18, 19.5)),
        (("18.00.00", "19.30.00"), (18, 19.5)),
        (("12 AM", "1:30 pm", "2 p.m."), None),
        (("12 AM", "1 pm", "2 p.m."), (0, 13, 14)),
        (("24:00", "0:00"), (24, 0)),
        (("18:00", "25:00"), None),
        (("18:00", None), None),
        (("18:00", "noon"), None),
    ],
)
def test_clocks_without_a_date(texts: tuple[str | None, ...], hours: tuple[float, ...] | None) -> None:
    clocks = parse_clocks(pl.Series(texts, dtype=pl.String))
    assert (None if clocks is None else tuple((clocks / HOUR).tolist())) == hours


@given(st.lists(st.datetimes(datetime.datetime(1000, 1, 1), datetime.datetime(9998, 1, 1)), min_size=1))
def test_iso_datetimes_survive(moments: list[datetime.datetime]) -> None:
    expected = np.array(moments, dtype="datetime64[us]").tolist()
    for separator in ("T", " "):
        texts = [moment.isoformat(sep=separator, timespec="microseconds") for moment in moments]
        assert parse(*texts).times.tolist() == expected


@given(st.lists(st.dates(datetime.date(1000, 1, 1), datetime.date(9998, 1, 1)), min_size=1))
def test_iso_weeks_survive(dates: list[datetime.date]) -> None:
    texts = ["{}-W{:02}-{}".format(*date.isocalendar()) for date in dates]
    assert [moment.date() for moment in parse(*texts).times.tolist()] == dates


@pytest.mark.parametrize("order", ["%d/%m/%Y", "%m/%d/%Y"])
@given(
    start=st.dates(datetime.date(1950, 1, 1), datetime.date(2050, 1, 1)),
    step=st.integers(1, 9),
    rows=st.integers(32, 60),
)
def test_the_whole_column_tells_days_from_months(
    order: str, start: datetime.date, step: int, rows: int
) -> None:
    dates = [start + datetime.timedelta(days=step * row) for row in range(rows)]
    parsed = parse(*(date.strftime(order) for date in dates))
    assert [moment.date() for moment in parsed.times.tolist()] == dates
    assert ("day" if order.startswith("%d") else "month") in parsed.notes[0]


@pytest.mark.parametrize("order", ["{day:02}/{month:02}/{year}", "{month:02}/{day:02}/{year}"])
def test_months_without_a_day_above_12_are_told_by_their_regular_steps(order: str) -> None:
    texts = [order.format(day=1, month=month, year=year) for year in (2015, 2016) for month in range(1, 13)]
    parsed = parse(*texts)
    assert parsed.times.tolist() == [
        datetime.datetime(year, month, 1) for year in (2015, 2016) for month in range(1, 13)
    ]
    assert "equally spaced" in parsed.notes[0]


def test_quarters_are_told_by_their_regular_steps() -> None:
    texts = [f"1/{month}/{year}" for year in (2015, 2016, 2017) for month in (1, 4, 7, 10)]
    assert [moment.month for moment in parse(*texts).times.tolist()] == [1, 4, 7, 10] * 3


def test_what_neither_numbers_nor_steps_tell_is_ambiguous() -> None:
    assert parse(*(f"1/{number}/2016" for number in range(1, 13))).ambiguous


def test_offsets_and_short_years_are_said() -> None:
    assert parse("2016-07-01T13:05:00Z").offsets.tolist() == [0]  # type: ignore[union-attr]
    assert parse("2016-07-01T13:05:00-05:30").offsets.tolist() == [-5.5 * HOUR]  # type: ignore[union-attr]
    assert parse("2016-07-01T13:05:00").offsets is None
    assert "Two-digit years" in parse("01.02.16").notes[0]


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (("2016-02-28", "2016-02-30"), 1),
        (("2016-13-01",), 0),
        (("2016-01-01 25:00",), 0),
        (("2016-01-01 24:01",), 0),
        (("2016-01-01 12:60",), 0),
        (("2016-01-01 13:00 PM",), 0),
        (("2015-W54",), 0),
        (("2016-W53",), 0),
        (("31.04.2016",), 0),
        (("2016-01-01 10:00Z", "2016-01-01 11:00"), 1),
        ((*("2016-01-01",) * 30, "soon"), 30),
    ],
)
def test_what_is_no_time_is_found(texts: tuple[str, ...], wrong: int) -> None:
    parsed = parse(*texts)
    assert parsed.wrong == wrong
    assert np.isnat(parsed.times[wrong])


def test_missing_times_are_not_a_time() -> None:
    parsed = parse("2016-01-01", None, "2016-01-03")
    assert parsed.wrong is None
    assert np.isnat(parsed.times).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "text", ["1.5", "rain", "192.168.1.1", "١٢/٠٢/٢٠١٦", "12", "1700", "555-1234", "2016-07-01 rain", ""]
)
def test_other_text_is_no_time(text: str) -> None:
    assert parse_times(pl.Series([text] * 5)) is None
    assert parse_times(pl.Series([], dtype=pl.String)) is None
    assert parse_times(pl.Series([None, None], dtype=pl.String)) is None


@pytest.mark.parametrize(
    ("texts", "time", "words"),
    [
        (("1700", "1701.0"), "1700-01-01", "years"),
        (("20160701", "20160702"), "2016-07-01", "dates such as 20160701"),
        (("201607", "201608"), "2016-07-01", "months such as 201607"),
        (("1467331200", "1467334800"), "2016-07-01", "seconds since 1970"),
        (("1467331200000",), "2016-07-01", "milliseconds since 1970"),
    ],
)
def test_whole_numbers_that_may_be_times(texts: tuple[str, ...], time: str, words: str) -> None:
    found = parse_numeric_times(pl.Series(texts))
    assert found is not None
    assert found[0] == words
    parsed = found[1]
    assert parsed.times[0] == np.datetime64(time)
    assert parsed.notes == (f"Whole numbers are read as {words}.",)


@pytest.mark.parametrize("texts", [("1", "2"), ("20161301",), ("99999999",), ("1700.5",), ("1700", "x")])
def test_whole_numbers_that_are_no_times(texts: tuple[str, ...]) -> None:
    assert parse_numeric_times(pl.Series(texts)) is None


def test_whole_numbers_are_read() -> None:
    assert whole_numbers(pl.Series(["1", "2.0", "12"])).tolist() == [1, 2, 12]  # type: ignore[union-attr]
    assert whole_numbers(pl.Series(["1", None])) is None
    assert whole_numbers(pl.Series(["1", "2.5"])) is None


@pytest.mark.parametrize(
    ("order", "text", "time"),
    [
        ("day-first", "1/2/2016", "2016-02-01"),
        ("month-first", "1/2/2016", "2016-01-02"),
        ("month-first", "01.02.2016 13:00", "2016-01-02T13:00"),
        ("day-first", "1-2-16", "2016-02-01"),
        ("year-first", "16-2-01", "2016-02-01"),
        ("year-first", "99/12/31", "1999-12-31"),
        ("month-first", "2016-02-01", "2016-02-01"),
    ],
)
def test_an_order_that_the_user_names_is_taken(order: DateOrder, text: str, time: str) -> None:
    parsed = parse_times(pl.Series([text]), order)
    assert parsed is not None
    assert parsed.times.tolist() == np.array([time], dtype="datetime64[us]").tolist()
    assert not any("first" in note for note in parsed.notes)


def test_an_order_that_gives_no_real_date_is_wrong() -> None:
    parsed = parse_times(pl.Series(["1/2/2016", "1/31/2016"]), "day-first")
    assert parsed is not None
    assert (parsed.wrong, parsed.order) == (1, "day-first")


@pytest.mark.parametrize("order", ["%d/%m/%y", "%m/%d/%y", "%y/%m/%d"])
@given(start=st.dates(datetime.date(1990, 1, 1), datetime.date(2050, 1, 1)), rows=st.integers(60, 90))
def test_short_years_are_told_from_days_and_months(order: str, start: datetime.date, rows: int) -> None:
    dates = [start + datetime.timedelta(days=row) for row in range(rows)]
    parsed = parse(*(date.strftime(order) for date in dates))
    assert not parsed.ambiguous
    assert [moment.date() for moment in parsed.times.tolist()] == dates
