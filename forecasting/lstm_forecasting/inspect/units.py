"""The order in which units are shown: by index, by activity, or by correlation with a target."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, Values

UnitOrder = Literal["index", "activity", "correlation"]
UNIT_ORDERS: tuple[UnitOrder, ...] = ("index", "activity", "correlation")


def unit_activity(layer: InspectedLayer) -> Values:
    """`[H]`, the mean of |h_t| over the window."""
    return np.asarray(np.abs(layer.hidden).mean(axis=0))


def unit_correlation(layer: InspectedLayer, series: Values) -> Values:
    """`[H]`, the correlation of each h_t with a series `[T]`; 0 if one of them is constant."""
    hidden, along = layer.hidden - layer.hidden.mean(axis=0), series - series.mean()
    size = np.linalg.norm(hidden, axis=0) * np.linalg.norm(along)
    return np.asarray(np.divide(along @ hidden, size, out=np.zeros(layer.units), where=size > 0))


def unit_order(
    inspected: InspectedWindow, layer: InspectedLayer, order: UnitOrder, target: int = 0
) -> NDArray[np.int64]:
    """The units of a layer by index, by activity or by correlation with a target, the highest first."""
    if order == "index":
        return np.arange(layer.units)
    if order == "activity":
        scores = unit_activity(layer)
    else:
        scores = unit_correlation(layer, inspected.target_by_step(target))
    return np.argsort(-scores, kind="stable")
