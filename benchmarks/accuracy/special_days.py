"""What is known ahead of the days of a series: holidays of the USA, the days beside them, and weekends."""

import numpy as np

from lstm_forecasting.data.arrays import Array, Times
from lstm_forecasting.known.holiday_columns import ANY_HOLIDAY, SATURDAY, holiday_columns, weekdays_of


def named_holidays(times: Times) -> Array:
    """Each holiday and the days beside it, apart for weekdays and weekends, `[rows, columns]`."""
    columns = holiday_columns(times, "US")
    return np.column_stack([values for name, values in columns.items() if name not in ANY_HOLIDAY])


def counted_days(times: Times) -> Array:
    """What sums over weeks and months count, `[days, 5]`; the days follow one another.

    The columns are holidays on weekdays, weekdays before and after these, weekends, and 1.
    """
    weekend = weekdays_of(times) >= SATURDAY
    holiday = (holiday_columns(times, "US")[ANY_HOLIDAY[0]] == 1) & ~weekend
    before = np.append(holiday[1:], False) & ~weekend
    after = np.insert(holiday[:-1], 0, False) & ~weekend
    return np.column_stack([holiday, before, after, weekend, np.ones(len(times))]).astype(np.float64)
