import datetime

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lstm_forecasting.data.times.calendar import Frequency, Times
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK
from lstm_forecasting.data.times.spacing import Spacing, find_spacing
from lstm_plugins.errors import InputError


def find(times: Times) -> Spacing:
    return find_spacing(times, "date", lambda row: f"line {row + 2}")


def stamps(*texts: str) -> Times:
    return np.array(texts, dtype="datetime64[us]")


CALENDARS = st.sampled_from(
    [
        (Frequency("fixed", SECOND), 60),
        (Frequency("fixed", 10 * MINUTE), 60),
        (Frequency("fixed", HOUR), 60),
        (Frequency("fixed", DAY), 60),
        (Frequency("fixed", WEEK), 60),
        (Frequency("business days"), 60),
        (Frequency("months", 1, 1), 60),
        (Frequency("months", 1, 31), 60),
        (Frequency("months", 1, 30), 60),
        (Frequency("months", 1, 1, "first business day"), 60),
        (Frequency("months", 1, 31, "last business day"), 60),
        (Frequency("months", 3, 1), 60),
        (Frequency("months", 3, 31), 60),
        (Frequency("months", 12, 1), 60),
    ]
)


@given(
    calendar=CALENDARS,
    moment=st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2100, 1, 1)),
    removed=st.sets(st.integers(1, 58), max_size=18),
    randomness=st.randoms(use_true_random=False),
)
def test_a_calendar_with_removed_rows_is_found_with_exactly_these_gaps(
    calendar: tuple[Frequency, int], moment: datetime.datetime, removed: set[int], randomness: object
) -> None:
    frequency, rows = calendar
    times = frequency.times(np.datetime64(moment, "us"), 0, rows)
    kept = [row for row in range(rows) if row not in removed]
    # Without two neighbours, nothing tells a day with gaps from every other day.
    steps, counts = np.unique(np.diff(kept), return_counts=True)
    assume(steps[np.argmax(counts)] == 1)
    shuffled = list(kept)
    randomness.shuffle(shuffled)  # type: ignore[attr-defined]
    found = find(times[shuffled])
    # A few weekdays without rows are holidays.
    assume(found.frequency.sessions is None)
    assert found.frequency == frequency
    assert found.rows == rows
    assert found.positions.tolist() == kept
    assert [shuffled[row] for row in found.order] == kept
    assert (found.frequency.times(found.start, 0, rows) == times).all()


@pytest.mark.parametrize(
    ("times", "frequency"),
    [
        (stamps("2016-01-01", "2016-02-01"), Frequency("months", 1, 1)),
        (stamps("2015-02-01", "2015-03-01"), Frequency("months", 1, 1)),
        (stamps("2016-01-31", "2016-02-29"), Frequency("months", 1, 31)),
        (stamps("2016-06-30", "2016-09-30"), Frequency("months", 3, 31)),
        (stamps("2016-01-15", "2017-01-15"), Frequency("months", 12, 15)),
        (stamps("2016-01-04", "2016-02-01", "2016-02-29", "2016-03-28"), Frequency("fixed", 4 * WEEK)),
        (stamps("2016-01-04", "2016-01-05"), Frequency("fixed", DAY)),
        (stamps("2016-01-01T09:00", "2016-01-01T09:05"), Frequency("fixed", 5 * MINUTE)),
        (stamps("2016-07-01", "2016-07-04", "2016-07-05", "2016-07-06"), Frequency("business days")),
        (stamps("2016-07-01", "2016-07-08", "2016-07-15"), Frequency("fixed", WEEK)),
    ],
)
def test_few_rows_are_enough(times: Times, frequency: Frequency) -> None:
    assert find(times).frequency == frequency


def test_weekdays_with_a_public_holiday_are_business_days_without_a_gap() -> None:
    times = np.arange("2016-12-05", "2017-01-14", dtype="datetime64[D]").astype("datetime64[us]")
    working = times[np.is_busday(times.astype("datetime64[D]"), holidays=["2016-12-26"])]
    found = find(working)
    assert found.frequency.name == "business-daily"
    assert found.rows == len(working)
    assert found.decisions == ("1 weekday without rows is treated as a holiday, not as a gap.",)
    later = found.frequency.times(found.frequency.times(found.start, 0, found.rows)[-1], 1, 2)
    assert later.astype("datetime64[D]").astype(str).tolist() == ["2017-01-16", "2017-01-17"]


def test_weekdays_that_are_often_missing_are_gaps() -> None:
    times = np.arange("2016-12-05", "2017-03-04", dtype="datetime64[D]").astype("datetime64[us]")
    weekdays = times[np.is_busday(times.astype("datetime64[D]"))]
    found = find(np.delete(weekdays, slice(3, None, 4)))
    assert found.frequency == Frequency("business days")
    assert found.rows == len(weekdays)


