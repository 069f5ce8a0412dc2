"""Columns that number the rows: whole numbers, or times since a start, such as 0.00, 0.02, 0.04."""

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.raw_table import title_words
from lstm_forecasting.data.times.spacing import are_spaced
from lstm_forecasting.data.times.text_times import whole_numbers

_TITLES = {
    *("ds", "index", "idx", "t", "step", "time", "timestep", "period", "elapsed", "runtime", "frame"),
    *("zeit", "temps", "tiempo", "tempo"),
}
_BESIDE = {
    *("s", "sec", "secs", "second", "seconds", "ms", "msec", "millisecond", "milliseconds", "us", "µs", "μs"),
    *("ns", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hours", "since", "start", "from", "in"),
}
"""Words beside those titles: units, and where the time starts."""
_DECIMAL = r"^[0-9]+(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]+)?$"
_SAMPLE = 20
_NEAR = 0.25
"""Of a step; by how much steps may differ, because times are rounded and wobble."""
_EQUAL = 0.02
"""Of a step; smaller differences come from rounding."""
_USUAL = 0.25
"""Of the median; steps that are nearer to it have no gap."""


def may_number_rows(name: str) -> bool:
    """Whether the title of a column says that it numbers the rows."""
    words = set(title_words(name))
    return not words.isdisjoint(_TITLES) and words <= _TITLES | _BESIDE


def row_numbers(column: pl.Series, name: str) -> tuple[Times, str] | None:
    """The number of each row as `datetime64[us]` `[rows]`, and how they were found; None for others."""
    numbers = whole_numbers(column)
    if numbers is not None:
        times = numbers.astype("datetime64[us]")
        return (times, f"Rows are numbered by column {name}.") if are_spaced(times) else None
    if not column.head(_SAMPLE).str.contains(_DECIMAL).all() or column.null_count():
        return None
    values = column.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).to_numpy()
    if not np.isfinite(values).all():
        return None
    different, places = np.unique(values, return_inverse=True)
    steps = np.diff(different)
    if not len(steps):
        return None
    step = float(np.median(steps))
    step = float(steps[np.abs(steps - step) <= _USUAL * step].mean())
    counts = np.round(steps / step)
    if (np.abs(steps / step - counts) > _NEAR).any():
        return None
    first = round(different[0] / step)
    times = (first + np.append(0, np.cumsum(counts))).astype(np.int64)[places].astype("datetime64[us]")
    if not are_spaced(times):
        return None
    shown = f"{step:.6g}" if np.abs(steps / step - counts).max() < _EQUAL else f"about {step:.2g}"
    return times, f"Rows are numbered by column {name}, in steps of {shown}."
