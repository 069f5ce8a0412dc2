"""Windows of a series and their normalisation: docs/specification.md section 2."""

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.weights import Array

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
VARIANCE_FLOOR = 1e-5


def window_starts(series: SeriesSet, config: ForecasterConfig, rows: TargetRows, stride: int) -> Starts:
    """First rows, in the stack, of the windows whose targets are all in `rows` of their series."""
    starts = [np.empty(0, np.int64)]
    for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=False):
        first_start = max(first - config.look_back, 0)
        end_start = min(end, length) - config.look_back - config.horizon + 1
        starts.append(np.arange(first_start, end_start, stride, dtype=np.int64) + offset)
    return np.concatenate(starts)


def observed_windows(observed: Mask, starts: Starts, config: ForecasterConfig) -> Mask:
    """Which targets were observed, `[B, Q, K]`, from the mask `[rows, K]` of the series."""
    return observed.take(starts[:, None] + config.look_back + np.arange(config.horizon), axis=0)


def kept_starts(series: SeriesSet, config: ForecasterConfig, starts: Starts, evaluated: bool) -> Starts:
    """The windows with an observed target; if evaluated, also with one observed in the last input row."""
    if series.observed is None:
        return starts
    row_observed: Mask = np.asarray(series.observed.any(axis=1))
    kept = np.zeros(len(starts), np.bool_)
    for step in range(config.horizon):
        kept |= row_observed[starts + config.look_back + step]
    if evaluated:
        kept &= row_observed[starts + config.look_back - 1]
    return starts[kept]


def input_windows(values: Float64, starts: Starts, config: ForecasterConfig) -> Float64:
    """The inputs `[B, look_back, features]`."""
    return values.take(starts[:, None] + np.arange(config.look_back), axis=0)


def target_windows(
    values: Float64, starts: Starts, config: ForecasterConfig, targets: tuple[int, ...]
) -> Float64:
    """The targets `[B, Q, K]`: the rows that follow the inputs."""
    rows = starts[:, None] + config.look_back + np.arange(config.horizon)
    return values[:, list(targets)].take(rows, axis=0)


def statistics(inputs: Float64, config: ForecasterConfig) -> tuple[Float64, Float64]:
    """Center and scale `[B, features]` of each window, from its inputs only, in float64."""
    if config.normalisation == "last":
        center = inputs[:, -1]
        return center, np.ones_like(center)
    if config.normalisation == "standard":
        return inputs.mean(axis=1), np.sqrt(inputs.var(axis=1) + VARIANCE_FLOOR)
    center = np.zeros_like(inputs[:, -1])
    return center, np.ones_like(center)


def of_values(center: Float64, scale: Float64, indicators: int) -> tuple[Float64, Float64]:
    """Center and scale with 0 and 1 for the last columns, which are indicators of missing values."""
    is_value = np.arange(center.shape[1]) < center.shape[1] - indicators
    return np.where(is_value, center, 0.0), np.where(is_value, scale, 1.0)


def normalise(inputs: Float64, center: Float64, scale: Float64) -> Float64:
    """Inputs `[B, look_back, features]` minus their window's center, divided by its scale."""
    return (inputs - center[:, None]) / scale[:, None]


def cut_patches(inputs: Array, config: ForecasterConfig) -> Array:
    """`[B, look_back, features]` as T steps of D = patch · features inputs, time-major within a patch."""
    return inputs.reshape(len(inputs), config.steps, config.patch * inputs.shape[2])


def denormalise(output: Array, center: Array, scale: Array) -> Array:
    """Outputs `[B, Q, K, P]` in the units of the series, given center and scale `[B, K]` of the targets."""
    return output * scale[:, None, :, None] + center[:, None, :, None]
