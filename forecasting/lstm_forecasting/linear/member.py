"""One ridge regression from a window of a series to its next rows."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import RowRange, Split
from lstm_forecasting.data.series.transforms import Transform
from lstm_forecasting.data.series.windows import counted_values, window_starts
from lstm_forecasting.linear.windows import WindowShape, batches, chunks, window_inputs, windows_before
from lstm_plugins.ridge import Solution, choose_penalty, regress

MOST_WINDOWS = 20_000
"""Most windows in a fit, evenly spaced over the training rows: neighbouring windows tell almost the same."""


@dataclass(frozen=True, eq=False)
class LinearMember:
    """A fitted ridge regression.

    Attributes:
        shape: what it reads and forecasts.
        transform: applied to the series before everything else.
        scale: the transformed series is divided by it, so that penalties do not depend on units.
        solution: the regression, in scaled units.
        validation_error: mean absolute error on the validation windows, in the series' units; nan without
            any.
    """

    shape: WindowShape
    transform: Transform
    scale: float
    solution: Solution
    validation_error: float = math.nan

    @property
    def look_back(self) -> int:
        """Rows of the series that it reads."""
        return self.shape.look_back

    def forecast(
        self,
        values: Array,
        first_rows: Integers,
        steps: int,
        known: Array | None = None,
        effects: Array | None = None,
    ) -> Array:
        """Forecasts `[windows, steps]` in the series' units; each window sees only earlier rows.

        Beyond the fitted horizon, its own forecasts are its input.

        Args:
            values: `[rows]`, in the series' units.
            first_rows: the first row of each forecast, from the look-back window to the number of rows.
            steps: number of steps, at least 1.
            known: `[rows + ahead, columns]` as in the fit, up to the last row that whole horizons need.
            effects: `[rows + ahead]` as in the fit, up to the last row to be forecast.
        """
        series = _without(effects, self.transform.apply(values)) / self.scale
        look_back, horizon = self.shape.look_back, self.shape.horizon
        forecasts = np.empty((len(first_rows), steps))
        done = 0
        for chunk in chunks(np.asarray(first_rows)):
            seen = windows_before(series, chunk, look_back)
            for ahead in range(0, steps, horizon):
                inputs = window_inputs(seen[:, ahead:], known, self.shape, chunk + ahead)
                found = inputs @ self.solution.kernel + self.solution.bias + seen[:, -1:]
                seen = np.concatenate([seen, found], axis=1)
            forecasts[done : done + len(chunk)] = seen[:, look_back : look_back + steps]
            done += len(chunk)
        forecasts *= self.scale
        if effects is not None:
            forecasts += effects[np.asarray(first_rows)[:, np.newaxis] + np.arange(steps)]
        return self.transform.undo(forecasts)


def fit_member(
    values: Array,
    split: Split,
    shape: WindowShape,
    transform: Transform,
    known: Array | None = None,
    observed: Truths | None = None,
    *,
    effects: Array | None = None,
) -> LinearMember | None:
    """Fits a ridge regression on the training windows; None with fewer than two of them.

    The validation windows choose the penalty; without any it is `PENALTY_WITHOUT_VALIDATION`.

    Args:
        values: `[rows]`, in the series' units, without missing values.
        split: test rows are not looked at.
        shape: what it reads and forecasts.
        transform: applied first.
        known: `[rows + ahead, columns]`, standardised; None for no known columns.
        observed: `[rows]`, False for filled values, which are inputs only; None if there are none.
        effects: `[rows + ahead]`, subtracted from the transformed series and added to forecasts; None for 0.
    """
    series = _without(effects, transform.apply(values))
    scale = float(series[split.train.slice].std()) or 1.0
    series = series / scale
    column = None if observed is None else observed[:, np.newaxis]
    look_back, horizon = shape.look_back, shape.horizon

    def first_rows(rows: RowRange, *, evaluated: bool = False) -> Integers:
        starts = window_starts(rows, look_back, horizon, observed=column, evaluated=evaluated)
        return starts[:: -(-len(starts) // MOST_WINDOWS) or 1] + look_back

    training = first_rows(split.train)
    if len(training) < 2:
        return None
    validation = first_rows(split.validation, evaluated=True)
    regression = regress(batches(series, known, shape, training, observed))
    penalty = choose_penalty(regression, batches(series, known, shape, validation, observed, evaluated=True))
    member = LinearMember(shape, transform, scale, regression.solve(penalty))
    if len(validation):
        error = mean_error(
            lambda rows: member.forecast(values, rows, horizon, known, effects),
            values,
            validation,
            horizon,
            observed,
        )
        member = replace(member, validation_error=error)
    return member


def _without(effects: Array | None, series: Array) -> Array:
    return series if effects is None else series - effects[: len(series)]


def mean_error(
    forecast: Callable[[Integers], Array],
    values: Array,
    first_rows: Integers,
    horizon: int,
    observed: Truths | None = None,
) -> float:
    """The mean absolute error of forecasts over the values that count; nan if there are none."""
    total, count = 0.0, 0
    column = None if observed is None else observed[:, np.newaxis]
    for chunk in chunks(first_rows):
        errors = np.abs(forecast(chunk) - values[chunk[:, np.newaxis] + np.arange(horizon)])
        counted = counted_values(column, chunk, horizon, 1)[:, :, 0]
        total += float(errors[counted].sum())
        count += int(counted.sum())
    return total / count if count else math.nan
