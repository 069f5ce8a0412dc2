"""Single values that are far from their neighbours."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.finding import Finding
from lstm_forecasting.findings.column import Column
from lstm_plugins.counting import counted, listed

_WINDOW = 11
"""Rows whose median a value is compared with."""
_FEWEST = 30
_FAR = 10.0
"""Usual distances, of which an outlier is at least so many away."""
_APART = 2.5
"""Times the distance of the farthest value that is no outlier."""
_MOST = 0.003
"""Of the values; at least three. If more are far away, that is how the column is distributed."""
_SHOWN = 5
_TO_DEVIATION = 1.645
"""The 90th percentile of the size of normal values over their standard deviation."""


def find_outliers(column: Column) -> Iterator[Finding]:
    """Yields a finding if a few values are far from all others around them."""
    places = outliers(column.seen)
    if not len(places):
        return
    rows = np.flatnonzero(column.observed)[places]
    values = column.seen[places]
    times = column.times(rows)
    found = tuple(f"{value:.10g} at {when}" for value, when in zip(values, times, strict=True))
    yield Finding(
        "outliers",
        f"{counted(len(places), 'value')} of {column.name} {'is' if len(places) == 1 else 'are'} far from "
        f"the values around: {listed(found, _SHOWN)}.",
        column.name,
        "Outliers are kept, in training and in scores; remove wrong ones from the file.",
        when=times,
    )


def outliers(values: Array) -> Integers:
    """Places of the outliers among values `[rows]` without gaps."""
    if len(values) < _FEWEST:
        return np.array([], np.int64)
    around = pl.Series(values).rolling_median(_WINDOW, min_samples=1, center=True).to_numpy()
    distances = np.abs(values - around)
    # At the ends there are neighbours on one side only, from which a trend leads away.
    distances[: _WINDOW // 2] = distances[len(values) - _WINDOW // 2 :] = 0.0
    # Not the median: in steep parts, a value is itself the median of its neighbours.
    usual = float(np.quantile(distances, 0.9)) / _TO_DEVIATION
    far = distances > _FAR * usual
    count = int(far.sum())
    if usual == 0.0 or not 0 < count <= max(3.0, _MOST * len(values)):
        return np.array([], np.int64)
    if distances[far].min() < _APART * distances[~far].max():
        return np.array([], np.int64)
    places: Integers = np.flatnonzero(far)
    return places
