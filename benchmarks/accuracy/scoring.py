"""Scores of forecasts, as the published protocols define them."""

import math
from collections.abc import Iterable

import numpy as np

from lstm_forecasting.data.arrays import Array


def seasonal_error(history: Array, season: int) -> float:
    """The mean absolute difference of values a season apart, in the units of `history` `[rows]`."""
    return float(np.abs(history[season:] - history[:-season]).mean())


def mase(history: Array, truth: Array, forecast: Array, season: int) -> float:
    """The mean absolute scaled error of one window.

    Its mean absolute error is divided by the seasonal error of the rows before it. Source: Hyndman and
    Koehler, "Another look at measures of forecast accuracy", International Journal of Forecasting 22 (2006).
    """
    return float(np.abs(truth - forecast).mean()) / seasonal_error(history, season)


def geometric_mean(ratios: Iterable[float]) -> float:
    """The geometric mean of positive numbers."""
    return math.exp(float(np.mean([math.log(ratio) for ratio in ratios])))
