"""The look-back windows whose ridge regressions are averaged by default."""

from collections.abc import Sequence

from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, WEEK

LONGEST_WINDOW = 1008
"""Longest window in rows; fitting takes time cubic in the length."""
_LONGEST_SEASON = 200
_SEASONS = (4, 14, 30)
_YEAR_OF_DAYS, _WEEK_MORE = 365, 371
_WEEKS = (52, 208)
_FEWEST_YEARS = 3
_LONGEST_SHARE = 0.25
"""A longer window leaves too few training windows, all of them alike."""
_LONGEST = 1500
"""The time of a fit is cubic in the length; 14 days of quarters of an hour still fit."""
_WITHOUT_SEASON = 7
"""Stands in for the season where there is none."""


def affordable_look_backs(
    seasons: Sequence[int], horizon: int, training_rows: int, frequency: Frequency | None = None
) -> tuple[int, ...]:
    """`usual_look_backs` of the shortest of some seasons, in ascending order, held to `LONGEST_WINDOW`.

    Windows of several seasons of more than `_LONGEST_SEASON` rows would be too long; they then follow from
    the week.
    """
    shortest = seasons[0] if seasons and seasons[0] <= _LONGEST_SEASON else 1
    usual = usual_look_backs(shortest, horizon, training_rows, frequency)
    return tuple(dict.fromkeys(min(length, LONGEST_WINDOW) for length in usual))


def usual_look_backs(
    season: int, horizon: int, training_rows: int, frequency: Frequency | None = None
) -> tuple[int, ...]:
    """Look-back windows in rows, shortest first, at least one.

    They are 4, 14 and 30 seasons, without those shorter than the horizon. Daily series with three years or
    more also get 371 days, so that a forecast sees the same weekday a year ago; weekly ones get 52 and 208
    weeks instead. Windows longer than a quarter of the training rows, or than 1500 rows, are left out.

    Args:
        season: rows of the season; 1 for none.
        horizon: steps forecast at once.
        training_rows: number of training rows.
        frequency: distance between rows; None if rows are numbered.
    """
    step = frequency.size if frequency is not None and frequency.kind == "fixed" else None
    if step == WEEK:
        wished: tuple[int, ...] = _WEEKS
    else:
        wished = tuple(count * (season if season > 1 else _WITHOUT_SEASON) for count in _SEASONS)
        if step == DAY and training_rows >= _FEWEST_YEARS * _YEAR_OF_DAYS:
            wished = (*wished, _WEEK_MORE)
    longest = min(_LONGEST, int(_LONGEST_SHARE * training_rows))
    found = tuple(sorted({length for length in wished if max(horizon, 2) <= length <= longest}))
    return found or (max(1, min(max(horizon, min(wished)), longest)),)
