"""The calendar as columns: waves of the day, the week and the year, weekends and holidays.

A wave is a sine and a cosine, so that the end of a cycle is next to its beginning. The waves of the year need
two years of training rows: with fewer, they explain chance and extrapolate it.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from lstm_forecasting.data.arrays import Array, Times, distinct
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.known.columns import KnownColumns
from lstm_forecasting.known.holiday_columns import (
    ANY_HOLIDAY,
    SATURDAY,
    holiday_columns,
    weekdays_of,
)

WEEKEND = "weekend"
_FUNCTIONS: dict[str, Callable[[Array], Array]] = {"sin": np.sin, "cos": np.cos}
_COUNTS = {"hour": 3, "weekday": 3, "year": 2}
"""Number of waves of each cycle; the first is one wave for the whole cycle."""
_WAVES = {
    f"{cycle} {function} {wave}": (cycle, function, wave)
    for cycle, count in _COUNTS.items()
    for wave in range(1, count + 1)
    for function in _FUNCTIONS
}
"""Cycle, function and number of each wave, by the name of its column."""
_LEAST_YEARS = np.timedelta64(2 * 365, "D")
_DAYS_OF_A_YEAR, _BUSINESS_DAYS_OF_A_YEAR, _WEEKS_OF_A_YEAR = 365.25, 261, 52
_CONSTANT = 1e-9
_LEAST_DAYS = 5
"""Days in the training rows that have a holiday by its name; with fewer, its column explains chance."""


def calendar_columns(
    times: Times, frequency: Frequency, training_rows: int, ahead: int, country: str = ""
) -> KnownColumns:
    """The calendar columns that suit a frequency, for the rows of a series and `ahead` rows after its end.

    A column that is constant in the training rows is left out.

    Args:
        times: `datetime64[us]` `[rows]`.
        frequency: distance between the rows.
        training_rows: number of rows, from the first one, that decide which columns are of use.
        ahead: number of rows after the last one.
        country: whose holidays are used, such as "US" or "DE-BY"; empty for none.
    """
    every = with_future(times, frequency, ahead)
    names = tuple(_suitable(every, frequency, training_rows, country))
    values = calendar_values(every, frequency, names, country)
    training = values[:training_rows]
    varies = np.flatnonzero(np.ptp(training, axis=0) > _CONSTANT)
    return KnownColumns(tuple(names[place] for place in varies), values[:, varies])


def with_future(times: Times, frequency: Frequency, ahead: int) -> Times:
    """The times of the rows, and of `ahead` rows after the last one."""
    return np.concatenate([times, frequency.times(times[-1], 1, ahead)])


def calendar_values(times: Times, frequency: Frequency, names: Sequence[str], country: str = "") -> Array:
    """The values of calendar columns by their names, float64 `[rows, columns]`.

    A holiday that the country does not have in these years is 0.
    """
    others = holiday_columns(times, country) if country else {}
    others[WEEKEND] = (weekdays_of(times) >= SATURDAY).astype(np.float64)
    none = np.zeros(len(times))
    columns = [
        _wave(times, frequency, *_WAVES[name]) if name in _WAVES else others.get(name, none) for name in names
    ]
    return np.column_stack(columns) if columns else np.zeros((len(times), 0))


def names_holidays(names: Sequence[str]) -> bool:
    """Whether any calendar column is about holidays."""
    return any(map(is_about_holidays, names))


def is_about_holidays(name: str) -> bool:
    """Whether the calendar column with this name is about holidays."""
    return name != WEEKEND and name not in _WAVES


def has_days(frequency: Frequency) -> bool:
    """Whether every row belongs to one day, so that weekdays and holidays can be told."""
    return frequency.kind in ("sessions", "business days") or (
        frequency.kind == "fixed" and frequency.size <= DAY
    )


def _suitable(times: Times, frequency: Frequency, training_rows: int, country: str) -> Iterator[str]:
    lengths = _cycle_lengths(frequency)
    if not _has_two_years(times, frequency, training_rows):
        lengths.pop("year", None)
    # Fewer than two rows a wave cannot show it.
    yield from (name for name, (cycle, _, wave) in _WAVES.items() if 2 * wave <= lengths.get(cycle, 0))
    if has_days(frequency):
        yield WEEKEND
        if country:
            days = times[:training_rows].astype("datetime64[D]")
            for name, values in holiday_columns(times[:training_rows], country).items():
                if name in ANY_HOLIDAY or len(distinct(days[values > 0])) >= _LEAST_DAYS:
                    yield name


def _cycle_lengths(frequency: Frequency) -> dict[str, float]:
    """The cycles that suit a frequency, each with its number of rows."""
    kind, size = frequency.kind, frequency.size
    if kind == "counted":
        return {}
    if kind == "months":
        return {"year": 12 / size}
    if kind == "business days":
        year = _BUSINESS_DAYS_OF_A_YEAR / size
    elif frequency.sessions is not None:
        year = float(_WEEKS_OF_A_YEAR * len(frequency.sessions.slots))
    else:
        year = _DAYS_OF_A_YEAR * DAY / size
    day = {"hour": DAY / size} if kind != "business days" and size < DAY else {}
    week = {"weekday": 7.0} if has_days(frequency) else {}
    return {**day, **week, "year": year}


def _has_two_years(times: Times, frequency: Frequency, training_rows: int) -> bool:
    end = frequency.advance(times[training_rows - 1], 1)
    return bool(end - times[0] >= _LEAST_YEARS)


def _wave(times: Times, frequency: Frequency, cycle: str, function: str, wave: int) -> Array:
    return _FUNCTIONS[function](2 * np.pi * wave * _phase(times, frequency, cycle))


def _phase(times: Times, frequency: Frequency, cycle: str) -> Array:
    """Where in its cycle each row is, from 0 up to 1."""
    days = times.astype("datetime64[D]")
    if cycle == "hour":
        return np.asarray((times - days).astype("timedelta64[us]").astype(np.int64) / DAY)
    if cycle == "weekday":
        return weekdays_of(times) / 7
    if frequency.kind == "months":
        # By months and not by days, so that half a year is half of the cycle.
        return times.astype("datetime64[M]").astype(np.int64) % 12 / 12
    years = times.astype("datetime64[Y]")
    start, end = (one.astype("datetime64[us]") for one in (years, years + 1))
    return np.asarray((times - start).astype(np.int64) / (end - start).astype(np.int64))
