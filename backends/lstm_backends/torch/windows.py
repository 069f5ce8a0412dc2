"""Windows as strided views of the series, from which batches are gathered.

docs/specification.md section 2. Window starts are tensors on the device of the series.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lstm_plugins import (
    Array,
    ForecasterConfig,
    NormalisedWindows,
    RawWindows,
    SeriesSet,
    Starts,
    TargetRows,
)

VARIANCE_FLOOR = 1e-5


@dataclass(frozen=True)
class Batch:
    """Some windows as the network reads them, with their statistics.

    Attributes:
        inputs: `[T, B, D]` in the config's precision, normalised and patched, with known columns.
        center: `[B, look_back, features]` float64, subtracted from the inputs; or one row.
        scale: `[B, features]` float64, the divisor.
        target_center: `[B, Q, K]` float64, added to the forecast; or one row.
        step_features: `[B, Q, F]` in the config's precision, what the step part reads; None without it.
        linear_inputs: `[B, d]` in the config's precision, what the linear part reads; None without it.
    """

    inputs: Tensor
    center: Tensor
    scale: Tensor
    target_center: Tensor
    step_features: Tensor | None
    linear_inputs: Tensor | None


@dataclass(frozen=True)
class Known:
    """The known columns of a series set, which have more rows than its series: those ahead of each.

    Attributes:
        inputs: `[T, rows, G]` float64, a view; index n is the last row of each patch of the window at row n.
        ahead: `[rows, Q, G]` float64, a view; index n begins at row n.
        rows: the row of the known columns of each row of the series.
        own: U, how many of the columns are the user's own; they come first.
    """

    inputs: Tensor
    ahead: Tensor
    rows: Tensor
    own: int


@dataclass(frozen=True)
class Windows:
    """All windows of a series set.

    Attributes:
        config: all settings.
        columns: `[K]`, the target columns.
        inputs: `[T, windows, patch, features]` float64, a view of the series; index n is the window at row n.
        targets: `[windows, Q, K]` float64, a view of the target columns; index n is the window at row n.
        observed: the mask of `targets`, a view of the same shape; None if all were observed.
        indicators: how many of the last columns are indicators of missing values.
        lagged: `[rows, Q, K]` float64, another view of the target columns; index n begins at row n.
        known: the known columns; None without.
    """

    config: ForecasterConfig
    columns: Tensor
    inputs: Tensor
    targets: Tensor
    observed: Tensor | None
    indicators: int
    lagged: Tensor
    known: Known | None


def open_windows(
    config: ForecasterConfig, series: SeriesSet, indicators: int, device: torch.device
) -> Windows:
    """The windows of a series set, on a device."""
    values = torch.tensor(series.values, device=device)
    rows, features = values.shape
    columns = torch.tensor(series.targets, device=device)
    count = max(rows - config.look_back + 1, 0)
    inputs = values.as_strided(
        (config.steps, count, config.patch, features), (config.patch * features, features, features, 1)
    )
    shape = (max(count - config.horizon, 0), config.horizon, len(columns))
    strides, offset = (len(columns), len(columns), 1), config.look_back * len(columns) if shape[0] else 0
    target_values = values.index_select(1, columns)
    targets = target_values.as_strided(shape, strides, offset)
    lagged = target_values.as_strided((max(rows - config.horizon + 1, 0), *shape[1:]), strides)
    observed: Tensor | None = None
    if series.observed is not None:
        observed = torch.tensor(series.observed, device=device).as_strided(shape, strides, offset)
    known = _open_known(config, series, device)
    return Windows(config, columns, inputs, targets, observed, indicators, lagged, known)


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [torch.empty(0, dtype=torch.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        earliest = max(first, config.rows_before) - config.look_back
        behind = min(end, length) - config.look_back - config.horizon + 1
        starts.append(torch.arange(earliest, max(behind, earliest), stride) + offset)
    return np.asarray(_kept(config, series, torch.cat(starts), evaluated).numpy(), np.int64)


def gather_inputs(windows: Windows, starts: Tensor) -> Tensor:
    """Inputs `[T, B, patch, features]` as in the series, in float64."""
    return windows.inputs[:, starts]


def gather_targets(windows: Windows, starts: Tensor) -> Tensor:
    """Targets `[B, Q, K]` as in the series, in float64."""
    return windows.targets[starts]


def gather_observed(windows: Windows, starts: Tensor) -> Tensor | None:
    """Which targets were observed, `[B, Q, K]`; None if all were."""
    return None if windows.observed is None else windows.observed[starts]


def gather_known_inputs(windows: Windows, starts: Tensor) -> Tensor | None:
    """The known columns of the last row of each patch, `[T, B, G]` float64; None without."""
    known = windows.known
    return None if known is None else known.inputs[:, known.rows[starts]]


def gather_known_ahead(windows: Windows, starts: Tensor) -> Tensor | None:
    """The known columns of the target rows, `[B, Q, G]` float64; None without."""
    known = windows.known
    return None if known is None else known.ahead[known.rows[starts] + windows.config.look_back]


def normalise(windows: Windows, starts: Tensor) -> Batch:
    """These windows: inputs with their center subtracted, divided by their scale, and what else is known.

    All of it is computed in float64.
    """
    config, inputs = windows.config, gather_inputs(windows, starts)
    steps, count, patch, features = inputs.shape
    known, ahead = gather_known_inputs(windows, starts), gather_known_ahead(windows, starts)
    center, scale, target_center = _statistics(windows, inputs)
    step_features = _step_features(windows, starts, ahead, inputs[-1, :, -1], scale)
    # What was gathered is a copy, so it may change in place from here on.
    if config.normalisation == "seasonal":
        inputs.sub_(center.view(count, steps, patch, features).transpose(0, 1))
    elif config.normalisation != "none":
        inputs.sub_(center)
    if config.normalisation in ("standard", "last-deviation"):
        inputs.div_(scale[:, None])
    patched = inputs.to(_dtype(config)).reshape(steps, count, patch * features)
    if known is not None:
        patched = torch.cat([patched, known.to(patched.dtype)], dim=2)
    linear_inputs = _linear_inputs(windows, inputs, known, ahead) if config.linear != "none" else None
    return Batch(patched, center, scale, target_center, step_features, linear_inputs)


def target_scale(windows: Windows, batch: Batch) -> Tensor:
    """The divisor of the target columns, `[B, 1, K, 1]` in the config's precision."""
    return _of_targets(windows, batch.scale).to(_dtype(windows.config))


