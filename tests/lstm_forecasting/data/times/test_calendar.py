import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK

MONTH_ENDS = Frequency("months", 1, day=31)
BUSINESS = Frequency("business days")


def stamp(text: str) -> np.datetime64:
    return np.datetime64(text, "us")


@pytest.mark.parametrize(
    ("frequency", "name", "step"),
    [
        (Frequency("fixed", SECOND), "secondly", "second"),
        (Frequency("fixed", SECOND // 2), "every 0.5 seconds", "0.5 seconds"),
        (Frequency("fixed", MINUTE), "minutely", "minute"),
        (Frequency("fixed", 15 * MINUTE), "every 15 minutes", "15 minutes"),
        (Frequency("fixed", 90 * MINUTE), "every 90 minutes", "90 minutes"),
        (Frequency("fixed", HOUR), "hourly", "hour"),
        (Frequency("fixed", DAY), "daily", "day"),
        (Frequency("fixed", WEEK), "weekly", "week"),
        (Frequency("fixed", 2 * WEEK), "every 2 weeks", "2 weeks"),
        (BUSINESS, "business-daily", "business day"),
        (Frequency("months"), "monthly", "month"),
        (MONTH_ENDS, "monthly (month ends)", "month"),
        (Frequency("months", 3), "quarterly", "quarter"),
        (Frequency("months", 3, day=31), "quarterly (month ends)", "quarter"),
        (Frequency("months", 6), "every 6 months", "6 months"),
        (Frequency("months", 12), "yearly", "year"),
        (Frequency("months", 1, 31, "last business day"), "monthly (last business days)", "month"),
        (COUNTED, "numbered rows", "row"),
    ],
)
def test_frequencies_have_names_in_words(frequency: Frequency, name: str, step: str) -> None:
    assert (frequency.name, frequency.step) == (name, step)


@pytest.mark.parametrize(
    ("frequency", "origin", "following"),
    [
        (Frequency("fixed", HOUR), "2016-12-31T22:00", ["2016-12-31T23:00", "2017-01-01T00:00"]),
        (Frequency("fixed", DAY), "2016-02-28", ["2016-02-29", "2016-03-01"]),
        (MONTH_ENDS, "2016-01-31", ["2016-02-29", "2016-03-31", "2016-04-30"]),
        (MONTH_ENDS, "2015-02-28", ["2015-03-31", "2015-04-30"]),
        (Frequency("months", 1, day=30), "2015-02-28", ["2015-03-30", "2015-04-30", "2015-05-30"]),
        (Frequency("months", 3), "1959-10-01", ["1960-01-01", "1960-04-01"]),
        (Frequency("months", 12, day=31), "2015-02-28", ["2016-02-29", "2017-02-28"]),
        (BUSINESS, "2016-07-01", ["2016-07-04", "2016-07-05"]),
        (BUSINESS, "2016-07-01T17:30", ["2016-07-04T17:30"]),
        (Frequency("months", 1, 1, "first business day"), "2016-04-01", ["2016-05-02", "2016-06-01"]),
        (Frequency("months", 1, 31, "last business day"), "2016-03-31", ["2016-04-29", "2016-05-31"]),
    ],
)
def test_future_times_follow_the_calendar(frequency: Frequency, origin: str, following: list[str]) -> None:
    assert frequency.times(stamp(origin), 1, len(following)).tolist() == [
        stamp(text).item() for text in following
    ]


FREQUENCIES = st.one_of(
    st.builds(Frequency, st.just("fixed"), st.sampled_from([SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, WEEK])),
    st.just(BUSINESS),
    st.builds(Frequency, st.just("months"), st.sampled_from([1, 2, 3, 6, 12]), st.integers(1, 31)),
    st.builds(
        Frequency,
        st.just("months"),
        st.sampled_from([1, 3, 12]),
        st.just(1),
        st.sampled_from(["first business day", "last business day"]),
    ),
)


@given(
    frequency=FREQUENCIES, moment=st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2200, 1, 1))
)
def test_advance_agrees_with_times_and_with_steps_from(
    frequency: Frequency, moment: datetime.datetime
) -> None:
    # Any moment leads onto the calendar: that is its first time.
    origin = frequency.times(np.datetime64(moment, "us"), 0, 1)[0]
    times = frequency.times(origin, 0, 30)
    assert (np.diff(times).astype(np.int64) > 0).all()
    assert [frequency.advance(origin, step) for step in range(30)] == list(times)
    assert [frequency.advance(times[-1], step - 29) for step in range(30)] == list(times)
    assert frequency.steps_from(origin, times).tolist() == list(range(30))
    assert frequency.steps_from(origin, times[1:] + np.timedelta64(1, "us")).tolist() == [-1] * 29


def test_counted_rows_have_no_times() -> None:
    with pytest.raises(ValueError, match="no times"):
        COUNTED.advance(stamp("2016-01-01"), 1)
    with pytest.raises(ValueError, match="no times"):
        COUNTED.steps_from(stamp("2016-01-01"), np.array([stamp("2016-01-02")]))


@pytest.mark.parametrize(
    ("frequency", "time", "text"),
    [
        (Frequency("months", 12), "1700-01-01", "1700"),
        (Frequency("months", 12, day=31), "1700-12-31", "1700-12-31"),
        (Frequency("months", 3), "1959-07-01", "1959Q3"),
        (Frequency("months", 3), "1959-02-01", "1959-02"),
        (Frequency("months", 1), "1959-02-01", "1959-02"),
        (MONTH_ENDS, "1959-02-28", "1959-02-28"),
        (Frequency("fixed", DAY), "2016-07-01", "2016-07-01"),
        (Frequency("fixed", DAY), "10000-01-01", "10000-01-01 00:00:00.000000"),
        (Frequency("fixed", DAY), "2016-07-01T06:00", "2016-07-01 06:00"),
        (Frequency("fixed", HOUR), "2016-07-01", "2016-07-01 00:00"),
        (Frequency("fixed", SECOND), "2016-07-01T00:01", "2016-07-01 00:01:00"),
        (Frequency("fixed", SECOND // 4), "2016-07-01T00:01", "2016-07-01 00:01:00.000000"),
    ],
)
def test_times_are_written_as_people_write_them(frequency: Frequency, time: str, text: str) -> None:
    assert frequency.text(stamp(time)) == text
