"""Windows of a series as strided views: nothing is copied before a batch is gathered.

docs/specification.md section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lstm_backends.torch.parameters import DTYPES
from lstm_plugins import ForecasterConfig, SeriesError, SeriesSet, Starts, TargetRows

VARIANCE_FLOOR = 1e-5


@dataclass(frozen=True)
class Batch:
    """What the network sees of some windows, time first.

    Attributes:
        inputs: `[T, B, D]`, normalised and patched, in the config's precision.
        center: `[B, features]` float64, what was subtracted.
        scale: `[B, features]` float64, by what was divided.
    """

    inputs: Tensor
    center: Tensor
    scale: Tensor


@dataclass(frozen=True)
class Windows:
    """All windows of a series set.

    Attributes:
        config: gives look_back, horizon, patch and normalisation.
        series: the series set itself.
        columns: `[K]`, those that are forecast.
        values: `[rows, features]` float64.
        patches: `[T, windows, patch, features]`, a view of values.
        futures: `[windows, Q, K]` float64, a view of the target columns; index n is the window at row n.
    """

    config: ForecasterConfig
    series: SeriesSet
    columns: Tensor
    values: Tensor
    patches: Tensor
    futures: Tensor

    def raw(self, starts: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs `[B, look_back, features]` and targets `[B, Q, K]`, float64."""
        shape = len(starts), self.config.look_back, self.values.shape[1]
        inputs = self.patches[:, starts].permute(1, 0, 2, 3).reshape(shape)
        return inputs, self.futures[starts]

    def batch(self, starts: Tensor) -> Batch:
        """The normalised inputs of these windows; statistics and division in float64."""
        raw = self.patches[:, starts]
        steps, count, patch, features = raw.shape
        if self.config.normalisation == "none":
            center, scale = raw.new_zeros(count, features), raw.new_ones(count, features)
            normalised = raw
        elif self.config.normalisation == "last":
            center, scale = raw[-1, :, -1], raw.new_ones(count, features)
            normalised = raw - center[:, None]
        else:
            variance, center = torch.var_mean(raw, dim=(0, 2), correction=0)
            scale = torch.sqrt(variance + VARIANCE_FLOOR)
            normalised = (raw - center[:, None]) / scale[:, None]
        inputs = normalised.to(DTYPES[self.config.precision]).reshape(steps, count, patch * features)
        return Batch(inputs, center, scale)


def open_windows(series: SeriesSet, config: ForecasterConfig, device: torch.device) -> Windows:
    """The windows of a series set, on a device."""
    values = torch.tensor(series.values, device=device)
    rows, features = values.shape
    columns = torch.tensor(series.targets, device=device)
    count = max(rows - config.look_back + 1, 0)
    patches = values.as_strided(
        (config.steps, count, config.patch, features), (config.patch * features, features, features, 1)
    )
    shape = (max(count - config.horizon, 0), config.horizon, len(columns))
    offset = config.look_back * len(columns) if shape[0] else 0
    futures = values.index_select(1, columns).as_strided(shape, (len(columns), len(columns), 1), offset)
    return Windows(config, series, columns, values, patches, futures)


def window_starts(series: SeriesSet, config: ForecasterConfig, rows: TargetRows, stride: int) -> Starts:
    """`Forecaster.window_starts`.

    Raises:
        SeriesError: there are rows for another number of series.
    """
    if not rows:
        return np.empty(0, np.int64)
    if len(rows) != len(series.lengths):
        raise SeriesError(f"target rows are given for {len(rows)} series, there are {len(series.lengths)}")
    starts = []
    for offset, length, (first, end) in zip(series.offsets, series.lengths, rows, strict=True):
        earliest = max(first - config.look_back, 0)
        behind = min(end, length) - config.look_back - config.horizon + 1
        starts.append(torch.arange(earliest, max(behind, earliest), stride) + offset)
    return np.asarray(torch.cat(starts).numpy(), np.int64)


def check_starts(series: SeriesSet, starts: Starts, rows: int) -> None:
    """Makes sure that `rows` rows from each start on lie within one series.

    Raises:
        SeriesError: a window would leave its series.
    """
    ends = np.cumsum(series.lengths)
    # Rows outside of the stack count as rows of the first or last series, which they then leave.
    owner = np.clip(np.searchsorted(ends, starts, side="right"), 0, len(ends) - 1)
    outside = (starts < 0) | (starts + rows > ends[owner])
    if outside.any():
        raise SeriesError(
            f"the window that starts at row {int(starts[outside][0])} needs {rows} rows of one series, "
            "which has fewer from there on"
        )
