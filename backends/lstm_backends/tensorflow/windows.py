"""Windows of the series, gathered on the device when a batch needs them.

docs/specification.md section 2. Only window starts travel: a batch is `tf.gather` of one array.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig, SeriesSet, Starts, TargetRows


class Windows(NamedTuple):
    """Normalised windows as tensors: inputs `[T, B, D]` time-major, statistics `[B, features]` float64."""

    inputs: tf.Tensor
    center: tf.Tensor
    scale: tf.Tensor


def padded_rows(values: np.ndarray) -> np.ndarray:
    """The rows with zeros below up to a power of two.

    A compiled function holds for one shape: like this, a series that grows does not compile anew each time.
    """
    rows = max(1024, 1 << (len(values) - 1).bit_length())
    return np.pad(values, ((0, rows - len(values)), (0, 0)))


def window_starts(config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int) -> Starts:
    """`Forecaster.window_starts`."""
    if not rows:
        return np.empty(0, np.int64)
    starts = []
    for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=True):
        first_start = max(first - config.look_back, 0)
        last_start = min(end, length) - config.look_back - config.horizon
        starts.append(offset + np.arange(first_start, last_start + 1, stride, dtype=np.int64))
    return np.concatenate(starts)


def gather_inputs(config: ForecasterConfig, rows: tf.Tensor, starts: tf.Tensor) -> tf.Tensor:
    """Raw inputs `[B, look_back, features]` in float64."""
    return tf.gather(rows, starts[:, None] + tf.range(config.look_back, dtype=starts.dtype))


def gather_targets(
    config: ForecasterConfig, columns: tuple[int, ...], rows: tf.Tensor, starts: tf.Tensor
) -> tf.Tensor:
    """Raw targets `[B, Q, K]` in float64."""
    first = starts[:, None] + config.look_back
    window = tf.gather(rows, first + tf.range(config.horizon, dtype=starts.dtype))
    return tf.gather(window, columns, axis=2)


def normalise(config: ForecasterConfig, raw: tf.Tensor) -> Windows:
    """What the LSTM sees of raw inputs; statistics and differences in float64, the result cast."""
    zeros = tf.zeros_like(raw[:, 0])
    center, scale = zeros, tf.ones_like(zeros)
    if config.normalisation == "last":
        center = raw[:, -1]
    elif config.normalisation == "standard":
        center = tf.reduce_mean(raw, axis=1)
        variance = tf.reduce_mean(tf.square(raw - center[:, None]), axis=1)
        scale = tf.sqrt(variance + 1e-5)
    inputs = tf.cast((raw - center[:, None]) / scale[:, None], config.precision)
    patched = tf.reshape(inputs, [-1, config.steps, config.patch * raw.shape[2]])
    return Windows(tf.transpose(patched, [1, 0, 2]), center, scale)


def denormalise(
    config: ForecasterConfig, columns: tuple[int, ...], output: tf.Tensor, windows: Windows
) -> tf.Tensor:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output, by the target columns' statistics."""
    center = tf.cast(tf.gather(windows.center, columns, axis=1), config.precision)
    scale = tf.cast(tf.gather(windows.scale, columns, axis=1), config.precision)
    return output * scale[:, None, :, None] + center[:, None, :, None]
