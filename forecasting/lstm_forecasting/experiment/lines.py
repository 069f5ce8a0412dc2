"""Forecasts as lines, and intervals as areas, of a chart over the rows of the series; its first row."""

from typing import Literal

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.experiment.results import BackendResult, EvaluatedBaseline, Evaluation, ExperimentResult

Reach = Literal["end", "test", "all"]
REACHES: dict[Reach, str] = {
    "end": "the end of the series",
    "test": "the test part",
    "all": "the whole series",
}
"""How much of the series is shown before the future, in words."""


def fitting_reach(result: ExperimentResult, columns: int) -> Reach:
    """The test part if its rows fit into this many columns, otherwise the end of the series."""
    rows = len(result.experiment.split.test) + result.experiment.steps
    return "test" if rows <= 3 * columns else "end"


def first_row(result: ExperimentResult, reach: Reach, columns: int) -> float:
    """The first row of the chart; with reach "end" it depends on how many columns there are."""
    experiment = result.experiment
    last = float(experiment.table.rows - 1 + experiment.steps)
    span = max(6 * experiment.steps, 4 * experiment.season if experiment.season > 1 else 0, 40)
    span = max(4 * experiment.steps, min(span, 2 * columns))
    test = float(experiment.split.test.start)
    return {"end": max(0.0, last - span), "test": max(0.0, test - 0.04 * (last - test)), "all": 0.0}[reach]


def line_on_test(result: ExperimentResult, evaluation: Evaluation, target: int) -> tuple[Array, Array]:
    """Rows and values of consecutive test forecasts that do not overlap, chosen from the last one on.

    Where rows have no forecast, there is a nan between the forecasts around them.
    """
    windows, rows, gaps = _without_overlap(result)
    values = evaluation.forecasts[windows, :, target].reshape(-1)
    return rows, np.insert(values, gaps, np.nan)


def bands_on_test(result: ExperimentResult, intervals: Bands) -> tuple[Array, Bands]:
    """Rows and intervals `[rows, levels]` of the same forecasts, given those of all test windows."""
    windows, rows, gaps = _without_overlap(result)
    count = len(intervals.levels)
    low, high = (
        np.insert(ends[windows].reshape(-1, count), gaps, np.nan, axis=0)
        for ends in (intervals.low, intervals.high)
    )
    return rows, Bands(intervals.levels, low, high)


def bands_of_residuals(
    result: ExperimentResult, evaluation: Evaluation, intervals: Bands, target: int, step: int
) -> tuple[Array, Bands]:
    """Rows and intervals `[rows, levels]` of all test forecasts at a step, from 1, minus the forecasts.

    Where rows have no forecast, there is a nan between those around them.
    """
    rows = (result.first_rows + step - 1).astype(np.float64)
    point = evaluation.forecasts[:, step - 1, target, np.newaxis]
    gaps = np.flatnonzero(np.diff(rows) > 1) + 1
    low, high = (
        np.insert(ends[:, step - 1] - point, gaps, np.nan, axis=0) for ends in (intervals.low, intervals.high)
    )
    return np.insert(rows, gaps, rows[gaps - 1] + 0.5), Bands(intervals.levels, low, high)


def _without_overlap(result: ExperimentResult) -> tuple[list[int], Array, Integers]:
    """Test windows that do not overlap, the rows of their steps, and where nan is inserted.

    The rows have one more in each gap between the windows.
    """
    horizon, firsts = result.truth.shape[1], result.first_rows
    windows, window = [], len(firsts) - 1
    while window >= 0:
        windows.append(window)
        window = int(np.searchsorted(firsts, firsts[window] - horizon, side="right")) - 1
    windows.reverse()
    rows = (firsts[windows][:, None] + np.arange(horizon)).reshape(-1).astype(np.float64)
    gaps = np.flatnonzero(np.diff(rows) > 1) + 1
    return windows, np.insert(rows, gaps, rows[gaps - 1] + 0.5), gaps


def line_of_future(table: SeriesTable, future: Array, target: int) -> tuple[Array, Array]:
    """Rows and values of a future `[steps]` of a target, from its last value on; nan if that was filled."""
    rows = np.arange(table.rows - 1, table.rows + len(future), dtype=np.float64)
    last = table.observed_values(table.target_indices[target])[-1]
    return rows, np.concatenate([[last], future])


def bands_of_future(table: SeriesTable, intervals: Bands, target: int) -> tuple[Array, Bands]:
    """Rows and intervals `[rows, levels]` of a future `[steps, levels]`, from the target's last value on."""
    rows = np.arange(table.rows - 1, table.rows + len(intervals.low), dtype=np.float64)
    return rows, _opened(intervals, table.observed_values(table.target_indices[target])[-1])


def _opened(intervals: Bands, value: float) -> Bands:
    """Intervals `[steps, levels]` after a value that is known, which is one more step without width."""
    known = np.full((1, len(intervals.levels)), value)
    low, high = (np.concatenate([known, ends]) for ends in (intervals.low, intervals.high))
    return Bands(intervals.levels, low, high)


def offered_baseline(result: ExperimentResult, target: int) -> EvaluatedBaseline | None:
    """The baseline that is offered for a target; None if it is the LSTM."""
    named = [one for one in result.baselines if result.offers and one.name == result.offers[target].name]
    return named[0] if named and result.offers[target].kind != "lstm" else None


def in_offered_order(result: ExperimentResult, target: int) -> list[BackendResult]:
    """The backends, that one first whose forecast of a target is offered."""
    first = result.offers[target].backend if result.offers else ""
    return sorted(result.backends, key=lambda one: one.backend != first)


def line_of_window(
    result: ExperimentResult, evaluation: Evaluation, window: int, target: int
) -> tuple[Array, Array]:
    """Rows and values of one test forecast, starting at the last value before it; nan if that was filled."""
    first, horizon = int(result.first_rows[window]), result.truth.shape[1]
    rows = np.arange(first - 1, first + horizon, dtype=np.float64)
    table = result.experiment.table
    last = table.observed_values(table.target_indices[target])[first - 1]
    return rows, np.concatenate([[last], evaluation.forecasts[window, :, target]])


def bands_of_window(
    result: ExperimentResult, intervals: Bands, window: int, target: int
) -> tuple[Array, Bands]:
    """Rows and intervals `[rows, levels]` of one test forecast, from the last value before it on."""
    first, horizon = int(result.first_rows[window]), result.truth.shape[1]
    table = result.experiment.table
    last = table.observed_values(table.target_indices[target])[first - 1]
    own = Bands(intervals.levels, intervals.low[window], intervals.high[window])
    return np.arange(first - 1, first + horizon, dtype=np.float64), _opened(own, last)
