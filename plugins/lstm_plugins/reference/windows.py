"""Windows of a series and their normalisation: docs/specification.md section 2."""

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.weights import Array

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]


def window_starts(series: SeriesSet, config: ForecasterConfig, rows: TargetRows, stride: int) -> Starts:
    """First rows, in the stack, of the windows whose targets are all in `rows` of their series."""
    starts = [np.empty(0, np.int64)]
    for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=False):
        first_start = max(first, config.rows_before) - config.look_back
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


def cut_patches(inputs: Array, config: ForecasterConfig) -> Array:
    """`[B, look_back, features]` as T steps of patch · features inputs, time-major within a patch."""
    return inputs.reshape(len(inputs), config.steps, config.patch * inputs.shape[2])


def known_inputs(series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    """The known columns of each patch's last row, `[B, T, G]`."""
    assert series.known is not None  # noqa: S101
    last = np.arange(config.patch - 1, config.look_back, config.patch)
    return series.known.take(series.known_rows(starts)[:, None] + last, axis=0)


def known_ahead(series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    """The known columns of the target rows, `[B, Q, G]`."""
    assert series.known is not None  # noqa: S101
    first = series.known_rows(starts) + config.look_back
    return series.known.take(first[:, None] + np.arange(config.horizon), axis=0)


def lagged_targets(
    series: SeriesSet, starts: Starts, config: ForecasterConfig, scale: Float64
) -> list[Float64]:
    """For each lag `[B, Q, K]`: the targets that many rows before each target row, as the window sees them.

    From each the window's last value is subtracted, whatever its normalisation; `scale`, `[B, features]`,
    divides it.
    """
    columns = list(series.targets)
    targets, row = series.values[:, columns], starts[:, None] + config.look_back
    last = targets.take(row - 1, axis=0)
    return [
        (targets.take(row + np.arange(config.horizon) - lag, axis=0) - last) / scale[:, None, columns]
        for lag in config.lags
    ]


def denormalise(output: Array, center: Array, scale: Array) -> Array:
    """Outputs `[B, Q, K, P]` in the units of the series, from center `[B, Q, K]` and scale `[B, K]`."""
    return output * scale[:, None, :, None] + center[..., None]


def target_in_window(targets: Float64, center: Float64, scale: Float64) -> Float64:
    """Targets `[B, Q, K]` in the units of the output, from center `[B, Q, K]` and scale `[B, K]`."""
    return (targets - center) / scale[:, None]
