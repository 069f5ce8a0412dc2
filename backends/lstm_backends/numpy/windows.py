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
    """Some windows as the network reads them, with their statistics.

    Attributes:
        inputs: `[B, features, look_back]` float64, normalised, not yet patched.
        center: `[B, features, look_back]` float64, subtracted from the inputs; or one column.
        scale: `[B, features]` float64, the divisor.
        target_center: `[B, Q, K]` float64, added to the forecast; or one row.
        known: `[B, G, T]` float64, the known columns of the last row of each patch; None without.
        step_features: `[B, Q, F]` in the config's precision, what the step part reads; None without it.
        linear_inputs: `[B, d]` in the config's precision, what the linear part reads; None without it.
    """

    inputs: Float64
    center: Float64
    scale: Float64
    target_center: Float64
    known: Float64 | None
    step_features: Array | None
    linear_inputs: Array | None


@dataclass(frozen=True)
class Known:
    """The known columns of a series set, which have more rows than its series: those ahead of each.

    Attributes:
        inputs: `[rows, G, T]`, a view; index n is the last row of each patch of the window at row n.
        ahead: `[rows, G, Q]`, a view; index n begins at row n.
        rows: the row of the known columns of each row of the series.
        own: U, how many of the columns are the user's own; they come first.
    """

    inputs: Float64
    ahead: Float64
    rows: Starts
    own: int


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
        known: the known columns; None without.
    """

    config: ForecasterConfig
    columns: list[int]
    inputs: Float64
    targets: Float64
    observed: Mask | None
    indicators: int
    known: Known | None


def open_windows(config: ForecasterConfig, series: SeriesSet, indicators: int, device: str) -> Windows:
    """The windows of a series set; only the target columns are copied."""
    columns = list(series.targets)
    inputs = _sliding(series.values, config.look_back)
    targets = _sliding(series.values[:, columns], config.horizon)
    observed = None if series.observed is None else _sliding(series.observed, config.horizon)
    return Windows(config, columns, inputs, targets, observed, indicators, _open_known(config, series))


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [np.empty(0, np.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        end_target = min(end, length) - config.horizon + 1
        first_target = np.arange(max(first, config.rows_before), end_target, stride)
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


def gather_known_inputs(windows: Windows, starts: Starts) -> Float64 | None:
    """The known columns of the last row of each patch, `[B, G, T]`; None without."""
    known = windows.known
    return None if known is None else known.inputs[known.rows[starts]]


def gather_known_ahead(windows: Windows, starts: Starts) -> Float64 | None:
    """The known columns of the target rows, `[B, Q, G]`; None without."""
    known = windows.known
    if known is None:
        return None
    return known.ahead[known.rows[starts] + windows.config.look_back].transpose(0, 2, 1)


def normalise(windows: Windows, starts: Starts) -> Batch:
    """These windows: inputs with their center subtracted, divided by their scale, and what else is known."""
    config, inputs = windows.config, gather_inputs(windows, starts)
    last = inputs[:, windows.columns, -1]
    center, target_center = _centers(windows, inputs)
    scale = np.ones(inputs.shape[:2])
    if config.normalisation != "none":
        inputs -= center
    if config.normalisation in ("standard", "last-deviation"):
        scale = np.sqrt(inputs.var(axis=2) + VARIANCE_FLOOR)
        scale[:, inputs.shape[1] - windows.indicators :] = 1.0
        inputs /= scale[:, :, None]
    known, ahead = gather_known_inputs(windows, starts), gather_known_ahead(windows, starts)
    step_features = _step_features(windows, starts, ahead, last, scale[:, windows.columns])
    linear_inputs = _linear_inputs(windows, inputs, known, ahead) if config.linear != "none" else None
    return Batch(inputs, center, scale, target_center, known, step_features, linear_inputs)


def target_scale(windows: Windows, batch: Batch) -> Array:
    """The divisor of the target columns, `[B, 1, K, 1]` in the config's precision."""
    return batch.scale[:, None, windows.columns, None].astype(windows.config.precision)


