"""The windows of a part of a series, and which of their values count (docs/specification.md section 2)."""

import numpy as np

from lstm_forecasting.data.arrays import Integers, Truths
from lstm_forecasting.data.series.splits import RowRange


def window_starts(
    part: RowRange,
    look_back: int,
    horizon: int,
    stride: int = 1,
    observed: Truths | None = None,
    *,
    evaluated: bool = False,
    rows_before: int = 0,
) -> Integers:
    """First input rows of the windows whose target rows are all in `part`; may be empty.

    Window n has inputs `[n, n + look_back)` and targets `[n + look_back, n + look_back + horizon)`. With
    `observed`, `[rows, targets]`, windows without an observed target value are left out; if they are to be
    `evaluated`, so are those in whose last input row no target was observed. A forecast needs `rows_before`
    it where that is more than the look_back.
    """
    first = max(part.start, look_back, rows_before) - look_back
    starts = np.arange(first, part.stop - look_back - horizon + 1, stride, dtype=np.int64)
    if observed is None or not len(starts):
        return starts
    seen: Truths = np.asarray(observed.any(axis=1))
    counts = np.concatenate(([0], np.cumsum(seen)))
    firsts = starts + look_back
    kept = counts[firsts + horizon] > counts[firsts]
    if evaluated:
        kept &= seen[firsts - 1]
    return starts[kept]


def has_windows(part: RowRange, look_back: int, horizon: int) -> bool:
    """Whether there is room for a window whose target rows are all in `part`."""
    return part.stop - horizon >= max(part.start, look_back)


def counted_values(
    observed: Truths | None, first_rows: Integers, horizon: int, targets: int, *, evaluated: bool = True
) -> Truths:
    """Which target values of windows count, `[windows, horizon, targets]`; the observed ones.

    If they are `evaluated`, a target's values count only if it was observed in the last input row too.
    `first_rows` are the first target rows, at least 1; `observed` is `[rows, targets]`, None for everywhere.
    """
    if observed is None:
        return np.ones((len(first_rows), horizon, targets), dtype=bool)
    counted: Truths = observed[first_rows[:, np.newaxis] + np.arange(horizon)]
    return counted & observed[first_rows - 1][:, np.newaxis] if evaluated else counted
