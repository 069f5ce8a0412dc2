"""What is known ahead of weeks and months of the USA: counts of holidays, days beside them, and weekends."""

import numpy as np

from lstm_forecasting.data.arrays import Array, Times
from lstm_forecasting.known.holiday_columns import ANY_HOLIDAY, SATURDAY, holiday_columns, weekdays_of

COUNTED = ("holidays", "days before", "days after", "weekend days", "days")


def counted_days(times: Times) -> Array:
    """What sums over weeks and months count, `[days, 5]`, in the order of `COUNTED`.

    The days follow one another. Holidays are those on weekdays, and the days beside them are weekdays too.
    """
    weekend = weekdays_of(times) >= SATURDAY
    holiday = (holiday_columns(times, "US")[ANY_HOLIDAY[0]] == 1) & ~weekend
    before = np.append(holiday[1:], False) & ~weekend
    after = np.insert(holiday[:-1], 0, False) & ~weekend
    return np.column_stack([holiday, before, after, weekend, np.ones(len(times))]).astype(np.float64)