def denormalise(windows: Windows, batch: Batch, output: Tensor) -> Tensor:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output, computed in float64."""
    scale = _of_targets(windows, batch.scale)
    return (output.double() * scale + batch.target_center[..., None]).to(output.dtype)


def forecast_error(windows: Windows, starts: Tensor, batch: Batch, output: Tensor) -> Tensor:
    """Forecast minus target in scaled units, `[B, Q, K, P]`, or in those of the output (`loss_scale`).

    The center is subtracted from the targets rather than added to the output, so that small errors far from
    zero keep all their digits.
    """
    shifted = (gather_targets(windows, starts) - batch.target_center)[..., None]
    if windows.config.measured_in_window:
        return output - (shifted / _of_targets(windows, batch.scale)).to(output.dtype)
    return output * target_scale(windows, batch) - shifted.to(output.dtype)


def output_derivative(windows: Windows, batch: Batch, error: Tensor) -> Tensor:
    """The derivative of the loss with respect to the output, from that with respect to the error."""
    return error if windows.config.measured_in_window else error * target_scale(windows, batch)


def raw_windows(windows: Windows, starts: Tensor) -> RawWindows:
    """See `Forecaster.raw_windows`."""
    inputs, dtype = gather_inputs(windows, starts), _dtype(windows.config)
    by_window = inputs.permute(1, 0, 2, 3).reshape(len(starts), -1, inputs.shape[3])
    targets, observed = gather_targets(windows, starts).to(dtype), gather_observed(windows, starts)
    if observed is None:
        observed = torch.ones_like(targets, dtype=torch.bool)
    return RawWindows(to_array(by_window.to(dtype)), to_array(targets), observed.cpu().numpy())


def normalised_windows(windows: Windows, starts: Tensor) -> NormalisedWindows:
    """See `Forecaster.normalised_windows`."""
    batch, config = normalise(windows, starts), windows.config
    return NormalisedWindows(
        to_array(batch.inputs.transpose(0, 1)),
        batch.center.expand(-1, config.look_back, -1).contiguous().cpu().numpy(),
        batch.scale.cpu().numpy(),
        batch.target_center.expand(-1, config.horizon, -1).contiguous().cpu().numpy(),
        None if batch.step_features is None else to_array(batch.step_features),
    )


def to_array(tensor: Tensor) -> Array:
    """The values of a tensor as a contiguous array."""
    array: Array = tensor.detach().contiguous().cpu().numpy()
    return array


def _open_known(config: ForecasterConfig, series: SeriesSet, device: torch.device) -> Known | None:
    """The known columns of a series set, on a device; None without."""
    if series.known is None:
        return None
    values = torch.tensor(series.known, device=device)
    rows, columns = values.shape
    count, patch = max(rows - config.look_back + 1, 0), config.patch * columns
    inputs = values.as_strided((config.steps, count, columns), (patch, columns, 1), patch - columns)
    shape = (max(rows - config.horizon + 1, 0), config.horizon, columns)
    places = torch.from_numpy(series.known_rows(np.arange(len(series.values)))).to(device)
    return Known(inputs, values.as_strided(shape, (columns, columns, 1)), places, series.own_known)


def _statistics(windows: Windows, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Center, scale and target center of `Batch`, of inputs `[T, B, patch, features]` as in the series.

    Indicators, which are no targets, have center 0 and scale 1.
    """
    config = windows.config
    _, count, _, features = inputs.shape
    center, scale = inputs.new_zeros(count, 1, features), inputs.new_ones(count, features)
    ahead: Tensor | None = None
    match config.normalisation:
        case "last":
            center = inputs[-1, :, -1:].clone()
        case "standard":
            variance, mean = torch.var_mean(inputs, dim=(0, 2), correction=0)
            center, scale = mean[:, None], torch.sqrt(variance + VARIANCE_FLOOR)
        case "last-deviation":
            center = inputs[-1, :, -1:].clone()
            scale = torch.sqrt(torch.var(inputs, dim=(0, 2), correction=0) + VARIANCE_FLOOR)
        case "seasonal":
            in_time = inputs.transpose(0, 1).reshape(count, config.look_back, features)
            season = in_time[:, config.look_back - config.season :]
            rows = torch.arange(-config.look_back, config.horizon, device=inputs.device) % config.season
            center = season[:, rows[: config.look_back]]
            ahead = season[:, rows[config.look_back :]]
    if windows.indicators:
        center[:, :, -windows.indicators :], scale[:, -windows.indicators :] = 0.0, 1.0
    return center, scale, (center if ahead is None else ahead).index_select(2, windows.columns)


