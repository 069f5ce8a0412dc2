"""The rows of the picture in the middle of the screen Inspect, as numbers with their scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspection.comparing import Comparison
from lstm_forecasting.inspection.contributions import step_contributions
from lstm_forecasting.inspection.flow import gradient_flow
from lstm_forecasting.inspection.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspection.results import InspectedLayer, InspectedWindow, Values
from lstm_forecasting.inspection.weights import ArrayChange
from lstm_plugins.weights import Weights

Kind = Literal["bars", "gate", "signed"]


@dataclass(frozen=True, eq=False)
class Band:
    """Some rows of the picture.

    Attributes:
        symbol: two characters at most, in the gutter.
        values: `[rows, columns]`.
        kind: bars of one row, a heatmap from 0 to `high`, or one from −`high` to `high`.
        low: the number without height, of bars.
        high: the number with the full height or colour.
        units: whether its rows are the units of the layer, in their order.
    """

    symbol: str
    values: Values
    kind: Kind
    low: float
    high: float
    units: bool = False


def window_band(inspected: InspectedWindow) -> Band:
    """The first target along the window."""
    series = inspected.target_by_step(0)
    return _bars("x", series, float(series.min()))


def gate_bands(
    inspected: InspectedWindow, layer: InspectedLayer, units: NDArray[np.int64], unit: int
) -> list[Band]:
    """The window, one unit along it, all six values of all units, and attention."""
    hidden = layer.hidden[:, unit]
    bands = [window_band(inspected), _bars("h_", hidden, float(hidden.min()))]
    bands += [_quantity(one.symbol, one, getattr(layer, one.name), units) for one in QUANTITIES]
    if inspected.attention is not None:
        bands.append(_bars("a", inspected.attention))
    return bands


def gradient_bands(inspected: InspectedWindow, layer: InspectedLayer, units: NDArray[np.int64]) -> list[Band]:
    """Norms at h and C, the contributions to kernel, recurrent kernel and bias, then h and C by unit."""
    flow = gradient_flow(layer)
    bands = [window_band(inspected), _bars("∂h", flow.hidden), _bars("∂C", flow.cell)]
    bands += [
        _bars(symbol, found.norms)
        for symbol, found in zip(("W", "U", "b"), step_contributions(inspected, layer), strict=True)
    ]
    for symbol, derivatives in (("∂h", layer.hidden_derivatives), ("∂C", layer.cell_derivatives)):
        bands.append(_signed(symbol, derivatives.T[units], units=True))
    return bands


def backend_bands(
    comparison: Comparison, layer: int, units: NDArray[np.int64], quantity: Quantity
) -> list[Band]:
    """One value of all units on two backends, and the difference."""
    one, other = (getattr(side.layers[layer], quantity.name) for side in (comparison.one, comparison.other))
    size = float(max(np.abs(one).max(), np.abs(other).max()))
    bands = [window_band(comparison.one)]
    bands += [
        _quantity(symbol, quantity, values, units, size) for symbol, values in (("1", one), ("2", other))
    ]
    difference = comparison.layers[layer].differences[quantity.name]
    return [*bands, _signed("−", difference.T[units], units=True)]


def weight_bands(weights: Weights, changes: Sequence[ArrayChange], layer: str) -> list[Band]:
    """The arrays of a layer, each over what training changed in it."""
    differences = {change.name: change.difference for change in changes}
    bands = []
    for name, symbol in (("kernel", "W"), ("recurrent", "U"), ("bias", "b")):
        array = weights[f"{layer}.{name}"].astype(np.float64)
        bands.append(_signed(symbol, np.atleast_2d(array)))
        if differences:
            bands.append(_signed(f"Δ{symbol}", np.atleast_2d(differences[f"{layer}.{name}"])))
    return bands


def _quantity(
    symbol: str, quantity: Quantity, values: Values, units: NDArray[np.int64], size: float | None = None
) -> Band:
    if not quantity.signed:
        return Band(symbol, values.T[units], "gate", 0.0, 1.0, units=True)
    return _signed(symbol, values.T[units], size, units=True)


def _signed(symbol: str, values: Values, size: float | None = None, *, units: bool = False) -> Band:
    largest = float(np.abs(values).max()) if size is None else size
    return Band(symbol, values, "signed", -largest, largest or 1.0, units)


def _bars(symbol: str, values: Values, low: float = 0.0) -> Band:
    return Band(symbol, values[np.newaxis], "bars", low, float(values.max()))
