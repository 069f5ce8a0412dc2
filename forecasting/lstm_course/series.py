"""The series of the course: glasses of lemonade that a stand sold on eleven days.

Every fourth day is market day. The first seven days have mean 20 and standard deviation 8, so that the scaled
numbers are easy to check by hand.
"""

from functools import cache

import numpy as np

from lstm_course.figures import Equation, Role, decimal, number
from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.scaling import Scaler, fit_scaler
from lstm_forecasting.data.series.splits import RowRange

UNIT = "glasses"
DAYS = (10.0, 19.0, 31.0, 22.0, 9.0, 19.0, 30.0, 21.0, 11.0, 20.0, 32.0)
TRAINING_DAYS = 7
"""The first days, which training uses; the rest are for testing."""


@cache
def day_scaler() -> Scaler:
    """The scaler of the course, fitted on the training days."""
    values = np.array(DAYS)[:, np.newaxis]
    return fit_scaler(values, (UNIT,), RowRange(0, TRAINING_DAYS))


def scaled(glasses: tuple[float, ...] = DAYS) -> Array:
    """Glasses as the network sees them, `[days, 1]`."""
    return day_scaler().transform(np.array(glasses)[:, np.newaxis])


def in_glasses(value: float) -> float:
    """A scaled value in glasses."""
    return float(day_scaler().inverse([value], (0,))[0])


def scaling_equation(symbol: str, glasses: float, role: Role = "plain") -> Equation:
    """X of a day, computed from its glasses."""
    mean, deviation = (decimal(float(array[0]), 0) for array in (day_scaler().mean, day_scaler().deviation))
    numbers = f"({decimal(glasses, 0)} − {mean}) / {deviation}"
    x = float(scaled((glasses,))[0, 0])
    return Equation(symbol, "(glasses − mean) / deviation", numbers, number(x, role=role))


def day_name(row: int) -> str:
    """The day of a row, from 0: "Day 1"."""
    return f"Day {row + 1}"


def day_names(rows: range) -> str:
    """Consecutive days: "Days 1 to 3"."""
    if len(rows) == 1:
        return day_name(rows[0])
    return f"Days {rows[0] + 1} {'and' if len(rows) == 2 else 'to'} {rows[-1] + 1}"
