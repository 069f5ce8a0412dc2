"""Windows of the series, gathered for each batch: docs/specification.md section 2."""

import jax
import jax.numpy as jnp
import numpy as np
from lstm_plugins import ForecasterConfig, NormalisedWindows, SeriesSet, Starts, TargetRows

Series = tuple[jax.Array, jax.Array]
"""Rows in float64, padded with zeros to a power of two so that shapes are few; and the target columns."""


def window_starts(config: ForecasterConfig, series: SeriesSet, rows: TargetRows, stride: int) -> Starts:
    """`Forecaster.window_starts`."""
    starts = [np.empty(0, np.int64)]
    for (first, end), offset, length in zip(rows, series.offsets, series.lengths, strict=False):
        past_last = min(end, length) - config.look_back - config.horizon + 1
        starts.append(offset + np.arange(max(first - config.look_back, 0), past_last, stride, np.int64))
    return np.concatenate(starts)


def gather(config: ForecasterConfig, series: Series, starts: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Inputs `[B, look_back, features]` in float64, targets `[B, Q, K]` in the config's precision."""
    rows, columns = series
    inputs = rows[starts[:, None] + jnp.arange(config.look_back)]
    targets = rows[starts[:, None] + config.look_back + jnp.arange(config.horizon)][:, :, columns]
    return inputs, targets.astype(config.precision)


def normalise(config: ForecasterConfig, raw: jax.Array) -> NormalisedWindows:
    """Removes each window's statistics, in float64; then casts and patches."""
    center, scale = jnp.zeros_like(raw[:, 0]), jnp.ones_like(raw[:, 0])
    if config.normalisation == "last":
        center = raw[:, -1]
    elif config.normalisation == "standard":
        center, scale = raw.mean(axis=1), jnp.sqrt(raw.var(axis=1) + 1e-5)
    inputs = ((raw - center[:, None]) / scale[:, None]).astype(config.precision)
    return NormalisedWindows(inputs.reshape(len(raw), config.steps, -1), center, scale)
