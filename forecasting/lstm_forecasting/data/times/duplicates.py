"""Rows that have the same time, merged into one or refused."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array, Integers, Times
from lstm_forecasting.data.options import Duplicates
from lstm_forecasting.data.times.calendar import COUNTED
from lstm_forecasting.data.times.spacing import are_spaced
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

VALUES = pl.exclude("time", "code", "row")
"""The columns of values of `rows_of`."""
MERGED = {
    "first": VALUES.drop_nulls().first(),
    "last": VALUES.drop_nulls().last(),
    "mean": VALUES.mean(),
    "sum": pl.when(VALUES.count() > 0).then(VALUES.sum()),
    "max": VALUES.max(),
    "count": VALUES.count(),
}
"""What becomes of the values of rows that are merged; missing ones are ignored."""


_EVENTS = 20
"""Rows; fewer do not show that they are events."""


@dataclass(frozen=True, eq=False)
class Merged:
    """Rows of which no two have the same time.

    Attributes:
        times: `datetime64[us]` `[rows]`, in the order of the file.
        values: float64 `[rows, columns]`.
        rows: for each row, the row of the file that messages refer to.
        decisions: what was decided, one sentence each.
        about_clocks: what was decided about times that clocks show twice.
    """

    times: Times
    values: Array
    rows: Integers
    decisions: tuple[str, ...]
    about_clocks: tuple[str, ...] = ()


def rows_of(times: pl.Series, codes: Integers, values: Array) -> pl.DataFrame:
    """Rows as a frame to be merged: their time, series and number, then their values."""
    columns = {str(place): pl.Series(own, nan_to_null=True) for place, own in enumerate(values.T)}
    return pl.DataFrame({"time": times, "code": codes, "row": np.arange(len(times)), **columns})


def merge_duplicates(
    times: Times,
    values: Array,
    duplicates: Duplicates,
    column: str,
    where: Callable[[int], str],
    codes: Integers | None = None,
    text: Callable[[np.datetime64], str] = COUNTED.text,
) -> Merged:
    """Merges rows that have the same time; missing values are ignored if the time has another value.

    With `codes`, a number for the series of each row, only rows of the same series are merged. `column`, the
    name of the time column, `where`, the place of a row in the file, and `text`, of a time, are for messages.

    Raises:
        InputError: two rows have the same time and `duplicates` is `refuse`.
    """
    codes = np.zeros(len(times), np.int64) if codes is None else codes
    order = np.lexsort((times, codes))
    ordered = times[order]
    repeats = (ordered[1:] == ordered[:-1]) & (np.diff(codes[order]) == 0)
    if not repeats.any():
        return Merged(times, values, np.arange(len(times)), ())
    if duplicates == "refuse":
        at = int(np.argmax(repeats))
        one, other = where(int(order[at])), where(int(order[at + 1]))
        more = int(repeats.sum()) - 1
        also = f" (and {counted(more, 'more such row')})" if more else ""
        advice = (
            "keep one row for each time, or set duplicates to first, last, mean or sum, resample if the "
            "rows are events, series_column if a column names several series, or time_zone if clocks change"
        )
        if len(codes) > _EVENTS and not codes.any() and not are_spaced(times):
            advice = (
                "the times are not equally spaced: if the rows are events, set resample to a step such as "
                "1h, and aggregate to mean, sum, last, max or count"
            )
        raise InputError(
            f"Column {column!r} has {text(ordered[at])} twice, in {one} and {other}{also}; {advice}."
        )
    frame = rows_of(pl.Series(times), codes, values)
    merged = frame.group_by("time", "code", maintain_order=True).agg(
        pl.col("row").first(), MERGED[duplicates], pl.len().alias("rows")
    )
    count = merged.select((pl.col("rows") > 1).sum()).item()
    verb = "occurs" if count == 1 else "occur"
    rows = "several rows of a series" if codes.any() else "several rows"
    decision = f"{counted(count, 'time')} {verb} in {rows}; the {duplicates} of their values is used."
    return Merged(
        merged["time"].to_numpy(),
        merged.select(frame.columns[3:]).fill_null(float("nan")).to_numpy(),
        merged["row"].to_numpy(),
        (decision,),
    )
