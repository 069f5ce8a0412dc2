"""Seasonal naive: the values of the last season again."""

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History
from lstm_forecasting.evaluation.baselines.earlier_rows import observed_or_earlier, repeat_earlier


def seasonal_naive(values: Array, season: int, first_rows: Integers, steps: int) -> Array:
    """Repeats the last season of `values` `[rows, targets]`; see `Forecast`. First rows are ≥ `season`."""
    return repeat_earlier(values, _season_ago(len(values) + steps, season), first_rows, steps)


def seasonal_naive_baseline(season: int) -> Baseline:
    """The baseline with a season in rows, at least 2."""

    def forecast(history: History, first_rows: Integers, steps: int) -> Array:
        earlier = _season_ago(history.rows, season)
        # Its own fill, or else gaps would make it easier to beat than it has to be.
        values = observed_or_earlier(history.values, history.observed, earlier)
        return seasonal_naive(values, season, first_rows, steps)

    return Baseline("seasonal-naive", f"seasonal naive ({season})", season, forecast)


def _season_ago(rows: int, season: int) -> Integers:
    return np.arange(rows) - season
