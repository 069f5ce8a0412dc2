"""The known columns of windows, gathered from strided views: docs/specification.md section 2."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lstm_plugins import ForecasterConfig, SeriesSet, Starts

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """The known columns of a series set, which have more rows than its series: those ahead of each.

    Attributes:
        config: all settings.
        inputs: `[rows, G, T]`, a view; index n is the last row of each patch of the window at row n.
        ahead: `[rows, G, Q]`, a view; index n begins at row n.
        rows: the row of the known columns of each row of the series.
        own: U, how many of the columns are the user's own; they come first.
    """

    config: ForecasterConfig
    inputs: Float64
    ahead: Float64
    rows: Starts
    own: int


def open_known(config: ForecasterConfig, series: SeriesSet, device: str) -> Known | None:
    """The known columns of a series set; None without any."""
    if series.known is None:
        return None
    inputs = _sliding(series.known, config.look_back)[:, :, config.patch - 1 :: config.patch]
    rows = series.known_rows(np.arange(len(series.values)))
    return Known(config, inputs, _sliding(series.known, config.horizon), rows, series.own_known)


def known_inputs(known: Known, starts: Starts) -> Float64:
    """The known columns of the last row of each patch, `[B, G, T]`."""
    return known.inputs[known.rows[starts]]


def known_ahead(known: Known, starts: Starts) -> Float64:
    """The known columns of the target rows, `[B, Q, G]`."""
    return known.ahead[known.rows[starts] + known.config.look_back].transpose(0, 2, 1)


def _sliding(values: Float64, length: int) -> Float64:
    """All windows of `length` rows as a view `[windows, columns, length]`."""
    if len(values) < length:
        return np.empty((0, values.shape[1], length), values.dtype)
    return sliding_window_view(values, length, axis=0)
