"""Windows as strided views of the series, from which batches are gathered.

docs/specification.md section 2.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lstm_plugins import (
    Array,
    ForecasterConfig,
    NormalisedWindows,
    RawWindows,
    SeriesSet,
    Starts,
    TargetRows,
)

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Value = TypeVar("Value", np.float64, np.bool_)
VARIANCE_FLOOR = 1e-5


@dataclass(frozen=True)
class Batch:
    """The normalised inputs of some windows, not yet patched, with their statistics; all float64.

    Attributes:
        inputs: `[B, features, look_back]`.
        center: `[B, features]`, subtracted from the inputs.
        scale: `[B, features]`, the divisor.
    """

    inputs: Float64
    center: Float64
    scale: Float64


@dataclass(frozen=True)
class Windows:
    """All windows of a series set.

    Attributes:
        config: all settings.
        columns: the target columns.
        inputs: `[windows, features, look_back]`, a view of the series; index n is the window at row n.
        targets: `[rows, K, Q]`, a view of the target columns; index n begins at row n.
        observed: the mask of `targets`, a view of the same shape; None if all were observed.
        indicators: how many of the last columns are indicators of missing values.
    """

    config: ForecasterConfig
    columns: list[int]
    inputs: Float64
    targets: Float64
    observed: Mask | None
    indicators: int


def open_windows(config: ForecasterConfig, series: SeriesSet, indicators: int, device: str) -> Windows:
    """The windows of a series set; only the target columns are copied."""
    columns = list(series.targets)
    inputs = _sliding(series.values, config.look_back)
    targets = _sliding(series.values[:, columns], config.horizon)
    observed = None if series.observed is None else _sliding(series.observed, config.horizon)
    return Windows(config, columns, inputs, targets, observed, indicators)


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [np.empty(0, np.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        first_target = np.arange(max(first, config.look_back), min(end, length) - config.horizon + 1, stride)
        starts.append(first_target.astype(np.int64) - config.look_back + offset)
    return _kept(config, series, np.concatenate(starts), evaluated)


def gather_inputs(windows: Windows, starts: Starts) -> Float64:
    """Inputs `[B, features, look_back]` as in the series, copied."""
    return windows.inputs[starts]


def gather_targets(windows: Windows, starts: Starts) -> Float64:
    """Targets `[B, Q, K]` as in the series."""
    return windows.targets[starts + windows.config.look_back].transpose(0, 2, 1)


def gather_observed(windows: Windows, starts: Starts) -> Mask | None:
    """Which targets were observed, `[B, Q, K]`; None if all were."""
    if windows.observed is None:
        return None
    return windows.observed[starts + windows.config.look_back].transpose(0, 2, 1)


def normalise(windows: Windows, starts: Starts) -> Batch:
    """The inputs of these windows with their center subtracted, divided by their scale."""
    inputs = gather_inputs(windows, starts)
    center, scale = np.zeros(inputs.shape[:2]), np.ones(inputs.shape[:2])
    indicators = slice(inputs.shape[1] - windows.indicators, None)
    if windows.config.normalisation == "last":
        center = inputs[:, :, -1].copy()
        center[:, indicators] = 0.0
        inputs -= center[:, :, None]
    elif windows.config.normalisation == "standard":
        center = inputs.mean(axis=2)
        center[:, indicators] = 0.0
        inputs -= center[:, :, None]
        scale = np.sqrt(np.mean(inputs * inputs, axis=2) + VARIANCE_FLOOR)
        scale[:, indicators] = 1.0
        inputs /= scale[:, :, None]
    return Batch(inputs, center, scale)


def target_scale(windows: Windows, batch: Batch) -> Array:
    """The divisor of the target columns, `[B, 1, K, 1]` in the config's precision."""
    return batch.scale[:, None, windows.columns, None].astype(windows.config.precision)


def denormalise(windows: Windows, batch: Batch, output: Array) -> Array:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output."""
    prediction = output * target_scale(windows, batch)
    prediction += batch.center[:, None, windows.columns, None].astype(windows.config.precision)
    return prediction


def forecast_error(windows: Windows, starts: Starts, batch: Batch, output: Array) -> Array:
    """Forecast minus target in scaled units, `[B, Q, K, P]`."""
    targets = gather_targets(windows, starts).astype(windows.config.precision)
    error: Array = denormalise(windows, batch, output) - targets[..., None]
    return error


def raw_windows(windows: Windows, starts: Starts) -> RawWindows:
    """See `Forecaster.raw_windows`."""
    inputs, targets = gather_inputs(windows, starts).transpose(0, 2, 1), gather_targets(windows, starts)
    observed, precision = gather_observed(windows, starts), windows.config.precision
    return RawWindows(
        inputs.astype(precision, order="C"),
        targets.astype(precision, order="C"),
        np.ones(targets.shape, np.bool_) if observed is None else np.ascontiguousarray(observed),
    )


def normalised_windows(windows: Windows, starts: Starts) -> NormalisedWindows:
    """See `Forecaster.normalised_windows`."""
    batch, config = normalise(windows, starts), windows.config
    width = config.patch * batch.inputs.shape[1]
    inputs = batch.inputs.transpose(0, 2, 1).reshape(len(starts), config.steps, width)
    center = np.repeat(batch.center[:, None], config.look_back, axis=1)
    targets = np.repeat(batch.center[:, None, windows.columns], config.horizon, axis=1)
    return NormalisedWindows(inputs.astype(config.precision), center, batch.scale, targets)


def _kept(config: ForecasterConfig, series: SeriesSet, starts: Starts, evaluated: bool) -> Starts:
    """The windows that `window_starts` does not remove for what was not observed."""
    if series.observed is None or not len(starts):
        return starts
    row_observed = np.asarray(series.observed.any(axis=1))
    in_horizon = np.asarray(sliding_window_view(row_observed, config.horizon).any(axis=1))
    kept = in_horizon[starts + config.look_back]
    if evaluated:
        kept = kept & row_observed[starts + config.look_back - 1]
    return starts[kept]


def _sliding(values: NDArray[Value], length: int) -> NDArray[Value]:
    """All windows of `length` rows as a view `[windows, columns, length]`."""
    if len(values) < length:
        return np.empty((0, values.shape[1], length), values.dtype)
    return sliding_window_view(values, length, axis=0)
