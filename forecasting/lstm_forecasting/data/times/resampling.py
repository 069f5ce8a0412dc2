"""Merges the rows of each step of a coarser frequency: finer data, and events at any time."""

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array, Integers, Times, distinct
from lstm_forecasting.data.options import Aggregate
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.duplicates import MERGED, VALUES, Merged, rows_of
from lstm_forecasting.data.times.durations import WEEK
from lstm_forecasting.data.times.spacing import are_spaced
from lstm_plugins.counting import counted

_HOW = {"mean": "mean", "sum": "sum", "last": "last", "max": "largest", "count": "number"}

_LEAST_DISTINCT = 0.95
"""Share of rows with times of their own; events, such as payments of a day, have fewer."""


def resample(
    times: Times, values: Array, frequency: Frequency, aggregate: Aggregate, codes: Integers | None = None
) -> Merged:
    """Merges the rows `[rows, columns]` in each step; missing values are ignored where a step has others.

    Steps without rows are missing rows, except for numbers of rows, and for sums of rows that are not equally
    spaced themselves: those are events, and where there are none their number or sum is 0. A sum over equally
    spaced rows is missing if one of its rows or values is. With `codes`, a number for the series of each row,
    only rows of the same series are merged.
    """
    codes = np.zeros(len(times), np.int64) if codes is None else codes
    frame = rows_of(pl.Series(times).dt.truncate(_every(frequency)), codes, values)
    columns = frame.columns[3:]
    order = np.argsort(times, kind="stable")
    groups = frame[order].group_by("time", "code", maintain_order=True)
    merged = groups.agg(pl.col("row").first(), MERGED[aggregate], pl.len().alias("rows"))
    decision = (
        f"{counted(len(times), 'row')} are merged into {counted(len(merged), 'step')} ({frequency.name}); "
        f"each has the {_HOW[aggregate]} of its values."
    )
    decisions = [decision]
    if aggregate == "count":
        merged = _with_zeros(merged, frequency, columns)
        decisions.append("Steps without rows have the number 0.")
    elif aggregate == "sum":
        rows = times[codes == codes[0]]
        if len(distinct(rows)) >= _LEAST_DISTINCT * len(rows) and are_spaced(rows):
            counts = groups.agg(VALUES.count())
            whole = int(merged["rows"].max())  # type: ignore[arg-type]
            short = {name: counts[name] < whole for name in columns}
            merged = merged.with_columns(
                *(pl.when(~own).then(pl.col(name)).alias(name) for name, own in short.items())
            )
            lost = int(pl.DataFrame(short).select(pl.any_horizontal(pl.all())).to_series().sum())
            if lost:
                verb = "counts" if lost == 1 else "count"
                decisions.append(f"{counted(lost, 'sum')} of fewer than {whole} rows {verb} as missing.")
        else:
            merged = _with_zeros(merged, frequency, columns)
            decisions.append("Steps without rows have the sum 0.")
    return Merged(
        merged["time"].to_numpy(),
        merged.select(*columns).fill_null(float("nan")).to_numpy(),
        merged["row"].to_numpy(),
        tuple(decisions),
    )


def _every(frequency: Frequency) -> str:
    """The step in the notation of polars."""
    if frequency.kind == "months":
        return f"{frequency.size}mo"
    weeks, rest = divmod(frequency.size, WEEK)
    return f"{frequency.size}us" if rest else f"{weeks}w"


def _with_zeros(merged: pl.DataFrame, frequency: Frequency, columns: list[str]) -> pl.DataFrame:
    """The steps of each series from its first to its last, with 0 in those that have no rows."""
    parts = []
    for _, own in merged.group_by("code", maintain_order=True):
        steps = pl.datetime_range(own["time"].min(), own["time"].max(), _every(frequency), eager=True)  # type: ignore[arg-type]
        grid = pl.DataFrame({"time": steps.cast(own["time"].dtype)})
        filled = grid.join(own, on="time", how="left").with_columns(
            pl.col("code").forward_fill(),
            pl.col("row").forward_fill(),
            *(
                pl.when(pl.col("rows").is_null()).then(0.0).otherwise(pl.col(name)).alias(name)
                for name in columns
            ),
        )
        parts.append(filled)
    return pl.concat(parts)
