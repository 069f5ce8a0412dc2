"""Windows of the series, gathered for each batch: docs/specification.md section 2."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from lstm_plugins import ForecasterConfig, NormalisedWindows, SeriesSet, Starts, TargetRows


class Series(NamedTuple):
    """A series set on the device, padded to a power of two rows so that shapes are few.

    Attributes:
        rows: `[rows, features]` float64, zeros in the padding.
        observed: bool `[rows, K]`, which target values were observed; None if all were.
        targets: `[K]`, the target columns.
        indicators: bool `[features]`, which columns are indicators of missing values.
    """

    rows: jax.Array
    observed: jax.Array | None
    targets: jax.Array
    indicators: jax.Array


def open_series(series: SeriesSet, indicators: int) -> Series:
    """The series set, whose last columns may be indicators."""
    rows, features = series.values.shape
    padding = ((0, max(1024, 1 << (rows - 1).bit_length()) - rows), (0, 0))
    observed = None if series.observed is None else jnp.array(np.pad(series.observed, padding))
    is_indicator = jnp.arange(features) >= features - indicators
    return Series(
        jnp.array(np.pad(series.values, padding)), observed, jnp.array(series.targets), is_indicator
    )


def window_starts(
    config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int, evaluated: bool
) -> Starts:
    """`Forecaster.window_starts`."""
    starts = [np.empty(0, np.int64)]
    for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=False):
        past_last = min(end, length) - config.look_back - config.horizon + 1
        starts.append(offset + np.arange(max(first - config.look_back, 0), past_last, stride, np.int64))
    found = np.concatenate(starts)
    if series.observed is None:
        return found
    row_observed = series.observed.any(axis=1)
    before, first = np.append(0, np.cumsum(row_observed)), found + config.look_back
    kept = before[first + config.horizon] > before[first]
    return found[kept & row_observed[first - 1]] if evaluated else found[kept]


def gather(
    config: ForecasterConfig, series: Series, starts: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array | None]:
    """Inputs `[B, look_back, features]` in float64, targets `[B, Q, K]` in the config's precision, mask."""
    inputs = series.rows[starts[:, None] + jnp.arange(config.look_back)]
    rows = starts[:, None] + config.look_back + jnp.arange(config.horizon)
    targets = series.rows[rows][:, :, series.targets].astype(config.precision)
    return inputs, targets, None if series.observed is None else series.observed[rows]


def normalise(config: ForecasterConfig, series: Series, raw: jax.Array) -> NormalisedWindows:
    """Removes the statistics of each window's values, in float64; then casts and patches."""
    center, scale = jnp.zeros_like(raw[:, 0]), jnp.ones_like(raw[:, 0])
    if config.normalisation == "last":
        center = raw[:, -1]
    elif config.normalisation == "standard":
        center, scale = raw.mean(axis=1), jnp.sqrt(raw.var(axis=1) + 1e-5)
    center = jnp.where(series.indicators, 0.0, center)[:, None]
    scale = jnp.where(series.indicators, 1.0, scale)
    inputs = ((raw - center) / scale[:, None]).astype(config.precision)
    targets = jnp.repeat(center[:, :, series.targets], config.horizon, axis=1)
    patched = inputs.reshape(len(raw), config.steps, -1)
    return NormalisedWindows(patched, jnp.repeat(center, config.look_back, axis=1), scale, targets)
