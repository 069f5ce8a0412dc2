"""Windows of the series, gathered on the device for each batch.

docs/specification.md section 2. Only window starts are sent to the device; a batch is one `tf.gather`.
"""

from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig, NormalisedWindows, RawWindows, SeriesSet, Starts, TargetRows

VARIANCE_FLOOR = 1e-5


class Batch(NamedTuple):
    """The normalised and patched inputs of some windows, with their statistics.

    Attributes:
        inputs: `[T, B, D]` in the config's precision.
        center: `[B, features]` float64, subtracted from the inputs.
        scale: `[B, features]` float64, the divisor.
    """

    inputs: tf.Tensor
    center: tf.Tensor
    scale: tf.Tensor


class Windows(NamedTuple):
    """All windows of a series set.

    Attributes:
        config: all settings.
        columns: the target columns.
        indicators: how many of the last columns are indicators of missing values.
        rows: `[rows, features]` float64, the series with zeros below.
        observed: bool `[rows, K]`, which values of the target columns were observed.
    """

    config: ForecasterConfig
    columns: tuple[int, ...]
    indicators: int
    rows: tf.Tensor
    observed: tf.Tensor


def open_windows(config: ForecasterConfig, series: SeriesSet, indicators: int, device: str) -> Windows:
    """The windows of a series set.

    Rows are padded to a power of two, because compiled functions are valid for one shape only, and a series
    that grows should not be compiled for each time. For the same reason there is always a mask.
    """
    room = max(1024, 1 << (len(series.values) - 1).bit_length())
    padding = ((0, room - len(series.values)), (0, 0))
    observed = series.observed
    if observed is None:
        observed = np.ones((len(series.values), len(series.targets)), np.bool_)
    rows, observed = (tf.constant(np.pad(array, padding)) for array in (series.values, observed))
    return Windows(config, series.targets, indicators, rows, observed)


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [np.empty(0, np.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        first_start = max(first - config.look_back, 0)
        last_start = min(end, length) - config.look_back - config.horizon
        starts.append(offset + np.arange(first_start, last_start + 1, stride, dtype=np.int64))
    return _kept(config, series, np.concatenate(starts), evaluated)


def gather_inputs(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """Inputs `[B, look_back, features]` as in the series, in float64."""
    return tf.gather(windows.rows, starts[:, None] + tf.range(windows.config.look_back, dtype=starts.dtype))


def gather_targets(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """Targets `[B, Q, K]` as in the series, in float64."""
    return tf.gather(tf.gather(windows.rows, _target_rows(windows, starts)), windows.columns, axis=2)


def gather_observed(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """Which targets were observed, `[B, Q, K]`."""
    return tf.gather(windows.observed, _target_rows(windows, starts))


def normalise(windows: Windows, starts: tf.Tensor) -> Batch:
    """The inputs of these windows with their center subtracted, divided by their scale, in float64."""
    config, inputs = windows.config, gather_inputs(windows, starts)
    center = tf.zeros_like(inputs[:, 0])
    scale = tf.ones_like(center)
    if config.normalisation == "last":
        center = inputs[:, -1]
    elif config.normalisation == "standard":
        center = tf.reduce_mean(inputs, axis=1)
        variance = tf.reduce_mean(tf.square(inputs - center[:, None]), axis=1)
        scale = tf.sqrt(variance + VARIANCE_FLOOR)
    if windows.indicators:
        values = tf.range(inputs.shape[2]) < inputs.shape[2] - windows.indicators
        center, scale = tf.where(values, center, 0.0), tf.where(values, scale, 1.0)
    normalised = tf.cast((inputs - center[:, None]) / scale[:, None], config.precision)
    patched = tf.reshape(normalised, [-1, config.steps, config.patch * inputs.shape[2]])
    return Batch(tf.transpose(patched, [1, 0, 2]), center, scale)


def target_scale(windows: Windows, batch: Batch) -> tf.Tensor:
    """The divisor of the target columns, `[B, 1, K, 1]` in the config's precision."""
    return _of_targets(windows, batch.scale)


def denormalise(windows: Windows, batch: Batch, output: tf.Tensor) -> tf.Tensor:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output."""
    return output * target_scale(windows, batch) + _of_targets(windows, batch.center)


def forecast_error(windows: Windows, starts: tf.Tensor, batch: Batch, output: tf.Tensor) -> tf.Tensor:
    """Forecast minus target in scaled units, `[B, Q, K, P]`."""
    targets = tf.cast(gather_targets(windows, starts), windows.config.precision)
    return denormalise(windows, batch, output) - targets[..., None]


def raw_windows(windows: Windows, starts: Starts) -> RawWindows:
    """See `Forecaster.raw_windows`."""
    inputs, targets = (
        tf.cast(gather(windows, starts), windows.config.precision).numpy()
        for gather in (gather_inputs, gather_targets)
    )
    return RawWindows(inputs, targets, gather_observed(windows, starts).numpy())


def normalised_windows(windows: Windows, starts: Starts) -> NormalisedWindows:
    """See `Forecaster.normalised_windows`."""
    batch = normalise(windows, starts)
    inputs = np.ascontiguousarray(batch.inputs.numpy().swapaxes(0, 1))
    center, config = batch.center.numpy()[:, None], windows.config
    targets = np.repeat(center[:, :, list(windows.columns)], config.horizon, axis=1)
    return NormalisedWindows(
        inputs, np.repeat(center, config.look_back, axis=1), batch.scale.numpy(), targets
    )


def _kept(config: ForecasterConfig, series: SeriesSet, starts: Starts, evaluated: bool) -> Starts:
    """The windows that `window_starts` does not remove for what was not observed."""
    if series.observed is None:
        return starts
    row_observed = np.asarray(series.observed.any(axis=1))
    # The number of each observed row, and one behind the last for windows after it.
    rows = np.append(np.flatnonzero(row_observed), len(row_observed))
    first = starts + config.look_back
    kept = rows[np.searchsorted(rows, first)] < first + config.horizon
    return starts[kept & row_observed[first - 1]] if evaluated else starts[kept]


def _target_rows(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """The rows of the targets, `[B, Q]`."""
    return starts[:, None] + windows.config.look_back + tf.range(windows.config.horizon, dtype=starts.dtype)


def _of_targets(windows: Windows, statistic: tf.Tensor) -> tf.Tensor:
    """A statistic `[B, features]` of the target columns only, `[B, 1, K, 1]` in the config's precision."""
    own = tf.cast(tf.gather(statistic, windows.columns, axis=1), windows.config.precision)
    return own[:, None, :, None]
