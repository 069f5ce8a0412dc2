"""Drift: the straight line through the first and the last value, continued."""

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History


def drift_baseline() -> Baseline:
    """The baseline, whose line begins at the first observed value."""
    return Baseline("drift", "drift", 2, _forecast)


def _forecast(history: History, first_rows: Integers, steps: int) -> Array:
    values = history.values
    last_rows = np.asarray(first_rows)[:, np.newaxis] - 1
    begins = history.observed.argmax(axis=0)
    starts = values[begins, np.arange(values.shape[1])]
    last = values[last_rows[:, 0]]
    slopes = (last - starts) / np.maximum(last_rows - begins, 1)
    ahead = np.arange(1.0, steps + 1)[:, np.newaxis]
    return np.asarray(last[:, np.newaxis] + ahead * slopes[:, np.newaxis])
