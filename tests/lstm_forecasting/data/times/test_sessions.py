import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, WEEK
from lstm_forecasting.data.times.sessions import Sessions, days_of, find_sessions

MONDAY = np.datetime64("2024-01-01", "us")
WORKDAYS = range(5)
LONDON = tuple(day * DAY + (16 + half) * HOUR // 2 for day in WORKDAYS for half in range(17))
TOKYO = tuple(
    day * DAY + hour * HOUR // 2 for day in WORKDAYS for hour in (18, 19, 20, 21, 22, 25, 26, 27, 28, 29)
)
CURRENCIES = tuple(hour * HOUR for hour in range(7 * 24) if hour < 4 * 24 + 22 or hour >= 6 * 24 + 22)


def open_times(slots: tuple[int, ...], weeks: int, without: tuple[str, ...] = ()) -> Times:
    starts = MONDAY + (np.arange(weeks) * WEEK).astype("timedelta64[us]")
    times = (starts[:, np.newaxis] + np.array(slots, dtype="timedelta64[us]")).ravel()
    return times[~np.isin(days_of(times), days_of(np.array(without, dtype="datetime64[us]")))]


@pytest.mark.parametrize(
    ("slots", "step", "words"),
    [
        (LONDON, 30 * MINUTE, "17 steps a day from 08:00, Monday to Friday"),
        (TOKYO, 30 * MINUTE, "10 steps a day from 09:00, none between 11:00 and 12:30, Monday to Friday"),
        (CURRENCIES, HOUR, "24 steps a day from 00:00, Monday, Tuesday, Wednesday, Thursday, Friday, Sunday"),
        (tuple(day * DAY for day in WORKDAYS), DAY, "one step a day, Monday to Friday"),
        (
            tuple(day * DAY + 6 * HOUR for day in (1, 3, 5)),
            DAY,
            "one step a day, Tuesday, Thursday, Saturday",
        ),
    ],
)
def test_sessions_are_learnt_from_their_times(slots: tuple[int, ...], step: int, words: str) -> None:
    times = open_times(slots, 12, ("2024-01-15", "2024-02-20", "2024-02-21"))[3:-4]
    sessions = find_sessions(times, step)
    assert sessions is not None
    assert sessions.slots == slots
    assert sessions.words(step) == words
    assert set(days_of(times).tolist()).isdisjoint(sessions.closed)
    assert sessions.steps_from(times[0], times).tolist() == list(range(len(times)))
    assert sessions.times(times[0], 0, len(times)).tolist() == times.tolist()
    assert sessions.times(times[-1], -5, 5).tolist() == times[-6:-1].tolist()


def test_days_without_rows_are_holidays_and_weeks_without_rows_are_not() -> None:
    days = tuple(f"2024-02-{day:02}" for day in range(5, 17))
    times = open_times(LONDON, 20, ("2024-01-15", "2024-03-29", *days))
    sessions = find_sessions(times, 30 * MINUTE)
    assert sessions is not None
    assert sessions.closed == tuple(
        days_of(np.array(["2024-01-15", "2024-03-29"], dtype="datetime64[us]")).tolist()
    )
    assert int(sessions.steps_from(times[0], times[-1:])[0]) + 1 == len(times) + 10 * 17


def test_rows_that_are_lost_here_and_there_are_gaps() -> None:
    times = open_times(TOKYO, 30)
    kept = times[np.random.default_rng(0).random(len(times)) > 0.2]
    sessions = find_sessions(kept, 30 * MINUTE)
    assert sessions is not None
    assert sessions.slots == TOKYO
    assert sessions.closed == ()
    assert (sessions.steps_from(kept[0], kept) >= 0).all()


def test_a_few_rows_outside_do_not_count() -> None:
    times = np.sort(np.append(open_times(LONDON, 20), np.datetime64("2024-02-03T10:00", "us")))
    sessions = find_sessions(times, 30 * MINUTE)
    assert sessions is not None
    assert sessions.slots == LONDON
    assert sessions.covers(times).sum() == len(times) - 1


def test_what_has_no_pauses_has_no_sessions() -> None:
    generator = np.random.default_rng(0)
    hours = MONDAY + np.arange(24 * 7 * 10) * np.timedelta64(1, "h")
    lost = hours[generator.random(len(hours)) > 0.4]
    outages = hours[(np.arange(len(hours)) // 37) % 3 > 0]
    for times in (hours, lost, outages, open_times(LONDON, 2)):
        assert find_sessions(times, HOUR) is None


@given(
    opens=st.integers(0, 20),
    length=st.integers(1, 4),
    days=st.sets(st.integers(0, 6), min_size=1, max_size=6),
    first=st.integers(-40, 40),
    closed=st.sets(st.integers(0, 60), max_size=9),
)
def test_steps_and_times_agree(opens: int, length: int, days: set[int], first: int, closed: set[int]) -> None:
    slots = tuple(day * DAY + (opens + hour) * HOUR for day in sorted(days) for hour in range(length))
    start = int(days_of(MONDAY[np.newaxis])[0])
    sessions = Sessions(slots, tuple(start + day for day in sorted(closed)))
    origin = (MONDAY + np.timedelta64(WEEK * 20 + slots[0], "us")).astype("datetime64[us]")
    times = sessions.times(origin, first, 90)
    assert len(times) == 90
    assert (np.diff(times) > np.timedelta64(0)).all()
    assert sessions.covers(times).all()
    assert sessions.steps_from(times[0], times).tolist() == list(range(90))
