"""The frequency of a series: the distance between its rows, its name, and future times."""

import datetime
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_forecasting.data.arrays import Integers, Times
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK, duration_text
from lstm_forecasting.data.times.sessions import Sessions

Kind = Literal["counted", "fixed", "sessions", "business days", "months"]
Placement = Literal["day", "first business day", "last business day"]

_NAMES: dict[tuple[Kind, int], tuple[str, str]] = {
    ("fixed", WEEK): ("weekly", "week"),
    ("fixed", DAY): ("daily", "day"),
    ("fixed", HOUR): ("hourly", "hour"),
    ("fixed", MINUTE): ("minutely", "minute"),
    ("fixed", SECOND): ("secondly", "second"),
    ("months", 1): ("monthly", "month"),
    ("months", 3): ("quarterly", "quarter"),
    ("months", 12): ("yearly", "year"),
}


@dataclass(frozen=True)
class Frequency:
    """An equally spaced calendar; times are `datetime64[us]` without a time zone.

    Attributes:
        kind: `counted` (numbered rows without times), `fixed` (a duration), `sessions` (a duration inside of
            open hours), `business days` (Monday to Friday) or `months`.
        size: a step in microseconds if `fixed` or `sessions`, else in rows, business days or months.
        day: for months, the day of the month; the last one in shorter months, so 31 means month ends.
        placement: for months, whether rows are on `day` or on the month's first or last business day.
        sessions: the open times, for `sessions`, and for business days with known holidays.
    """

    kind: Kind
    size: int = 1
    day: int = 1
    placement: Placement = "day"
    sessions: Sessions | None = None

    @property
    def name(self) -> str:
        """The frequency in words: "hourly", "every 5 minutes", "monthly (month ends)"."""
        name = self._names[0]
        if self.placement != "day":
            return f"{name} ({self.placement}s)"
        return f"{name} (month ends)" if self.day == 31 else name

    @property
    def step(self) -> str:
        """One step as a noun: "hour", "5 minutes", "business day", "row"."""
        return self._names[1]

    def advance(self, time: np.datetime64, steps: int) -> np.datetime64:
        """The time `steps` steps after `time`, or before it if negative; raises ValueError like `times`."""
        moved: np.datetime64 = self.times(time, steps, 1)[0]
        return moved

    def times(self, origin: np.datetime64, first: int, count: int) -> Times:
        """`count` times, starting `first` steps after `origin`.

        Raises:
            ValueError: rows are numbered and have no times.
        """
        steps = np.arange(first, first + count, dtype=np.int64)
        origin = origin.astype("datetime64[us]")
        if self.kind == "fixed":
            return origin + (steps * self.size).astype("timedelta64[us]")
        if self.kind == "counted":
            raise ValueError("numbered rows have no times")
        if self.sessions is not None:
            return self.sessions.times(origin, first, count)
        date = origin.astype("datetime64[D]")
        time_of_day = origin - date
        if self.kind == "business days":
            dates: Times = np.busday_offset(date, steps * self.size, roll="backward")
        else:
            dates = self._placed(date.astype("datetime64[M]") + steps * self.size)
        moved: Times = dates.astype("datetime64[us]") + time_of_day
        return moved

    def steps_from(self, origin: np.datetime64, times: Times) -> Integers:
        """Number of steps from `origin` to each of `times`; -1 for times that are not on this calendar.

        `origin` must be on the calendar, and no time may be before it.
        """
        if self.kind == "fixed":
            distance = (times - origin).astype("timedelta64[us]").astype(np.int64)
            return np.where(distance % self.size == 0, distance // self.size, -1)
        if self.sessions is not None:
            return self.sessions.steps_from(origin, times)
        dates = times.astype("datetime64[D]")
        start = origin.astype("datetime64[D]")
        if self.kind == "business days":
            steps = np.busday_count(start, dates).astype(np.int64)
        elif self.kind == "months":
            months = (dates.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)
            steps = months // self.size
        else:
            raise ValueError("numbered rows have no times")
        size = self.size if self.kind == "business days" else 1
        steps = np.where(steps % size == 0, steps // size, 0)
        expected = np.empty(len(times), dtype="datetime64[us]")
        grid = self.times(origin, 0, int(steps.max(initial=0)) + 1)
        expected[:] = grid[steps]
        return np.where(expected == times, steps, -1)

    def text(self, time: np.datetime64) -> str:
        """A time in the usual notation of this frequency: "1959Q1", "2016-07", "2016-07-01 13:00"."""
        moment = time.astype("datetime64[us]").item()
        if not isinstance(moment, datetime.datetime):
            # Python's datetime ends with the year 9999.
            return str(time).replace("T", " ")
        midnight = moment.time() == datetime.time()
        if self.kind == "months" and midnight and self.placement == "day":
            if self.size % 12 == 0 and moment.month == 1 and self.day == 1:
                return f"{moment.year:04d}"
            if self.size == 3 and moment.month % 3 == 1 and self.day == 1:
                return f"{moment.year:04d}Q{(moment.month + 2) // 3}"
            if self.day == 1:
                return f"{moment.year:04d}-{moment.month:02d}"
        if midnight and (self.kind not in ("fixed", "sessions") or self.size % DAY == 0):
            return moment.date().isoformat()
        if moment.microsecond or (self.kind == "fixed" and self.size % SECOND):
            return moment.isoformat(sep=" ", timespec="microseconds")
        whole_minutes = moment.second == 0 and (self.kind != "fixed" or self.size % MINUTE == 0)
        return moment.isoformat(sep=" ", timespec="minutes" if whole_minutes else "seconds")

    @property
    def _names(self) -> tuple[str, str]:
        if self.kind == "counted":
            return "numbered rows", "row"
        if self.kind == "business days":
            return "business-daily", "business day"
        steps = f"{self.size} months" if self.kind == "months" else duration_text(self.size)
        if self.kind == "sessions":
            name, step = _NAMES.get(("fixed", self.size), (f"every {steps}", steps))
            return f"{name} in sessions", step
        return _NAMES.get((self.kind, self.size), (f"every {steps}", steps))

    def _placed(self, months: Times) -> Times:
        following = (months + 1).astype("datetime64[D]")
        if self.placement == "first business day":
            return np.busday_offset(months.astype("datetime64[D]"), 0, roll="forward")
        if self.placement == "last business day":
            return np.busday_offset(following - 1, 0, roll="backward")
        dates: Times = np.minimum(months.astype("datetime64[D]") + (self.day - 1), following - 1)
        return dates


COUNTED = Frequency("counted")
