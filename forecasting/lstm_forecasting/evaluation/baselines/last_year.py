"""The same day last year: the same weekday 52 weeks ago where weekdays matter, else the same date."""

import numpy as np
import polars

from lstm_forecasting.data.arrays import Array, Integers, Times
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import WEEK
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History
from lstm_forecasting.evaluation.baselines.earlier_rows import observed_or_earlier, repeat_earlier

_WEEKS = np.timedelta64(52 * 7, "D")


def last_year_baseline(history: History, *, weekdays: bool) -> Baseline | None:
    """The baseline; None if there is no year of rows, or rows are as long as a year or not on a calendar.

    `weekdays` compares with the same weekday.
    """
    if history.times is None or _is_yearly(history.frequency):
        return None
    known = np.flatnonzero(_year_ago(history.times, weekdays=weekdays) >= 0)
    if not len(known):
        return None

    def forecast(history: History, first_rows: Integers, steps: int) -> Array:
        if history.times is None:
            raise ValueError("a forecast of the same day last year needs times")
        earlier = _year_ago(history.times, weekdays=weekdays)
        values = observed_or_earlier(history.values, history.observed, earlier[: history.rows])
        return repeat_earlier(values, earlier, first_rows, steps)

    frequency = history.frequency
    unit = "weekday" if weekdays else frequency.step if frequency.kind == "months" else "day"
    return Baseline("last-year", f"same {unit} last year", int(known[0]), forecast)


def rows_of_a_year(history: History, *, weekdays: bool) -> Integers:
    """The different numbers of rows from a row to the one that the baseline repeats, in ascending order."""
    if history.times is None:
        return np.zeros(0, dtype=np.int64)
    earlier = _year_ago(history.times, weekdays=weekdays)
    return np.unique((np.arange(len(earlier)) - earlier)[earlier >= 0])


def _is_yearly(frequency: Frequency) -> bool:
    longest = 12 if frequency.kind == "months" else 250 if frequency.kind == "business days" else 52 * WEEK
    return frequency.kind == "counted" or frequency.size >= longest


def _year_ago(times: Times, *, weekdays: bool) -> Integers:
    """The last row that is at least a year before each row; −1 if there is none."""
    dates = polars.Series(times).dt.offset_by("-1y").to_numpy()
    return np.searchsorted(times, times - _WEEKS if weekdays else dates, side="right") - 1
