"""Forecasts that repeat values of earlier rows: those a season or a year ago."""

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths


def repeat_earlier(values: Array, earlier: Integers, first_rows: Integers, steps: int) -> Array:
    """Repeats values of earlier rows, `[windows, steps, targets]`.

    Args:
        values: `[rows, targets]`.
        earlier: `[rows + ahead]`, the row that each row repeats, which is before it. Where that one is in the
            window too, the row that it repeats is taken in its place.
        first_rows: of the windows.
        steps: rows of each window.
    """
    windows = np.asarray(first_rows)[:, np.newaxis]
    rows = windows + np.arange(steps)
    while (inside := rows >= windows).any():
        rows = np.where(inside, earlier[rows], rows)
    forecasts: Array = values[rows]
    return forecasts


def observed_or_earlier(values: Array, observed: Truths, earlier: Integers) -> Array:
    """Values `[rows, targets]`, in place of filled ones the nearest observed one that `earlier` leads to.

    A filled value stays if it leads to none; `earlier` is negative where there is no earlier row.
    """
    if observed.all():
        return values
    found = values.copy()
    for target, seen in enumerate(observed.T):
        rows = np.arange(len(values))
        while (missing := ~seen[rows] & (earlier[rows] >= 0)).any():
            rows = np.where(missing, earlier[rows], rows)
        found[:, target] = np.where(seen[rows], values[rows, target], values[:, target])
    return found
