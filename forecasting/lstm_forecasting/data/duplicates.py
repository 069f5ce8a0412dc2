"""What becomes of rows that have the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.calendar import COUNTED, Times
from lstm_forecasting.data.options import Duplicates
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_DONE = {
    "first": "the first of them counts",
    "last": "the last of them counts",
    "mean": "their mean counts",
    "sum": "their sum counts",
}


@dataclass(frozen=True, eq=False)
class Merged:
    """Rows of which no two have the same time.

    Attributes:
        times: `datetime64[us]` `[rows]`, in the order in which they were given.
        values: float64 `[rows, columns]`.
        rows: for each, the given row that stands for it in messages.
        decisions: what was done, in plain sentences.
    """

    times: Times
    values: Array
    rows: Integers
    decisions: tuple[str, ...]


def merge_duplicates(
    times: Times, values: Array, duplicates: Duplicates, column: str, where: Callable[[int], str]
) -> Merged:
    """Makes one row of all that have the same time; a missing value counts only where there is no other.

    Args:
        times: `datetime64[us]` `[rows]`, none missing.
        values: float64 `[rows, columns]`, NaN where a value is missing.
        duplicates: whether the first, the last, the mean or the sum counts, or whether to refuse.
        column: name of the column of times, for messages.
        where: says where in the file a row stands.

    Raises:
        InputError: two rows have the same time and `duplicates` is `refuse`.
    """
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    repeats = ordered[1:] == ordered[:-1]
    if not repeats.any():
        return Merged(times, values, np.arange(len(times)), ())
    if duplicates == "refuse":
        at = int(np.argmax(repeats))
        one, other = where(int(order[at])), where(int(order[at + 1]))
        more = int(repeats.sum()) - 1
        also = f" (and {counted(more, 'more such row')})" if more else ""
        raise InputError(
            f"Column {column!r} has {COUNTED.text(ordered[at])} twice, in {one} and {other}{also}; keep one "
            "row for each time, or set duplicates to first, last, mean or sum, series_column where a column "
            "names several series, or time_zone where clocks change."
        )
    starts = np.flatnonzero(np.append(True, ~repeats))
    merged = np.column_stack([_merged(column[order], starts, duplicates) for column in values.T])
    rows = order[starts]
    # Back in the order of the file, which tells whether its rows were sorted.
    back = np.argsort(rows, kind="stable")
    count = int((np.diff(np.append(starts, len(times))) > 1).sum())
    subject = "1 time stands in several rows" if count == 1 else f"{count} times stand in several rows"
    decision = f"{subject}; {_DONE[duplicates]}."
    return Merged(times[rows][back], merged[back], rows[back], (decision,))


def _merged(values: Array, starts: Integers, duplicates: Duplicates) -> Array:
    """One value for each group of neighbours, NaN where all of them are missing."""
    known = ~np.isnan(values)
    counts = np.add.reduceat(known, starts, dtype=np.int64)
    if duplicates in ("first", "last"):
        # The place of a value in its column, or one beyond the column where there is none.
        places = np.arange(len(values))
        if duplicates == "first":
            chosen = np.minimum.reduceat(np.where(known, places, len(values)), starts)
        else:
            chosen = np.maximum.reduceat(np.where(known, places, -1), starts)
        return np.append(values, np.nan)[np.where(counts > 0, chosen, len(values))]
    sums = np.add.reduceat(np.where(known, values, 0.0), starts)
    if duplicates == "mean":
        sums = sums / np.maximum(counts, 1)
    return np.where(counts > 0, sums, np.nan)
