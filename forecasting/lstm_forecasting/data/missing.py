"""Fills missing values in an equally spaced table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.options import Missing
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError


@dataclass(frozen=True, eq=False)
class Filled:
    """A table without missing values.

    Attributes:
        values: float64 `[rows, columns]`.
        made: bool `[rows, columns]`, True for filled values.
        first: the row of the given table that is now the first.
        decisions: what was done, one sentence each.
    """

    values: Array
    made: Truths
    first: int
    decisions: tuple[str, ...]


def fill_missing(
    values: Array, columns: Sequence[str], missing: Missing, describe: Callable[[int], str]
) -> Filled:
    """Drops incomplete rows at both ends, and fills the gaps (NaN) in between.

    `missing` says how: `interpolate` linearly between neighbours, `forward-fill` with the last known value
    (which uses nothing from the future), or `refuse`. `describe` is for messages: the place or time of a row.

    Raises:
        InputError: a value is missing and `missing` is `refuse`, a column is empty, or two columns do not
            overlap.
    """
    absent = np.isnan(values)
    for index, column in enumerate(columns):
        if absent[:, index].all():
            raise InputError(f"Column {column!r} has no values; choose another column.")
    if not absent.any():
        return Filled(values, absent, 0, ())
    if missing == "refuse":
        row, index = np.argwhere(absent)[0]
        raise InputError(
            f"Column {columns[index]!r} has no value at {describe(int(row))}, and {int(absent.sum())} values "
            "are missing in total; fill them in the file, or set missing to interpolate or forward-fill."
        )
    known = [np.flatnonzero(~absent[:, index]) for index in range(len(columns))]
    starts, ends = [int(rows[0]) for rows in known], [int(rows[-1]) for rows in known]
    first, last = max(starts), min(ends)
    if first > last:
        early, late = columns[ends.index(last)], columns[starts.index(first)]
        raise InputError(f"Columns {early!r} and {late!r} have no rows in common; choose one of them.")
    decisions = []
    if first:
        decisions.append(_left_out("first", first, columns[starts.index(first)]))
    if last < len(values) - 1:
        decisions.append(_left_out("last", len(values) - 1 - last, columns[ends.index(last)]))
    # Columns are filled before the ends are cut, because a gap at a cut has a neighbour beyond it.
    holes = pl.DataFrame(values, nan_to_null=True)
    filled = holes.interpolate() if missing == "interpolate" else holes.fill_null(strategy="forward")
    kept = slice(first, last + 1)
    made = absent[kept]
    how = "by linear interpolation" if missing == "interpolate" else "with the last known value"
    for column, count in zip(columns, made.sum(axis=0).tolist(), strict=True):
        if count:
            verb = "is" if count == 1 else "are"
            decisions.append(f"{counted(count, 'missing value')} of {column} {verb} filled {how}.")
    return Filled(np.ascontiguousarray(filled.to_numpy()[kept]), made, first, tuple(decisions))


def _left_out(end: str, count: int, column: str) -> str:
    subject = f"The {end} row is" if count == 1 else f"The {end} {count} rows are"
    return f"{subject} dropped, because {column} has no value there."
