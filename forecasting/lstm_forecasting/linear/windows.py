"""The inputs of a linear forecaster: a window of the series, and the columns that are known ahead."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.windows import counted_values
from lstm_plugins.ridge import Batch

WINDOWS_AT_ONCE = 4096


@dataclass(frozen=True)
class WindowShape:
    """What a linear forecaster reads and forecasts.

    Attributes:
        look_back: rows of the series that it reads.
        horizon: steps that it forecasts at once.
        own: how many of the known columns, from the first one, are also read in the rows to be forecast.
    """

    look_back: int
    horizon: int
    own: int = 0


def windows_before(series: Array, first_rows: Integers, look_back: int) -> Array:
    """The `look_back` values `[windows, look_back]` before each row; `first_rows` are at least that."""
    found: Array = series[np.asarray(first_rows)[:, np.newaxis] + np.arange(-look_back, 0)]
    return found


def window_inputs(seen: Array, known: Array | None, shape: WindowShape, first_rows: Integers) -> Array:
    """The inputs of a regression, `[windows, inputs]`.

    They are each window minus its last value, the known columns of the window's last row, and the first `own`
    known columns of all rows to be forecast (docs/specification.md section 4, the linear part).

    Args:
        seen: the windows, `[windows, look_back]`.
        known: `[rows, columns]`, up to the last row to be forecast; None for no known columns.
        shape: what is read.
        first_rows: the first row to be forecast of each window.
    """
    parts = [seen - seen[:, -1:]]
    if known is not None:
        parts.append(known[first_rows - 1])
        ahead = known[first_rows[:, np.newaxis] + np.arange(shape.horizon), : shape.own]
        parts.append(ahead.reshape(len(first_rows), -1))
    return np.concatenate(parts, axis=1)


def batches(
    series: Array,
    known: Array | None,
    shape: WindowShape,
    first_rows: Integers,
    observed: Truths | None,
    *,
    evaluated: bool = False,
) -> Iterator[Batch]:
    """The windows of a series `[rows]` as batches of a regression; outputs are targets minus the last value.

    `observed` is `[rows]`; see `counted_values` for `evaluated`.
    """
    for chunk in chunks(first_rows):
        seen = windows_before(series, chunk, shape.look_back)
        outputs = series[chunk[:, np.newaxis] + np.arange(shape.horizon)] - seen[:, -1:]
        counted = None
        if observed is not None:
            counted = counted_values(observed[:, np.newaxis], chunk, shape.horizon, 1, evaluated=evaluated)
            counted = counted[:, :, 0]
        yield Batch(window_inputs(seen, known, shape, chunk), outputs, observed=counted)


def chunks(rows: Integers) -> Iterator[Integers]:
    """The rows, a few thousand at a time, which bounds the memory of their windows."""
    for begin in range(0, len(rows), WINDOWS_AT_ONCE):
        yield rows[begin : begin + WINDOWS_AT_ONCE]
