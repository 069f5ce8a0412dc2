"""The effects of columns that are known ahead, such as holidays, regressed out of a series.

A regression on windows needs a coefficient for each step and each known row. An effect is the same wherever
it falls, so that one coefficient a column is enough, and the windows are then free of earlier effects too.
Level, trend and season must not count as effects: every row is compared with the mean of the rows a season
before and after.
"""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import RowRange, Split
from lstm_plugins.ridge import Batch, choose_penalty, regress


@dataclass(frozen=True, eq=False)
class Effects:
    """What known columns add to a series.

    Attributes:
        coefficients: `[columns]`, in the series' units.
        penalty: the one that validation rows chose.
    """

    coefficients: Array
    penalty: float

    def of(self, columns: Array) -> Array:
        """The sum of effects in each row, from columns `[rows, columns]` as in the fit."""
        return np.asarray(columns @ self.coefficients)


def fit_effects(
    values: Array, columns: Array, season: int, split: Split, observed: Truths | None = None
) -> Effects | None:
    """The effects of columns; None if the training rows are fewer than two seasons and three rows.

    Args:
        values: `[rows]`, in the series' units or transformed.
        columns: `[rows, columns]`, in units of their own; a column without changes has no effect.
        season: rows of a season; 1 compares with the neighbouring rows.
        split: training rows are fitted, validation rows choose the penalty if a column changes in them; test
            rows are not looked at.
        observed: `[rows]`, False for filled values, which do not count; None if there are none.
    """

    def compared(part: RowRange) -> Integers:
        rows = np.arange(max(part.start, season), part.stop - season)
        if observed is None:
            return rows
        return rows[observed[rows] & observed[rows - season] & observed[rows + season]]

    def differences(series: Array, rows: Integers) -> Array:
        return np.asarray(series[rows] - (series[rows - season] + series[rows + season]) / 2)

    training, validation = compared(split.train), compared(split.validation)
    if len(training) < 3:
        return None
    scales = differences(columns, training).std(axis=0)
    scales[scales == 0] = np.inf
    fitted, checked = (
        Batch(differences(columns, rows) / scales, differences(values[:, np.newaxis], rows))
        for rows in (training, validation)
    )
    found = regress([fitted])
    # Rows in which nothing special happens cannot choose: every penalty does equally well there.
    penalty = choose_penalty(found, [checked] if checked.inputs.any() else [])
    # Differences of a constant are 0, so that there is no bias to keep.
    return Effects(found.solve(penalty).kernel[:, 0] / scales, penalty)
