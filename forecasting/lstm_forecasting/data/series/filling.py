"""Fills the missing values of a series for a training, or for a model that was trained before."""

import math
from dataclasses import replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.seasons import Season, find_season
from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.values.missing import fill


def fill_for_training(table: SeriesTable, training_rows: int | None = None) -> tuple[SeriesTable, Season]:
    """The table as filled for a training with so many rows, and the season of its first target.

    Both see no value of later rows, except that a value is filled from the rows just before it. None is the
    number of rows of the default split.
    """
    rows = max(1, math.floor(table.rows * DEFAULT_FRACTIONS[0])) if training_rows is None else training_rows
    target, candidates, step = table.target_indices[0], table.season_candidates, table.frequency.step
    if not table.filled.any():
        return table, find_season(table.values[:rows, target], candidates, step)
    starts = _starts(table, _means(table, rows))
    carried = fill(table.values, table.filled, "carry", training_rows=rows, season=1, starts=starts)
    season = find_season(carried[:rows, target], candidates, step)
    missing = table.reading.options.missing
    if missing in ("season", "interpolate"):
        carried = fill(
            table.values, table.filled, missing, training_rows=rows, season=season.length, starts=starts
        )
    return _with_values(table, carried), season


def fill_for_model(table: SeriesTable, season: int, means: Array) -> SeriesTable:
    """The table as filled for a model with this season and these training means `[columns]`."""
    if not table.filled.any():
        return table
    missing = table.reading.options.missing
    starts = _starts(table, means)
    values = fill(table.values, table.filled, missing, training_rows=0, season=season, starts=starts)
    return _with_values(table, values)


def _starts(table: SeriesTable, means: Array) -> Array:
    """What fills a gap at the start of each column: its last value before the first row, or else its mean."""
    earlier = np.array(table.earlier) if table.earlier else np.full(len(means), np.nan)
    return np.where(np.isnan(earlier), means, earlier)


def _means(table: SeriesTable, rows: int) -> Array:
    """The mean of each column over the observed ones of its first rows; 0 if there are none."""
    observed = ~table.filled[:rows]
    counts = observed.sum(axis=0)
    sums = np.where(observed, table.values[:rows], 0.0).sum(axis=0)
    means: Array = np.divide(sums, counts, out=np.zeros(len(counts)), where=counts > 0)
    return means


def _with_values(table: SeriesTable, values: Array) -> SeriesTable:
    values.setflags(write=False)
    return replace(table, values=values)
