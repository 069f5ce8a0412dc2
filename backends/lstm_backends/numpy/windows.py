"""Windows as strided views of the one series array, gathered a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lstm_plugins import ForecasterConfig, NormalisedWindows, SeriesError, SeriesSet, Starts, TargetRows

Float64 = NDArray[np.float64]
VARIANCE_FLOOR = 1e-5


@dataclass(frozen=True)
class WindowBatch:
    """A batch of inputs, normalised in float64 and not yet patched.

    Attributes:
        inputs: `[B, features, look_back]`.
        center: `[B, features]`.
        scale: `[B, features]`.
    """

    inputs: Float64
    center: Float64
    scale: Float64


class WindowSource:
    """Gives batches of the windows of one series set; keeps no copy of any window."""

    def __init__(self, config: ForecasterConfig, series: SeriesSet) -> None:
        self._config = config
        self._lengths = np.array(series.lengths)
        self._ends = np.cumsum(self._lengths)
        self._inputs = _sliding(series.values, config.look_back)
        self._targets = _sliding(series.values[:, list(series.targets)], config.horizon)

    def starts(self, rows: TargetRows, stride: int) -> Starts:
        """See `Forecaster.window_starts`.

        Raises:
            SeriesError: there are target rows, but not for every series.
        """
        if rows and len(rows) != len(self._lengths):
            raise SeriesError(
                f"target rows are given for {len(rows)} series, but {len(self._lengths)} are loaded"
            )
        look_back, horizon = self._config.look_back, self._config.horizon
        found = [np.empty(0, np.int64)]
        for (first, end), length, series_end in zip(rows, self._lengths, self._ends, strict=False):
            first_target = np.arange(max(first, look_back), min(end, length) - horizon + 1, stride)
            found.append(first_target.astype(np.int64) - look_back + (series_end - length))
        return np.concatenate(found)

    def check(self, starts: Starts, rows: int) -> None:
        """Makes sure that `rows` rows from each start on lie within one series.

        Raises:
            SeriesError: a window would leave its series.
        """
        owner = np.searchsorted(self._ends, starts, side="right")
        ends = np.append(self._ends, -1)[owner]
        bad = np.flatnonzero((starts < 0) | (starts + rows > ends))
        if len(bad):
            raise SeriesError(
                f"no series has {rows} rows from row {int(starts[bad[0]])} on, as this window needs"
            )

    def raw_inputs(self, starts: Starts) -> Float64:
        """`[B, features, look_back]`, a copy."""
        return self._inputs[starts]

    def targets(self, starts: Starts) -> Float64:
        """`[B, Q, K]`."""
        gathered = self._targets[starts + self._config.look_back]
        return gathered.transpose(0, 2, 1)

    def normalised(self, starts: Starts) -> WindowBatch:
        """Inputs with each window's center removed, divided by its scale."""
        inputs = self.raw_inputs(starts)
        center, scale = np.zeros(inputs.shape[:2]), np.ones(inputs.shape[:2])
        if self._config.normalisation == "last":
            center = inputs[:, :, -1].copy()
            inputs -= center[:, :, None]
        elif self._config.normalisation == "standard":
            center = inputs.mean(axis=2)
            inputs -= center[:, :, None]
            scale = np.sqrt(np.mean(inputs * inputs, axis=2) + VARIANCE_FLOOR)
            inputs /= scale[:, :, None]
        return WindowBatch(inputs, center, scale)

    def patched(self, starts: Starts) -> NormalisedWindows:
        """The normalised windows as the contract wants them, `[B, T, D]`."""
        batch, config = self.normalised(starts), self._config
        width = config.patch * batch.inputs.shape[1]
        inputs = batch.inputs.transpose(0, 2, 1).reshape(len(starts), config.steps, width)
        return NormalisedWindows(inputs.astype(config.precision), batch.center, batch.scale)


def _sliding(values: Float64, length: int) -> Float64:
    """All windows of `length` rows as a view `[windows, columns, length]`."""
    if len(values) < length:
        return np.empty((0, values.shape[1], length))
    return sliding_window_view(values, length, axis=0)
