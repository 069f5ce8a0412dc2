"""Finds missing values in an equally spaced table, and fills them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.options import Missing
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

_HOW: dict[Missing, str] = {
    "carry": "filled with the last observed value",
    "refuse": "filled with the last observed value",
    "season": "filled with the value one season earlier, or else the last observed value",
    "interpolate": "interpolated in the training rows (which looks ahead) and filled with the last observed "
    "value elsewhere",
}


@dataclass(frozen=True, eq=False)
class Trimmed:
    """A table without the rows at its ends that cannot be used.

    Attributes:
        values: float64 `[rows, columns]`; NaN where `made` is True.
        made: bool `[rows, columns]`, True for missing values.
        first: the row of the given table that is now the first.
        earlier: `[columns]`, the last value of each column before that row; nan if it has none.
        decisions: what was found and how it is filled, one sentence each.
    """

    values: Array
    made: Truths
    first: int
    earlier: Array
    decisions: tuple[str, ...]


def trim(
    values: Array,
    columns: Sequence[str],
    targets: int,
    missing: Missing,
    describe: Callable[[int], str],
    skipped: Integers | None = None,
) -> Trimmed:
    """Drops the rows before the first value of a target, and those after the last value of all targets.

    Forecasts therefore start after a row in which a target was observed. The first `targets` columns are the
    targets. `describe` is for messages: the place or time of a row. In the rows `skipped`, whose times do not
    exist on a clock, no value is missing that `refuse` could ask for.

    Raises:
        InputError: a value is missing and `missing` is `refuse`, a column is empty, or a column has no values
            in the rows that are left.
    """
    absent = np.isnan(values)
    for index, column in enumerate(columns):
        if absent[:, index].all():
            raise InputError(f"Column {column!r} has no values; choose another column.")
    if not absent.any():
        return Trimmed(values, absent, 0, np.full(len(columns), np.nan), ())
    refused = absent.copy()
    if skipped is not None:
        refused[skipped] = False
    if missing == "refuse" and refused.any():
        row, index = np.argwhere(refused)[0]
        count = int(refused.sum())
        raise InputError(
            f"Column {columns[index]!r} has no value at {describe(int(row))}, and {count} values "
            "are missing in total; fill them in the file, or set missing to carry or season."
        )
    known = [np.flatnonzero(~absent[:, index]) for index in range(len(columns))]
    starts = [int(rows[0]) for rows in known[:targets]]
    first, last = max(starts), max(int(rows[-1]) for rows in known[:targets])
    for index, column in enumerate(columns):
        if not ((known[index] >= first) & (known[index] <= last)).any():
            other = columns[starts.index(first)] if known[index][-1] < first else columns[0]
            raise InputError(f"Columns {column!r} and {other!r} have no rows in common; choose one of them.")
    decisions = []
    if first:
        why = f"because {columns[starts.index(first)]} has no value there"
        decisions.append(f"{_rows('first', first)} dropped, {why}.")
    if last < len(values) - 1:
        named = " and ".join(columns[:targets]) if targets < 4 else f"none of the {targets} targets"
        has = "have" if 1 < targets < 4 else "has"
        no = "a" if targets >= 4 else "no"
        ends = f"because {named} {has} {no} value there; the forecast starts at the first of them"
        decisions.append(f"{_rows('last', len(values) - 1 - last)} dropped, {ends}.")
    kept = slice(first, last + 1)
    made = absent[kept]
    before = [rows[rows < first] for rows in known]
    earlier = np.array(
        [values[rows[-1], index] if len(rows) else np.nan for index, rows in enumerate(before)]
    )
    decisions += _in_words(made, columns, targets, missing, earlier)
    return Trimmed(np.ascontiguousarray(values[kept]), made, first, earlier, tuple(decisions))


def fill(
    values: Array, made: Truths, missing: Missing, *, training_rows: int, season: int, starts: Array
) -> Array:
    """Fills the missing values of a table without using a value from after the training rows too early.

    A value is filled from earlier rows only: with the last observed one, or with `missing` = `season` the one
    a season ago, observed or filled itself. With `interpolate`, gaps between two observed training rows are
    filled along a straight line. A gap at the start of a column is filled with its `start`.

    Args:
        values: `[rows, columns]`; where `made` is True, they do not matter.
        made: `[rows, columns]`, True for missing values.
        missing: how to fill.
        training_rows: number of rows, from the first one, that no evaluation forecasts.
        season: in rows; 1 for none.
        starts: `[columns]`, the value of a gap at the start.
    """
    filled = values.copy()
    for column in np.flatnonzero(made.any(axis=0)):
        own, absent = filled[:, column], made[:, column]
        seen = np.flatnonzero(~absent)
        own[: seen[0]] = starts[column]
        rest, holes = own[seen[0] :], absent[seen[0] :]
        if missing == "season" and 1 < season < len(rest):
            _take_a_season_ago(rest, holes, season)
        else:
            _carry(rest, holes)
        if missing == "interpolate":
            inner = seen[seen < training_rows]
            if len(inner):
                rows = np.arange(inner[0], inner[-1] + 1)
                own[rows] = np.where(absent[rows], np.interp(rows, inner, own[inner]), own[rows])
    return filled


def _carry(values: Array, absent: Truths) -> None:
    """Repeats the last value in place; the first one is there."""
    rows = np.where(absent, 0, np.arange(len(values)))
    values[:] = values[np.maximum.accumulate(rows)]


def _take_a_season_ago(values: Array, absent: Truths, season: int) -> None:
    """Repeats the value a season ago in place, and within the first season the last value."""
    _carry(values[:season], absent[:season])
    # One season per row, so that values move down the columns; the last season may be incomplete.
    seasons = -(-len(values) // season)
    padding = seasons * season - len(values)
    grid = np.concatenate([values, np.zeros(padding)]).reshape(seasons, season)
    holes = np.concatenate([absent, np.ones(padding, dtype=bool)]).reshape(seasons, season)
    holes[0] = False
    rows = np.maximum.accumulate(np.where(holes, 0, np.arange(seasons)[:, np.newaxis]), axis=0)
    values[:] = np.take_along_axis(grid, rows, axis=0).reshape(-1)[: len(values)]


def filling_decisions(made: Truths, columns: Sequence[str], missing: Missing, earlier: Array) -> list[str]:
    """How the missing values of columns are filled, one sentence each.

    `earlier` `[columns]` is NaN for columns without a value before the first row.
    """
    decisions = []
    for column, absent, before in zip(columns, made.T, earlier, strict=True):
        leading = int(np.argmin(absent)) if np.isnan(before) else 0
        count = int(absent.sum()) - leading
        if leading:
            values = "first value" if leading == 1 else f"first {leading} values"
            verb, they = ("is", "it is") if leading == 1 else ("are", "they are")
            how = "filled with its mean over the training rows"
            decisions.append(f"The {values} of {column} {verb} missing; {they} {how}.")
        if count:
            verb = "is" if count == 1 else "are"
            share = f"{counted(count, 'missing value')} of {column} ({_percent(count, len(absent))})"
            decisions.append(f"{share} {verb} {_HOW[missing]}.")
    return decisions


def _in_words(
    made: Truths, columns: Sequence[str], targets: int, missing: Missing, earlier: Array
) -> list[str]:
    decisions = filling_decisions(made, columns, missing, earlier)
    for column, absent in zip(columns[:targets], made.T, strict=False):
        trailing = int(np.argmin(absent[::-1]))
        if trailing:
            values = "last value" if trailing == 1 else f"last {trailing} values"
            verb, later = "is" if trailing == 1 else "are", counted(trailing, "row")
            decisions.append(
                f"The {values} of {column} {verb} missing, so its forecast starts {later} after its last "
                "observed value."
            )
    guessed = [column for column, absent in zip(columns[:targets], made.T, strict=False) if absent.any()]
    if guessed:
        named = " and ".join(guessed) if len(guessed) < 4 else f"{len(guessed)} targets"
        decisions.append(f"Filled values of {named} are excluded from losses and scores.")
    return decisions


def _percent(count: int, rows: int) -> str:
    share = 100 * count / rows
    return f"{share:.2g} %" if share < 1 else f"{share:.0f} %"


def _rows(end: str, count: int) -> str:
    return f"The {end} row is" if count == 1 else f"The {end} {count} rows are"
