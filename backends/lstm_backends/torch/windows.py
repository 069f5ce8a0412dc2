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
    """The normalised and patched inputs of some windows, with their statistics.

    Attributes:
        inputs: `[T, B, D]` in the config's precision.
        center: `[B, features]` float64, subtracted from the inputs.
        scale: `[B, features]` float64, the divisor.
    """

    inputs: Tensor
    center: Tensor
    scale: Tensor


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
    """

    config: ForecasterConfig
    columns: Tensor
    inputs: Tensor
    targets: Tensor
    observed: Tensor | None
    indicators: int


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
    targets = values.index_select(1, columns).as_strided(shape, strides, offset)
    observed: Tensor | None = None
    if series.observed is not None:
        observed = torch.tensor(series.observed, device=device).as_strided(shape, strides, offset)
    return Windows(config, columns, inputs, targets, observed, indicators)


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [torch.empty(0, dtype=torch.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        earliest = max(first - config.look_back, 0)
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


def normalise(windows: Windows, starts: Tensor) -> Batch:
    """The inputs of these windows with their center subtracted, divided by their scale, in float64."""
    config, inputs = windows.config, gather_inputs(windows, starts)
    steps, count, patch, features = inputs.shape
    center, scale = inputs.new_zeros(count, features), inputs.new_ones(count, features)
    indicators = slice(features - windows.indicators, None)
    if config.normalisation == "last":
        center = inputs[-1, :, -1].clone()
        center[:, indicators] = 0.0
        inputs = inputs - center[:, None]
    elif config.normalisation == "standard":
        variance, center = torch.var_mean(inputs, dim=(0, 2), correction=0)
        scale = torch.sqrt(variance + VARIANCE_FLOOR)
        center[:, indicators], scale[:, indicators] = 0.0, 1.0
        inputs = (inputs - center[:, None]) / scale[:, None]
    patched = inputs.to(_dtype(config)).reshape(steps, count, patch * features)
    return Batch(patched, center, scale)


def target_scale(windows: Windows, batch: Batch) -> Tensor:
    """The divisor of the target columns, `[B, 1, K, 1]` in the config's precision."""
    return _of_targets(windows, batch.scale).to(_dtype(windows.config))


def denormalise(windows: Windows, batch: Batch, output: Tensor) -> Tensor:
    """Forecasts `[B, Q, K, P]` in scaled units from the head's output, computed in float64."""
    scale, center = _of_targets(windows, batch.scale), _of_targets(windows, batch.center)
    return (output.double() * scale + center).to(output.dtype)


def forecast_error(windows: Windows, starts: Tensor, batch: Batch, output: Tensor) -> Tensor:
    """Forecast minus target in scaled units, `[B, Q, K, P]`.

    The center is subtracted from the targets rather than added to the output, so that small errors far from
    zero keep all their digits.
    """
    shifted = gather_targets(windows, starts)[..., None] - _of_targets(windows, batch.center)
    return output * target_scale(windows, batch) - shifted.to(output.dtype)


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
    batch = normalise(windows, starts)
    center, scale = batch.center.cpu().numpy()[:, None], batch.scale.cpu().numpy()
    targets = np.repeat(center[:, :, windows.columns.cpu().numpy()], windows.config.horizon, axis=1)
    return NormalisedWindows(
        to_array(batch.inputs.transpose(0, 1)),
        np.repeat(center, windows.config.look_back, axis=1),
        scale,
        targets,
    )


def to_array(tensor: Tensor) -> Array:
    """The values of a tensor as a contiguous array."""
    array: Array = tensor.detach().contiguous().cpu().numpy()
    return array


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
