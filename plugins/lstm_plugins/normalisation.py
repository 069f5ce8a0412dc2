"""Per-window normalisation: docs/specification.md section 2.

The reference and the shared fit of the linear part compute with it; the backends have their own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig

Float64 = NDArray[np.float64]
VARIANCE_FLOOR = 1e-5


class Statistics(NamedTuple):
    """What windows are normalised by, from their inputs only, in float64.

    Attributes:
        center: `[B, look_back, features]`, subtracted from the inputs; a view where all rows are equal.
        scale: `[B, features]`, the divisor.
        ahead: `[B, Q, features]`, the center of each forecast step.
    """

    center: Float64
    scale: Float64
    ahead: Float64


def statistics(inputs: Float64, config: ForecasterConfig) -> Statistics:
    """The statistics of windows `[B, look_back, features]`."""
    windows, look_back, features = inputs.shape
    scale = np.ones((windows, features))
    if config.normalisation == "seasonal":
        first = look_back - config.season
        rows = first + np.arange(-look_back, 0) % config.season
        ahead = first + np.arange(config.horizon) % config.season
        return Statistics(inputs[:, rows], scale, inputs[:, ahead])
    center = np.zeros((windows, features))
    if config.normalisation in ("last", "last-deviation"):
        center = inputs[:, -1]
    if config.normalisation == "standard":
        center = inputs.mean(axis=1)
    if config.normalisation in ("standard", "last-deviation"):
        scale = np.sqrt(inputs.var(axis=1) + VARIANCE_FLOOR)
    return of_all_rows(center, scale, config)


def of_all_rows(center: Float64, scale: Float64, config: ForecasterConfig) -> Statistics:
    """Statistics with one center for all rows of a window, and scale; both are `[B, features]`."""
    windows, features = center.shape
    return Statistics(
        np.broadcast_to(center[:, None], (windows, config.look_back, features)),
        scale,
        np.broadcast_to(center[:, None], (windows, config.horizon, features)),
    )


def of_values(found: Statistics, indicators: int) -> Statistics:
    """Statistics of 0 and 1 for the last columns, which are indicators of missing values."""
    is_value = np.arange(found.scale.shape[1]) < found.scale.shape[1] - indicators
    return Statistics(
        np.where(is_value, found.center, 0.0),
        np.where(is_value, found.scale, 1.0),
        np.where(is_value, found.ahead, 0.0),
    )


def normalise(inputs: Float64, found: Statistics) -> Float64:
    """Inputs `[B, look_back, features]` minus their window's center, divided by its scale."""
    return np.asarray((inputs - found.center) / found.scale[:, None])