def test_rows_outside_of_sessions_are_left_out() -> None:
    hours = np.arange("2024-01-01T09", "2024-06-01T09", dtype="datetime64[h]").astype("datetime64[us]")
    of_day = (hours - hours.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    open_hours = hours[np.is_busday(hours.astype("datetime64[D]")) & (of_day >= 9) & (of_day < 17)]
    times = np.append(open_hours, np.datetime64("2024-02-03T10", "us"))
    found = find(times)
    assert found.frequency.name == "hourly in sessions"
    assert found.rows == len(found.order) == len(open_hours)
    assert len(times) - 1 not in found.order
    assert found.decisions[1:] == (
        "Rows follow sessions: 8 steps a day from 09:00, Monday to Friday.",
        f"1 row outside of the sessions is left out, the first in line {len(times) + 1}.",
    )


def test_rows_in_reverse_are_said_to_be_newest_first() -> None:
    found = find(stamps("2016-01-03", "2016-01-02", "2016-01-01"))
    assert found.order.tolist() == [2, 1, 0]
    assert found.decisions == ("The rows are newest first and are reversed.",)


def test_rows_out_of_order_are_counted() -> None:
    found = find(stamps("2016-01-01", "2016-01-03", "2016-01-02", "2016-01-04"))
    assert found.positions.tolist() == [0, 1, 2, 3]
    assert found.decisions == ("1 row is earlier than the row above; rows are sorted by date.",)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (
            stamps("2016-01-01", "2016-01-02", "2016-01-03", "2016-01-03T12:00", "2016-01-04", "2016-01-05"),
            "not equally spaced: 2016-01-03 12:00 in line 5 comes 12 hours after the previous time, where"
            " 1 day is usual",
        ),
        (
            stamps("2016-01-01", "2016-01-02", "2016-01-20"),
            "only 15 % of the times of its calendar .daily from 2016-01-01",
        ),
        (stamps("2016-01-01"), "single time, 2016-01-01"),
    ],
)
def test_what_is_no_calendar_is_refused(times: Times, message: str) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        find(times)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("asked", "times", "positions", "found"),
    [
        (Frequency("fixed", DAY), stamps("2016-01-01", "2016-01-20"), [0, 19], Frequency("fixed", DAY)),
        (Frequency("fixed", HOUR), stamps("2016-01-01", "2016-01-02"), [0, 24], Frequency("fixed", HOUR)),
        (Frequency("business days"), stamps("2016-07-01", "2016-07-05"), [0, 2], Frequency("business days")),
        (Frequency("months"), stamps("2016-01-31", "2016-04-30"), [0, 3], Frequency("months", 1, 31)),
        (Frequency("months"), stamps("2016-01-15", "2016-04-15"), [0, 3], Frequency("months", 1, 15)),
        (Frequency("months", 3), stamps("2016-01-01", "2016-07-01"), [0, 2], Frequency("months", 3)),
        (Frequency("fixed", DAY), stamps("2016-01-01"), [0], Frequency("fixed", DAY)),
    ],
)
def test_a_frequency_that_is_asked_for_is_taken(
    asked: Frequency, times: Times, positions: list[int], found: Frequency
) -> None:
    spacing = find_spacing(times, "date", lambda row: f"line {row + 2}", asked)
    assert spacing.positions.tolist() == positions
    assert spacing.frequency == found


@pytest.mark.parametrize(
    ("asked", "times", "message"),
    [
        (
            Frequency("fixed", DAY),
            stamps("2016-01-01", "2016-01-02", "2016-01-02T12:00"),
            r"not daily as requested: 2016-01-02 12:00 in line 4 is not on that calendar, which starts at "
            "2016-01-01; correct it, or set another frequency",
        ),
        (
            Frequency("business days"),
            stamps("2016-07-02", "2016-07-04"),
            "not business-daily as requested: 2016-07-02 in line 2 is not on that calendar; correct it",
        ),
        (
            Frequency("months", 1, 31),
            stamps("2016-01-31", "2016-02-28"),
            r"not monthly \(month ends\) as requested: 2016-02-28 in line 3",
        ),
        (
            Frequency("fixed", SECOND),
            stamps("1016-01-01", "2016-01-01"),
            "which is 31,556,995,201 rows at frequency secondly, but the file has 2; set a longer frequency",
        ),
    ],
)
def test_a_frequency_that_the_rows_have_not_is_refused(asked: Frequency, times: Times, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_spacing(times, "date", lambda row: f"line {row + 2}", asked)


def test_days_that_are_an_hour_longer_hint_at_the_zone() -> None:
    with pytest.raises(InputError, match=r"comes 25 hours after .*, or set time_zone if clocks change"):
        find(stamps("2016-10-28T22:00", "2016-10-29T22:00", "2016-10-30T23:00"))
