"""The last value: the naive forecast, and the best one for a random walk."""

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History

NAME = "last value"


def last_value(values: Array, first_rows: Integers, steps: int) -> Array:
    """Repeats the last value of `values` `[rows, targets]`; see `Forecast`. First rows are at least 1."""
    return np.repeat(values[np.asarray(first_rows) - 1][:, np.newaxis], steps, axis=1)


def last_value_baseline() -> Baseline:
    """The baseline, which has nothing to fit."""

    def forecast(history: History, first_rows: Integers, steps: int) -> Array:
        return last_value(history.values, first_rows, steps)

    return Baseline("last-value", NAME, 1, forecast)