def _step_features(
    windows: Windows, starts: Tensor, ahead: Tensor | None, last: Tensor, scale: Tensor
) -> Tensor | None:
    """The known columns of each target row, then the lagged targets as the window sees them, `[B, Q, F]`.

    `last`, the last row, and `scale` are `[B, features]`. None without known columns and lags.
    """
    config, parts = windows.config, [] if ahead is None else [ahead]
    if config.lags:
        last, scale = (one.index_select(1, windows.columns)[:, None] for one in (last, scale))
        first = starts + config.look_back
        parts += [(windows.lagged[first - lag] - last) / scale for lag in config.lags]
    return torch.cat(parts, dim=2).to(_dtype(config)) if parts else None


def _linear_inputs(windows: Windows, inputs: Tensor, known: Tensor | None, ahead: Tensor | None) -> Tensor:
    """u, `[B, d]`: the normalised window, time-major, then known columns of its last row and target rows."""
    count = inputs.shape[1]
    parts = [inputs.transpose(0, 1).reshape(count, -1)]
    if windows.known is not None and known is not None and ahead is not None:
        parts += [known[-1], ahead[:, :, : windows.known.own].reshape(count, -1)]
    return torch.cat(parts, dim=1).to(_dtype(windows.config))


def _kept(config: ForecasterConfig, series: SeriesSet, starts: Tensor, evaluated: bool) -> Tensor:
    """The windows that `window_starts` does not remove for what was not observed."""
    if series.observed is None:
        return starts
    row_observed = torch.from_numpy(series.observed.any(axis=1))
    # How many rows were observed before each row.
    before = torch.nn.functional.pad(row_observed.cumsum(0), (1, 0))
    first = starts + config.look_back
    kept = before[first + config.horizon] > before[first]
    return starts[kept & row_observed[first - 1]] if evaluated else starts[kept]


def _of_targets(windows: Windows, statistic: Tensor) -> Tensor:
    """A statistic `[B, features]` of the target columns only, `[B, 1, K, 1]`."""
    return statistic.index_select(1, windows.columns)[:, None, :, None]


def _dtype(config: ForecasterConfig) -> torch.dtype:
    return torch.float64 if config.precision == "float64" else torch.float32
