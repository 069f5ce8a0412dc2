"""The rows of the picture on the Inspect screen, as numbers with their scales."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.batches import gradient_agreement, mean_gradients
from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import contribution, step_contributions
from lstm_forecasting.inspect.flow import gradient_flow
from lstm_forecasting.inspect.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspect.results import InspectedBatch, InspectedLayer, InspectedWindow, Values
from lstm_plugins.weights import Weights
from lstm_tui.inspect.look import Look
from lstm_tui.inspect.seeing import Earlier, Seen

Kind = Literal["bars", "gate", "signed"]
Columns = Literal["cursor", "gates", "entries"]


@dataclass(frozen=True, eq=False)
class Band:
    """Some rows of the picture.

    Attributes:
        symbol: in the gutter; at most two characters if rows are units, else five.
        values: `[rows, columns]`.
        kind: one row of bars, a heatmap from 0 to `high`, or a heatmap from −`high` to `high`.
        low: the number with no height, for bars.
        high: the number with the full height or colour.
        units: whether the rows are the units of the layer, in their order.
        columns: what the columns are: places of the cursor, the units of the four gates, or other entries.
    """

    symbol: str
    values: Values
    kind: Kind
    low: float
    high: float
    units: bool = False
    columns: Columns = "cursor"


def bands_of(seen: Seen, look: Look) -> list[Band]:
    """The bands of a view, from what has been computed so far."""
    inspected, layer, units = seen.inspected, look.layer_of(seen.inspected), look.units(seen.inspected)
    match look.view:
        case "gradients":
            return gradient_bands(inspected, layer, units, look.step, look.shared_array_of(inspected))
        case "batch":
            return (
                [] if seen.batch is None else batch_bands(seen.batch, look.array_of(inspected), look.member)
            )
        case "backends":
            if seen.comparison is None:
                return [window_band(inspected)]
            return backend_bands(seen.comparison, look.layer, units, look.shown_quantity)
        case "weights":
            return weight_bands(inspected.subject.model.weights, seen.earlier, look.array_of(inspected))
    return gate_bands(inspected, layer, units, look.unit(inspected))


def window_band(inspected: InspectedWindow) -> Band:
    """The first target along the window."""
    series = inspected.target_by_step(0)
    return _bars("x", series, float(series.min()))


def gate_bands(
    inspected: InspectedWindow, layer: InspectedLayer, units: NDArray[np.int64], unit: int
) -> list[Band]:
    """The window, one unit along it, all gates and states of all units, and attention."""
    hidden = layer.hidden[:, unit]
    bands = [window_band(inspected), _bars("h_", hidden, float(hidden.min()))]
    bands += [_quantity(one.symbol, one, getattr(layer, one.name), units) for one in QUANTITIES]
    if inspected.attention is not None:
        bands.append(_bars("a", inspected.attention))
    return bands


def gradient_bands(
    inspected: InspectedWindow, layer: InspectedLayer, units: NDArray[np.int64], step: int, array: str
) -> list[Band]:
    """Gradients at h and C, and the contributions of the steps to the layer's arrays.

    First the norms by step, then h and C by unit, then the contribution of one step to one array, and the
    sum of all steps.
    """
    flow = gradient_flow(layer)
    bands = [window_band(inspected), _bars("∂h", flow.hidden), _bars("∂C", flow.cell)]
    bands += [
        _bars(symbol, found.norms)
        for symbol, found in zip(("W", "U", "b"), step_contributions(inspected, layer), strict=True)
    ]
    for symbol, derivatives in (("∂h", layer.hidden_derivatives), ("∂C", layer.cell_derivatives)):
        bands.append(_signed(symbol, derivatives.T[units], units=True))
    bands.append(_array("step", array, contribution(layer, step)[array]))
    return [*bands, _array("sum", array, inspected.gradients[array])]


def batch_bands(batch: InspectedBatch, array: str, member: int) -> list[Band]:
    """Loss, norms and cosine of every window, then the gradients: all windows, one window, and the mean.

    The heatmap of all windows has the entries of the array from top to bottom.
    """
    whole, own = gradient_agreement(batch), gradient_agreement(batch, array)
    gradients = batch.window_gradients[array]
    bands = [_bars("loss", batch.losses), _bars("|g|", whole.norms), _bars("|a|", own.norms)]
    bands.append(_signed("cos", own.cosines[np.newaxis], 1.0))
    bands.append(_signed("all", gradients.reshape(len(gradients), -1).T))
    bands += [
        _array(symbol, array, values)
        for symbol, values in (("g", gradients[member]), ("mean", mean_gradients(batch)[array]))
    ]
    return bands


def backend_bands(
    comparison: Comparison, layer: int, units: NDArray[np.int64], quantity: Quantity
) -> list[Band]:
    """One gate or state of all units on two backends, and the difference."""
    one, other = (getattr(side.layers[layer], quantity.name) for side in (comparison.one, comparison.other))
    size = float(max(np.abs(one).max(), np.abs(other).max()))
    bands = [window_band(comparison.one)]
    bands += [
        _quantity(symbol, quantity, values, units, size) for symbol, values in (("1", one), ("2", other))
    ]
    difference = comparison.layers[layer].differences[quantity.name]
    return [*bands, _signed("−", difference.T[units], units=True)]


def weight_bands(weights: Weights, earlier: Earlier | None, array: str) -> list[Band]:
    """An array before and after on one scale, and the change."""
    now = weights[array].astype(np.float64)
    if earlier is None:
        return [_array("now", array, now)]
    then = earlier.weights[array].astype(np.float64)
    size = float(max(np.abs(then).max(), np.abs(now).max()))
    change = next(one.difference for one in earlier.changes if one.name == array)
    return [_array("from", array, then, size), _array("to", array, now, size), _array("Δ", array, change)]


def _quantity(
    symbol: str, quantity: Quantity, values: Values, units: NDArray[np.int64], size: float | None = None
) -> Band:
    if not quantity.signed:
        return Band(symbol, values.T[units], "gate", 0.0, 1.0, units=True)
    return _signed(symbol, values.T[units], size, units=True)


def _array(symbol: str, name: str, values: Values, size: float | None = None) -> Band:
    columns: Columns = "gates" if name.startswith("layer") else "entries"
    return _signed(symbol, np.atleast_2d(values), size, columns=columns)


def _signed(
    symbol: str,
    values: Values,
    size: float | None = None,
    *,
    units: bool = False,
    columns: Columns = "cursor",
) -> Band:
    largest = float(np.abs(values).max()) if size is None else size
    return Band(symbol, values, "signed", -largest, largest or 1.0, units, columns)


def _bars(symbol: str, values: Values, low: float = 0.0) -> Band:
    return Band(symbol, values[np.newaxis], "bars", low, float(values.max()))
