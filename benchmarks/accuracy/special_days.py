"""What is known of the days of a series ahead: holidays of the USA and the days beside them, and weekends."""

import numpy as np
from holidays import country_holidays

from lstm_forecasting.data.arrays import Array, Times, Truths

_BESIDE = (-1, 0, 1)
_SATURDAY = 5


def named_holidays(times: Times) -> Array:
    """Each holiday by its name, `[rows, columns]`.

    There are six columns a name: the day before, the holiday and the day after, each on weekdays and on
    weekends, since fewer children are born on weekends anyway.
    """
    days = times.astype("datetime64[D]")
    weekend = is_weekend(times)
    columns = []
    for dates in _dates(days).values():
        for offset in _BESIDE:
            found = np.isin(days - offset, dates)
            columns += [found & ~weekend, found & weekend]
    return np.column_stack(columns).astype(np.float64)


def counted_days(times: Times) -> Array:
    """What sums over weeks and months count, `[rows, 5]`.

    The columns are holidays on weekdays, weekdays before and after them, weekends, and 1.
    """
    days = times.astype("datetime64[D]")
    weekend = is_weekend(times)
    dates = np.concatenate(list(_dates(days).values()))
    holiday = np.isin(days, dates) & ~weekend
    before, after = (np.isin(days + offset, dates[np.is_busday(dates)]) & ~weekend for offset in (1, -1))
    return np.column_stack([holiday, before, after, weekend, np.ones(len(days))]).astype(np.float64)


def is_weekend(times: Times) -> Truths:
    """Whether each row is a Saturday or Sunday; 1970-01-01 was a Thursday."""
    return (times.astype("datetime64[D]").astype(np.int64) + 3) % 7 >= _SATURDAY


def _dates(days: Times) -> dict[str, Times]:
    """The dates of each holiday by its name."""
    years = range(int(str(days.min())[:4]) - 1, int(str(days.max())[:4]) + 2)
    dates: dict[str, list[np.datetime64]] = {}
    for date, names in sorted(country_holidays("US", years=years).items()):
        for name in names.split("; "):
            dates.setdefault(name, []).append(np.datetime64(date))
    return {name: np.array(found, dtype="datetime64[D]") for name, found in dates.items()}
