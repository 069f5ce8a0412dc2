"""What becomes of missing values in an equally spaced table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.options import Missing
from lstm_plugins.errors import InputError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Filled:
    """A table without missing values.

    Attributes:
        values: float64 `[rows, columns]`.
        made: bool `[rows, columns]`, True where a value was made.
        first: the row of the given table that is now the first one.
        decisions: what was done, in plain sentences.
    """

    values: Array
    made: npt.NDArray[np.bool_]
    first: int
    decisions: tuple[str, ...]


def fill_missing(
    values: Array, columns: Sequence[str], missing: Missing, describe: Callable[[int], str]
) -> Filled:
    """Drops the rows at both ends that lack a value, and fills the holes inside.

    Args:
        values: float64 `[rows, columns]`, NaN where a value is missing.
        columns: the columns' names.
        missing: `interpolate` draws a straight line between the neighbours, `forward-fill` repeats the last
            known value (and so uses nothing from the future), `refuse` raises.
        describe: says which row of the file or which time a row is, for messages.

    Raises:
        InputError: a value is missing and `missing` is `refuse`, a column is empty, or two columns do not
            overlap.
    """
    absent = np.isnan(values)
    for index, column in enumerate(columns):
        if absent[:, index].all():
            raise InputError(f"Column {column!r} has no values at all; choose another column.")
    if not absent.any():
        return Filled(values, absent, 0, ())
    if missing == "refuse":
        row, index = np.argwhere(absent)[0]
        raise InputError(
            f"Column {columns[index]!r} has no value at {describe(int(row))}, and {int(absent.sum())} values "
            "are missing in all; fill them in the file, or set missing to interpolate or forward-fill."
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
    # Columns are filled before the ends are cut, since a hole at a cut has a neighbour beyond it.
    filled = np.column_stack(
        [_filled_column(values[:, index], rows, missing) for index, rows in enumerate(known)]
    )
    kept = slice(first, last + 1)
    made = absent[kept]
    how = (
        "by straight lines between the neighbours"
        if missing == "interpolate"
        else "with the last known value"
    )
    for column, count in zip(columns, made.sum(axis=0), strict=True):
        if count:
            subject = (
                f"{count} missing value of {column} is"
                if count == 1
                else f"{count} missing values of {column} are"
            )
            decisions.append(f"{subject} filled {how}.")
    return Filled(filled[kept], made, first, tuple(decisions))


def _left_out(end: str, count: int, column: str) -> str:
    subject = f"The {end} row is" if count == 1 else f"The {end} {count} rows are"
    return f"{subject} left out, because {column} has no value there."


def _filled_column(values: Array, known: npt.NDArray[np.int64], missing: Missing) -> Array:
    """Fills everything between the first and the last known value; what is made beyond them is of no use."""
    rows = np.arange(len(values))
    if missing == "interpolate":
        lines: Array = np.interp(rows, known, values[known])
        return np.where(np.isnan(values), lines, values)
    latest = np.maximum(np.searchsorted(known, rows, side="right") - 1, 0)
    return values[known[latest]]
