"""Calendars with pauses, learnt from the times of a file: trading hours, shifts, weekdays with holidays."""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Integers, Times, Truths, distinct
from lstm_forecasting.data.times.durations import DAY, WEEK

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# 1970-01-01 was a Thursday; weeks are counted from the Monday before it.
_MONDAY = np.datetime64("1969-12-29", "us")
_OPEN = 0.5
"""In a smaller share of the weeks, a time of the week belongs to a pause."""
_OUTSIDE = 0.02
"""Of the rows; more of them in pauses mean that there are none."""
_PAUSES = 0.9
"""Of the steps of a week; with more of them open, what is missing are gaps."""
_PRESENT = 0.7
"""Of the steps in open hours; with fewer, the times are not those of sessions."""
_LEAST_WEEKS = 3
_MOST_HOLIDAYS = 0.1
"""Of the open days; with more of them, rows are lost here and there."""
_LONGEST_HOLIDAY = 5
"""Days in a row; without rows for longer, a device has failed or data are lost."""


@dataclass(frozen=True)
class Sessions:
    """The open times of every week, and days that are closed all the same.

    Attributes:
        slots: open times in microseconds since Monday, ascending.
        closed: days since 1970-01-01 on which nothing is open, ascending: the holidays of the past.
    """

    slots: tuple[int, ...]
    closed: tuple[int, ...] = ()

    def times(self, origin: np.datetime64, first: int, count: int) -> Times:
        """`count` open times, starting `first` steps after `origin`, which is one."""
        per_week = len(self.slots)
        lost = len(self.closed) * max(self._per_day)
        before = math.ceil((max(-first, 0) + lost) / per_week) + 1
        after = math.ceil((max(first + count, 0) + lost) / per_week) + 1
        monday = origin - np.timedelta64(int((origin - _MONDAY).astype(np.int64)) % WEEK, "us")
        weeks = monday + (np.arange(-before, after + 1) * WEEK).astype("timedelta64[us]")
        every = (weeks[:, np.newaxis] + np.array(self.slots, dtype="timedelta64[us]")).ravel()
        every = every[~np.isin(days_of(every), self.closed)]
        place = int(np.searchsorted(every, origin)) + first
        found: Times = every[place : place + count]
        return found

    def steps_from(self, origin: np.datetime64, times: Times) -> Integers:
        """Number of steps from `origin` to each of `times`; -1 for times in pauses."""
        weeks = int((times.max() - origin).astype(np.int64)) // WEEK + 2
        every = self.times(origin, 0, weeks * len(self.slots))
        places = np.minimum(np.searchsorted(every, times), len(every) - 1)
        return np.where(every[places] == times, places, -1)

    def covers(self, times: Times) -> Truths:
        """Which of some times are open."""
        of_week = (times - _MONDAY).astype(np.int64) % WEEK
        return np.isin(of_week, self.slots) & ~np.isin(days_of(times), self.closed)

    @property
    def days(self) -> tuple[int, ...]:
        """The weekdays with open times, Monday is 0."""
        return tuple(day for day, count in enumerate(self._per_day) if count)

    @property
    def per_day(self) -> int:
        """The number of open times of most days."""
        counts = [count for count in self._per_day if count]
        return max(set(counts), key=counts.count)

    @property
    def _per_day(self) -> tuple[int, ...]:
        counts = np.bincount(np.array(self.slots) // DAY, minlength=7)
        return tuple(counts.tolist())

    def words(self, step: int) -> str:
        """The usual day in words: "10 steps a day from 09:30, none between 11:30 and 13:00, every day"."""
        usual = next(day for day, count in enumerate(self._per_day) if count == self.per_day)
        own = [slot - usual * DAY for slot in self.slots if slot // DAY == usual]
        text = f"{self.per_day} steps a day from {_clock(own[0])}" if len(own) > 1 else "one step a day"
        for earlier, later in itertools.pairwise(own):
            if later - earlier > step:
                text += f", none between {_clock(earlier)} and {_clock(later)}"
        return f"{text}, {_days_in_words(self.days)}"


def days_of(times: Times) -> Integers:
    """Days since 1970-01-01."""
    return times.astype("datetime64[D]").astype(np.int64)


def find_sessions(ordered: Times, step: int) -> Sessions | None:
    """The sessions of ascending times, `step` microseconds apart within a session; None without pauses.

    The times of the week at which most weeks have a row are open. Open days without a row are holidays,
    unless there are many in a row.
    """
    since = (ordered - _MONDAY).astype(np.int64)
    weeks, of_week = np.divmod(since, WEEK)
    count = int(weeks[-1] - weeks[0]) + 1
    if count < _LEAST_WEEKS or step > DAY or DAY % step:
        return None
    slots, rows = np.unique(of_week, return_counts=True)
    open_slots = slots[rows >= _OPEN * _weeks_with(weeks, of_week, slots, count)]
    if not len(open_slots) or len(open_slots) > _PAUSES * WEEK / step:
        return None
    if (np.diff(open_slots) % step).any() or not _mostly(np.isin(of_week, open_slots)):
        return None
    sessions = Sessions(tuple(open_slots.tolist()))
    sessions = Sessions(sessions.slots, _holidays(sessions, ordered))
    inside = ordered[np.isin(of_week, open_slots)]
    steps = int(sessions.steps_from(inside[0], inside[-1:])[0]) + 1
    return sessions if len(inside) >= _PRESENT * steps else None


def _weeks_with(weeks: Integers, of_week: Integers, slots: Integers, count: int) -> Integers:
    """For each slot, the number of weeks that cover it: the first and the last week may be incomplete."""
    covered = np.full(len(slots), count)
    covered -= slots < of_week[0]
    covered -= slots > of_week[-1]
    at_least_one: Integers = np.maximum(covered, 1)
    return at_least_one


def _mostly(inside: Truths) -> bool:
    return bool((~inside).mean() <= _OUTSIDE)


def _holidays(sessions: Sessions, ordered: Times) -> tuple[int, ...]:
    """The open days without a row, but those of long runs; none if there are too many for holidays."""
    days = distinct(days_of(ordered))
    every = np.arange(days[0], days[-1] + 1)
    usual = every[np.isin((every + 3) % 7, sessions.days)]
    absent = ~np.isin(usual, days)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], absent, [False]]).astype(np.int8)))
    closed: list[int] = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start <= _LONGEST_HOLIDAY:
            closed += usual[start:stop].tolist()
    return tuple(closed) if len(closed) <= _MOST_HOLIDAYS * len(usual) else ()


def _clock(microseconds: int) -> str:
    minutes, rest = divmod(microseconds % DAY, 60_000_000)
    seconds = f":{rest // 1_000_000:02}" if rest else ""
    return f"{minutes // 60:02}:{minutes % 60:02}{seconds}"


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) == len(WEEKDAYS):
        return "every day"
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)
