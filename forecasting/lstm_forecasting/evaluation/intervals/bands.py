"""The ends of intervals around forecasts, within the target's bounds."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array


@dataclass(frozen=True)
class Limits:
    """What the ends of a target's intervals are held to.

    Attributes:
        minimum: least value; −inf for none.
        whole: the ends are whole numbers, as all values are. They are rounded towards the forecast, which
            leaves no whole number out.
    """

    minimum: float = -math.inf
    whole: bool = False


NO_LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Bands:
    """The intervals of some levels; the wider contain the narrower.

    Attributes:
        levels: nominal coverage in percent, ascending.
        low: `[..., levels]`, the lower ends in the series' units; nan where there is no interval.
        high: the upper ends.
    """

    levels: tuple[float, ...]
    low: Array
    high: Array


def bands(point: Array, half_widths: Array, levels: tuple[float, ...], limits: Limits = NO_LIMITS) -> Bands:
    """The intervals around point forecasts `[...]` with half-widths `[..., levels]`.

    An interval always contains its point forecast, which is expected to be within the limits itself.
    """
    middle = point[..., np.newaxis]
    low, high = middle - half_widths, middle + half_widths
    if limits.whole:
        low, high = np.minimum(np.ceil(low), middle), np.maximum(np.floor(high), middle)
    low = np.maximum(low, limits.minimum)
    # The sum turns −0 into 0.
    return Bands(levels, low + 0.0, high + 0.0)
