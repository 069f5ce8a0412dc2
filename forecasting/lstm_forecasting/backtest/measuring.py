"""The intervals of a model's forecasts in a backtest, and how often they held."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lstm_forecasting.backtest.folds import FoldForecasts
from lstm_forecasting.backtest.plan import Backtest
from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.windows import counted_values
from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS
from lstm_forecasting.evaluation.intervals.model import Forecasts, ModelIntervals, model_intervals
from lstm_forecasting.evaluation.intervals.scores import scored_and_inside
from lstm_forecasting.evaluation.scored_windows import Windows
from lstm_forecasting.experiment.result_intervals import forecasts_of, limits_of


def measure_intervals(
    backtest: Backtest, first: FoldForecasts | None, key: str, forecasts: Array, truth: Array, counted: Truths
) -> tuple[ModelIntervals, ...]:
    """The intervals of each target, each made from what was known at its origin.

    Args:
        backtest: the plan.
        first: the first fold, whose validation part gives the errors before the first origin; None if it has
            failed.
        key: of the model.
        forecasts: `[origins, horizon, targets]`.
        truth: of the same shape.
        counted: of the same shape, the values that count.
    """
    earlier = None if first is None else _validation(backtest, first, key)
    nothing, windows = np.empty(0), Windows(truth, backtest.origins, counted)
    return tuple(
        model_intervals(
            forecasts_of(forecasts, windows, target),
            None if earlier is None else earlier[target],
            nothing,
            backtest.table.rows,
            season=backtest.first.season,
            levels=backtest.recipe.levels or DEFAULT_LEVELS,
            limits=limits_of(backtest.first, target),
        )
        for target in range(truth.shape[2])
    )


def _validation(backtest: Backtest, first: FoldForecasts, key: str) -> Sequence[Forecasts] | None:
    """A model's forecasts of the validation part before the first origin, by target."""
    model = next((one for one in first.models if one.key == key), None)
    if model is None or model.validation is None or not len(first.validation_origins):
        return None
    origins, targets = first.validation_origins, len(backtest.table.targets)
    rows = origins[:, np.newaxis] + np.arange(backtest.horizon)
    truth = backtest.table.values[:, :targets][rows]
    counted = counted_values(backtest.first.observed, origins, backtest.horizon, targets)
    windows = Windows(truth, origins, counted)
    return [forecasts_of(model.validation, windows, target) for target in range(targets)]


def coverage_of(
    intervals: ModelIntervals, truth: Array, counted: Truths, origins: Integers
) -> Mapping[float, float]:
    """The share of values inside the intervals from some origins, in percent, by level; nan for none.

    `truth` and `counted` are `[origins, horizon]` of one target.
    """
    found = {}
    for index, level in enumerate(intervals.levels):
        low, high = (ends[origins, :, index] for ends in (intervals.test.low, intervals.test.high))
        scored, inside = scored_and_inside(truth[origins], low, high, counted[origins])
        values = int(scored.sum())
        found[level] = 100 * int(inside.sum()) / values if values else math.nan
    return found
