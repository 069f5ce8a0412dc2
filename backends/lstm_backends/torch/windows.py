"""Windows as strided views of the series, from which batches are gathered.

docs/specification.md section 2. Window starts are tensors on the device of the series.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lstm_plugins import Array, ForecasterConfig, NormalisedWindows, SeriesSet, Starts, TargetRows

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
    """

    config: ForecasterConfig
    columns: Tensor
    inputs: Tensor
    targets: Tensor


def open_windows(config: ForecasterConfig, series: SeriesSet, device: torch.device) -> Windows:
    """The windows of a series set, on a device."""
    values = torch.tensor(series.values, device=device)
    rows, features = values.shape
    columns = torch.tensor(series.targets, device=device)
    count = max(rows - config.look_back + 1, 0)
    inputs = values.as_strided(
        (config.steps, count, config.patch, features), (config.patch * features, features, features, 1)
    )
    shape = (max(count - config.horizon, 0), config.horizon, len(columns))
    offset = config.look_back * len(columns) if shape[0] else 0
    targets = values.index_select(1, columns).as_strided(shape, (len(columns), len(columns), 1), offset)
    return Windows(config, columns, inputs, targets)


def window_starts(config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int) -> Starts:
    """See `Forecaster.window_starts`."""
    starts = [torch.empty(0, dtype=torch.int64)]
    for (first, end), length, offset in zip(rows, series.lengths, series.offsets, strict=False):
        earliest = max(first - config.look_back, 0)
        behind = min(end, length) - config.look_back - config.horizon + 1
        starts.append(torch.arange(earliest, max(behind, earliest), stride) + offset)
    return np.asarray(torch.cat(starts).numpy(), np.int64)


def gather_inputs(windows: Windows, starts: Tensor) -> Tensor:
    """Inputs `[T, B, patch, features]` as in the series, in float64."""
    return windows.inputs[:, starts]


def gather_targets(windows: Windows, starts: Tensor) -> Tensor:
    """Targets `[B, Q, K]` as in the series, in float64."""
    return windows.targets[starts]


def normalise(windows: Windows, starts: Tensor) -> Batch:
    """The inputs of these windows with their center subtracted, divided by their scale, in float64."""
    config, inputs = windows.config, gather_inputs(windows, starts)
    steps, count, patch, features = inputs.shape
    center, scale = inputs.new_zeros(count, features), inputs.new_ones(count, features)
    if config.normalisation == "last":
        center = inputs[-1, :, -1]
        inputs = inputs - center[:, None]
    elif config.normalisation == "standard":
        variance, center = torch.var_mean(inputs, dim=(0, 2), correction=0)
        scale = torch.sqrt(variance + VARIANCE_FLOOR)
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


def raw_windows(windows: Windows, starts: Tensor) -> tuple[Array, Array]:
    """See `Forecaster.raw_windows`."""
    inputs, dtype = gather_inputs(windows, starts), _dtype(windows.config)
    by_window = inputs.permute(1, 0, 2, 3).reshape(len(starts), -1, inputs.shape[3])
    return to_array(by_window.to(dtype)), to_array(gather_targets(windows, starts).to(dtype))


def normalised_windows(windows: Windows, starts: Tensor) -> NormalisedWindows:
    """See `Forecaster.normalised_windows`."""
    batch = normalise(windows, starts)
    center, scale = batch.center.cpu().numpy(), batch.scale.cpu().numpy()
    return NormalisedWindows(to_array(batch.inputs.transpose(0, 1)), center, scale)


def to_array(tensor: Tensor) -> Array:
    """The values of a tensor as a contiguous array."""
    array: Array = tensor.detach().contiguous().cpu().numpy()
    return array


def _of_targets(windows: Windows, statistic: Tensor) -> Tensor:
    """A statistic `[B, features]` of the target columns only, `[B, 1, K, 1]`."""
    return statistic.index_select(1, windows.columns)[:, None, :, None]


def _dtype(config: ForecasterConfig) -> torch.dtype:
    return torch.float64 if config.precision == "float64" else torch.float32
