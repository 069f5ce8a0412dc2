"""What becomes of missing values in an equally spaced table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from lstm_forecasting.errors import InputError

Missing = Literal["interpolate", "forward-fill", "refuse"]
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
        InputError: a value is missing and `missing` is `refuse`, a column is empty, two columns do not
            overlap, or `missing` is none of the three.
    """
    if missing not in get_args(Missing):
        known = ", ".join(get_args(Missing))
        raise InputError(f"Missing values can be treated by {known}, but not by {missing!r}.")
    absent = np.isnan(values)
    for index, column in enumerate(columns):
        if absent[:, index].all():
            raise InputError(f"Column {column!r} has no values at all; choose another column.")
    if not absent.any():
        return Filled(values, absent, 0, ())
    if missing == "refuse":
        row, index = np.argwhere(absent)[0]
        raise InputError(
            f"Column {columns[index]!r} has no value at {describe(int(row))}, and {int(absent.sum())} values are "
            "missing in all; fill them in the file, or let them be interpolated or forward-filled."
        )
    starts = [int(np.flatnonzero(~absent[:, index])[0]) for index in range(len(columns))]
    ends = [int(np.flatnonzero(~absent[:, index])[-1]) for index in range(len(columns))]
    first, last = max(starts), min(ends)
    if first > last:
        early, late = int(np.argmin(ends)), int(np.argmax(starts))
        raise InputError(
            f"Columns {columns[early]!r} and {columns[late]!r} have no rows in common; choose one of them."
        )
    decisions = []
    for where, count, bounds in (("first", first, starts), ("last", len(values) - 1 - last, ends)):
        if count:
            wanted = first if where == "first" else last
            culprit = columns[bounds.index(wanted)]
            subject = f"The {where} row is" if count == 1 else f"The {where} {count} rows are"
            decisions.append(f"{subject} left out, because {culprit} has no value there.")
    values, absent = values[first : last + 1].copy(), absent[first : last + 1]
    rows = np.arange(len(values))
    for index, column in enumerate(columns):
        holes = absent[:, index]
        count = int(holes.sum())
        if count == 0:
            continue
        known = np.flatnonzero(~holes)
        if missing == "interpolate":
            values[holes, index] = np.interp(rows[holes], known, values[known, index])
            how = "filled by straight lines between the neighbours"
        else:
            latest = known[np.searchsorted(known, rows[holes]) - 1]
            values[holes, index] = values[latest, index]
            how = "filled with the last known value"
        noun = "value" if count == 1 else "values"
        decisions.append(f"{count} missing {noun} of {column} {'is' if count == 1 else 'are'} {how}.")
    return Filled(values, absent, first, tuple(decisions))
