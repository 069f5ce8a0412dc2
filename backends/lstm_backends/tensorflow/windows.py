"""Windows of the series, gathered on the device for each batch.

docs/specification.md section 2. Only window starts are sent to the device; a batch is one `tf.gather`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig, NormalisedWindows, RawWindows, SeriesSet, Starts, TargetRows

VARIANCE_FLOOR = 1e-5


class Batch(NamedTuple):
    """Some windows as the network reads them, with their statistics.

    Attributes:
        inputs: `[T, B, D]` in the config's precision, normalised and patched, with known columns.
        center: `[B, look_back, features]` float64, subtracted from the inputs; or one row.
        scale: `[B, features]` float64, the divisor.
        target_center: `[B, Q, K]` float64, added to the forecast; or one row.
        step_features: `[B, Q, F]` in the config's precision, what the step part reads; None without it.
        linear_inputs: `[B, d]` in the config's precision, what the linear part reads; None without it.
    """

    inputs: tf.Tensor
    center: tf.Tensor
    scale: tf.Tensor
    target_center: tf.Tensor
    step_features: tf.Tensor | None
    linear_inputs: tf.Tensor | None


class Columns(NamedTuple):
    """What the columns of a series set mean.

    Attributes:
        targets: the target columns.
        indicators: how many of the last columns are indicators of missing values.
        own_known: U, how many of the known columns are the user's own; they come first.
    """

    targets: tuple[int, ...]
    indicators: int
    own_known: int


class Known(NamedTuple):
    """The known columns of a series set, which have more rows than its series: those ahead of each.

    Attributes:
        values: `[rows, G]` float64, with zeros below.
        rows: the row of `values` of each row of the series, with zeros below.
    """

    values: tf.Tensor
    rows: tf.Tensor


class Rows(NamedTuple):
    """The rows of a series set, an argument of compiled functions.

    Attributes:
        values: `[rows, features]` float64, with zeros below.
        observed: bool `[rows, K]`, which values of the target columns were observed.
        known: None without known columns.
    """

    values: tf.Tensor
    observed: tf.Tensor
    known: Known | None


class Windows(NamedTuple):
    """All windows of a series set."""

    config: ForecasterConfig
    columns: Columns
    rows: Rows


def open_windows(config: ForecasterConfig, series: SeriesSet, indicators: int, device: str) -> Windows:
    """The windows of a series set; there is always a mask, so that a new hole does not compile again."""
    observed, known = series.observed, series.known
    if observed is None:
        observed = np.ones((len(series.values), len(series.targets)), np.bool_)
    padded: Known | None = None
    if known is not None:
        padded = Known(_padded(known), _padded(series.known_rows(np.arange(len(series.values)))))
    rows = Rows(_padded(series.values), _padded(observed), padded)
    return Windows(config, Columns(series.targets, indicators, series.own_known), rows)


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [np.empty(0, np.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        first_start = max(first, config.rows_before) - config.look_back
        last_start = min(end, length) - config.look_back - config.horizon
        starts.append(offset + np.arange(first_start, last_start + 1, stride, dtype=np.int64))
    return _kept(config, series, np.concatenate(starts), evaluated)


def gather_inputs(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """Inputs `[B, look_back, features]` as in the series, in float64."""
    rows = starts[:, None] + tf.range(windows.config.look_back, dtype=starts.dtype)
    return tf.gather(windows.rows.values, rows)


def gather_targets(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """Targets `[B, Q, K]` as in the series, in float64."""
    return _targets_at(windows, _target_rows(windows, starts))


def gather_observed(windows: Windows, starts: tf.Tensor) -> tf.Tensor:
    """Which targets were observed, `[B, Q, K]`."""
    return tf.gather(windows.rows.observed, _target_rows(windows, starts))


def gather_known_inputs(windows: Windows, starts: tf.Tensor) -> tf.Tensor | None:
    """The known columns of the last row of each patch, `[B, T, G]` float64; None without."""
    config, known = windows.config, windows.rows.known
    if known is None:
        return None
    last = tf.range(config.patch - 1, config.look_back, config.patch, dtype=starts.dtype)
    return tf.gather(known.values, tf.gather(known.rows, starts)[:, None] + last)


def gather_known_ahead(windows: Windows, starts: tf.Tensor) -> tf.Tensor | None:
    """The known columns of the target rows, `[B, Q, G]` float64; None without."""
    known = windows.rows.known
    if known is None:
        return None
    return tf.gather(known.values, _target_rows(windows, tf.gather(known.rows, starts)))


def normalise(windows: Windows, starts: tf.Tensor) -> Batch:
    """These windows: inputs with their center subtracted, divided by their scale, and what else is known.

    All of it is computed in float64.
    """
    config, inputs = windows.config, gather_inputs(windows, starts)
    center, scale, target_center = _statistics(windows, inputs)
    normalised = (inputs - center) / scale[:, None]
    patched = tf.reshape(
        tf.cast(normalised, config.precision), [-1, config.steps, config.patch * inputs.shape[2]]
    )
    known, ahead = gather_known_inputs(windows, starts), gather_known_ahead(windows, starts)
    if known is not None:
        patched = tf.concat([patched, tf.cast(known, config.precision)], axis=2)
    step_features = _step_features(windows, starts, ahead, inputs[:, -1], scale)
    linear_inputs = _linear_inputs(windows, normalised, known, ahead) if config.linear != "none" else None
    by_step = tf.transpose(patched, [1, 0, 2])
    return Batch(by_step, center, scale, target_center, step_features, linear_inputs)


def target_scale(windows: Windows, batch: Batch) -> tf.Tensor:
    """The divisor of the target columns, `[B, 1, K, 1]` in the config's precision."""
    return tf.cast(_of_targets(windows, batch.scale)[..., None], windows.config.precision)