def denormalise(windows: Windows, batch: Batch, output: Array) -> Array:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output."""
    prediction = output * target_scale(windows, batch)
    prediction += batch.target_center[..., None].astype(windows.config.precision)
    return prediction


def forecast_error(windows: Windows, starts: Starts, batch: Batch, output: Array) -> Array:
    """Forecast minus target in scaled units, `[B, Q, K, P]`, or in those of the output (`loss_scale`)."""
    config, targets = windows.config, gather_targets(windows, starts)
    if config.measured_in_window:
        in_window = (targets - batch.target_center) / batch.scale[:, None, windows.columns]
        return np.asarray(output - in_window.astype(config.precision)[..., None])
    return np.asarray(denormalise(windows, batch, output) - targets.astype(config.precision)[..., None])


def output_derivative(windows: Windows, batch: Batch, error: Array) -> Array:
    """The derivative of the loss with respect to the output, from that with respect to the error."""
    return error if windows.config.measured_in_window else error * target_scale(windows, batch)


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
    features = batch.inputs.shape[1]
    width = config.patch * features
    inputs = batch.inputs.transpose(0, 2, 1).reshape(len(starts), config.steps, width)
    if batch.known is not None:
        inputs = np.concatenate([inputs, batch.known.transpose(0, 2, 1)], axis=2)
    center = np.broadcast_to(batch.center.transpose(0, 2, 1), (len(starts), config.look_back, features))
    targets = (len(starts), config.horizon, len(windows.columns))
    return NormalisedWindows(
        inputs.astype(config.precision),
        center.copy(),
        batch.scale,
        np.broadcast_to(batch.target_center, targets).copy(),
        batch.step_features,
    )


def _open_known(config: ForecasterConfig, series: SeriesSet) -> Known | None:
    """The known columns of a series set; None without."""
    if series.known is None:
        return None
    inputs = _sliding(series.known, config.look_back)[:, :, config.patch - 1 :: config.patch]
    rows = series.known_rows(np.arange(len(series.values)))
    return Known(inputs, _sliding(series.known, config.horizon), rows, series.own_known)


def _centers(windows: Windows, inputs: Float64) -> tuple[Float64, Float64]:
    """The centers of `Batch`, of inputs as in the series; 0 for indicators, which are no targets."""
    config, columns = windows.config, windows.columns
    values = slice(0, inputs.shape[1] - windows.indicators)
    center = np.zeros(inputs.shape if config.normalisation == "seasonal" else (*inputs.shape[:2], 1))
    match config.normalisation:
        case "last" | "last-deviation":
            center[:, values] = inputs[:, values, -1:]
        case "standard":
            center[:, values] = inputs[:, values].mean(axis=2, keepdims=True)
        case "seasonal":
            first = config.look_back - config.season
            rows = first + np.arange(-config.look_back, 0) % config.season
            center[:, values] = inputs[:, values].take(rows, axis=2)
            ahead = first + np.arange(config.horizon) % config.season
            return center, inputs[:, columns].take(ahead, axis=2).transpose(0, 2, 1)
    return center, center[:, columns].transpose(0, 2, 1)


def _step_features(
    windows: Windows, starts: Starts, ahead: Float64 | None, last: Float64, scale: Float64
) -> Array | None:
    """The known columns of each target row, then the lagged targets as the window sees them, `[B, Q, F]`.

    `last` and `scale` are those of the target columns, `[B, K]`. None without known columns and lags.
    """
    config, parts = windows.config, [] if ahead is None else [ahead]
    for lag in config.lags:
        targets = windows.targets[starts + (config.look_back - lag)]
        parts.append(((targets - last[:, :, None]) / scale[:, :, None]).transpose(0, 2, 1))
    return np.concatenate(parts, axis=2).astype(config.precision) if parts else None


def _linear_inputs(windows: Windows, inputs: Float64, known: Float64 | None, ahead: Float64 | None) -> Array:
    """u, `[B, d]`: the normalised window, time-major, then known columns of its last row and target rows."""
    parts = [inputs.transpose(0, 2, 1).reshape(len(inputs), -1)]
    if windows.known is not None and known is not None and ahead is not None:
        parts += [known[:, :, -1], ahead[:, :, : windows.known.own].reshape(len(inputs), -1)]
    return np.concatenate(parts, axis=1).astype(windows.config.precision)


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
