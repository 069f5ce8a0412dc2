"""A table as a network reads it: scaled, with indicators of missing values, and what was observed."""

from collections.abc import Sequence

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.series.scaling import Scaler
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.known.columns import KnownColumns
from lstm_plugins import SeriesSet

MUCH_MISSING = 0.05
"""Share of missing values above which a column has an indicator by default."""


def choose_indicators(table: SeriesTable, training_rows: int) -> tuple[str, ...]:
    """The columns that get an indicator of missing values: an input that is 1 if observed, else 0.

    By default those with more than 5 % missing training values. A column without a missing training value
    has none, because its indicator would never change while the network learns.
    """
    least = {"always": 0.0, "auto": MUCH_MISSING, "never": 1.0}[table.reading.options.missing_indicator]
    shares = table.filled[:training_rows].mean(axis=0)
    return tuple(column for column, share in zip(table.columns, shares, strict=True) if share > least)


def indicator_names(indicators: Sequence[str]) -> tuple[str, ...]:
    """The names of the inputs that tell whether these columns were observed."""
    return tuple(f"{column} observed" for column in indicators)


def network_values(table: SeriesTable, scaler: Scaler, indicators: Sequence[str]) -> Array:
    """`[rows, columns + indicators]`: the scaled columns, then 1 or 0 for each indicator's column."""
    scaled = scaler.transform(table.values)
    if not indicators:
        return scaled
    chosen = [table.columns.index(column) for column in indicators]
    return np.concatenate([scaled, (~table.filled[:, chosen]).astype(np.float64)], axis=1)


def network_series(
    table: SeriesTable,
    scaler: Scaler,
    indicators: Sequence[str],
    observed: Truths | None,
    known: KnownColumns | None = None,
    known_scaler: Scaler | None = None,
) -> SeriesSet:
    """The series for a backend; `observed` is `[rows, targets]`, None if every value counts.

    The `known` columns are in their own units; `known_scaler` standardises them.
    """
    values = np.ascontiguousarray(network_values(table, scaler, indicators))
    if known is None or known_scaler is None:
        return SeriesSet(values, table.target_indices, (table.rows,), observed)
    ahead = np.ascontiguousarray(known_scaler.transform(known.values))
    return SeriesSet(values, table.target_indices, (table.rows,), observed, ahead, known.own)