def denormalise(windows: Windows, batch: Batch, output: tf.Tensor) -> tf.Tensor:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output."""
    center = tf.cast(batch.target_center[..., None], windows.config.precision)
    return output * target_scale(windows, batch) + center


def forecast_error(windows: Windows, starts: tf.Tensor, batch: Batch, output: tf.Tensor) -> tf.Tensor:
    """Forecast minus target in scaled units, `[B, Q, K, P]`, or in those of the output (`loss_scale`)."""
    config, targets = windows.config, gather_targets(windows, starts)
    if config.measured_in_window:
        in_window = (targets - batch.target_center) / _of_targets(windows, batch.scale)
        return output - tf.cast(in_window, config.precision)[..., None]
    return denormalise(windows, batch, output) - tf.cast(targets, config.precision)[..., None]


def output_derivative(windows: Windows, batch: Batch, error: tf.Tensor) -> tf.Tensor:
    """The derivative of the loss with respect to the output, from that with respect to the error."""
    return error if windows.config.measured_in_window else error * target_scale(windows, batch)


def raw_windows(windows: Windows, starts: Starts) -> RawWindows:
    """See `Forecaster.raw_windows`."""
    inputs, targets = (
        tf.cast(gather(windows, starts), windows.config.precision).numpy()
        for gather in (gather_inputs, gather_targets)
    )
    return RawWindows(inputs, targets, gather_observed(windows, starts).numpy())


def normalised_windows(windows: Windows, starts: Starts) -> NormalisedWindows:
    """See `Forecaster.normalised_windows`."""
    batch, config = normalise(windows, starts), windows.config
    inputs, center = batch.inputs.numpy().swapaxes(0, 1), batch.center.numpy()
    targets = (len(starts), config.horizon, len(windows.columns.targets))
    return NormalisedWindows(
        np.ascontiguousarray(inputs),
        np.broadcast_to(center, (len(starts), config.look_back, center.shape[2])).copy(),
        batch.scale.numpy(),
        np.broadcast_to(batch.target_center.numpy(), targets).copy(),
        None if batch.step_features is None else batch.step_features.numpy(),
    )


def _padded(array: NDArray[Any]) -> tf.Tensor:
    """Rows with zeros below up to a power of two.

    Compiled functions are valid for one shape only, and a series that grows should not be compiled for each
    time.
    """
    room = max(1024, 1 << (len(array) - 1).bit_length())
    return tf.constant(np.pad(array, ((0, room - len(array)), *[(0, 0)] * (array.ndim - 1))))


def _statistics(windows: Windows, inputs: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Center, scale and target center of `Batch`, of inputs as in the series.

    Indicators, which are no targets, have center 0 and scale 1.
    """
    config, columns = windows.config, windows.columns
    center, scale = tf.zeros_like(inputs[:, :1]), tf.ones_like(inputs[:, 0])
    ahead: tf.Tensor | None = None
    match config.normalisation:
        case "last" | "last-deviation":
            center = inputs[:, -1:]
        case "standard":
            center = tf.reduce_mean(inputs, axis=1, keepdims=True)
        case "seasonal":
            first = config.look_back - config.season
            center = tf.gather(inputs, first + np.arange(-config.look_back, 0) % config.season, axis=1)
            ahead = tf.gather(inputs, first + np.arange(config.horizon) % config.season, axis=1)
    if config.normalisation in ("standard", "last-deviation"):
        mean = tf.reduce_mean(inputs, axis=1, keepdims=True)
        variance = tf.reduce_mean(tf.square(inputs - mean), axis=1)
        scale = tf.sqrt(variance + VARIANCE_FLOOR)
    if columns.indicators:
        values = tf.range(inputs.shape[2]) < inputs.shape[2] - columns.indicators
        center, scale = tf.where(values, center, 0.0), tf.where(values, scale, 1.0)
    return center, scale, tf.gather(center if ahead is None else ahead, columns.targets, axis=2)


