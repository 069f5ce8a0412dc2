"""What a model is asked to do: forecast one series at given rows, knowing only what came before."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Times, Truths
from lstm_forecasting.data.series.splits import Split, split_by_count
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.evaluation.baselines.last_value import last_value
from lstm_forecasting.evaluation.baselines.seasonal_naive import seasonal_naive

Forecast = Callable[[Integers], Array]
"""Forecasts `[windows, horizon]` from the first rows of windows; each uses earlier rows only."""


@dataclass(frozen=True, eq=False)
class Task:
    """One series, its parts, and how far ahead it is to be forecast.

    Attributes:
        name: what it is called in messages.
        values: `[rows]`, in the series' own units.
        split: models are fitted on train, chosen on validation and scored on test.
        horizon: steps forecast at once.
        season: rows of a season; 1 for none.
        frequency: the distance between rows.
        times: the time of each row; None if rows are numbered.
        known: `[rows, columns]`, known ahead, in their own units; None for none.
        observed: `[rows]`, False for filled values; None if there are none.
    """

    name: str
    values: Array
    split: Split
    horizon: int
    season: int
    frequency: Frequency
    times: Times | None = None
    known: Array | None = None
    observed: Truths | None = None


def naive(task: Task) -> Forecast:
    """The last season again; the last value if there is no season."""
    column = task.values[:, np.newaxis]

    def forecast(first_rows: Integers) -> Array:
        if task.season > 1:
            found = seasonal_naive(column, task.season, first_rows, task.horizon)
        else:
            found = last_value(column, first_rows, task.horizon)
        return found[:, :, 0]

    return forecast


def truths(task: Task, first_rows: Integers) -> Array:
    """The values `[windows, horizon]` to be forecast."""
    found: Array = task.values[first_rows[:, np.newaxis] + np.arange(task.horizon)]
    return found


def held_out(rows: int, test: int, validation: int) -> Split:
    """The last `test` rows are the test part, the `validation` rows before them the validation part."""
    return split_by_count(rows, rows - test - validation, validation, test)