def _step_features(
    windows: Windows, starts: tf.Tensor, ahead: tf.Tensor | None, last: tf.Tensor, scale: tf.Tensor
) -> tf.Tensor | None:
    """The known columns of each target row, then the lagged targets as the window sees them, `[B, Q, F]`.

    `last`, the last row, and `scale` are `[B, features]`. None without known columns and lags.
    """
    config, parts = windows.config, [] if ahead is None else [ahead]
    last, scale, rows = _of_targets(windows, last), _of_targets(windows, scale), _target_rows(windows, starts)
    parts += [(_targets_at(windows, rows - lag) - last) / scale for lag in config.lags]
    return tf.cast(tf.concat(parts, axis=2), config.precision) if parts else None


def _linear_inputs(
    windows: Windows, inputs: tf.Tensor, known: tf.Tensor | None, ahead: tf.Tensor | None
) -> tf.Tensor:
    """u, `[B, d]`: the normalised window, time-major, then known columns of its last row and target rows."""
    count, rows, features = inputs.shape
    parts = [tf.reshape(inputs, [count, rows * features])]
    if known is not None and ahead is not None:
        own = ahead[:, :, : windows.columns.own_known]
        parts += [known[:, -1], tf.reshape(own, [count, own.shape[1] * own.shape[2]])]
    return tf.cast(tf.concat(parts, axis=1), windows.config.precision)


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


def _targets_at(windows: Windows, rows: tf.Tensor) -> tf.Tensor:
    """The target columns of rows `[B, Q]` of the series, `[B, Q, K]` float64."""
    return tf.gather(tf.gather(windows.rows.values, rows), windows.columns.targets, axis=2)


def _of_targets(windows: Windows, statistic: tf.Tensor) -> tf.Tensor:
    """A statistic `[B, features]` of the target columns only, `[B, 1, K]`."""
    return tf.gather(statistic, windows.columns.targets, axis=1)[:, None]
