"""One unit at one time step in numbers: the six equations of docs/specification.md section 3.

Only the step's starting values come from the trace: x_t, h_{t−1}, C_{t−1} and the weights. The results are
compared with the traced value of each equation.
"""

import math
from dataclasses import dataclass
from typing import Literal

from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, NamedValues
from lstm_forecasting.inspect.subject import Subject
from lstm_plugins.errors import InputError
from lstm_plugins.weights import GATES, direction_names

Activation = Literal["σ", "tanh", ""]

_SYMBOLS = {quantity.name: quantity.symbol for quantity in QUANTITIES}


@dataclass(frozen=True)
class Product:
    """The product of two named numbers."""

    left: str
    left_value: float
    right: str
    right_value: float

    @property
    def value(self) -> float:
        """The product."""
        return self.left_value * self.right_value


@dataclass(frozen=True)
class Line:
    """One of the six equations: a sum of products and a bias, and the value after the activation.

    `name` and `symbol` are those of its quantity, such as "forget" and "f". Products of inputs come before
    those of hidden states. `traced` is the value that the backend computed in its precision.
    """

    name: str
    symbol: str
    products: tuple[Product, ...]
    bias: float | None
    total: float
    activation: Activation
    value: float
    traced: float

    @property
    def apart(self) -> float:
        """The distance of the value from the backend's."""
        return abs(self.value - self.traced)


@dataclass(frozen=True)
class CellArithmetic:
    """The computation of a unit at a step; layer, unit and step count from 0.

    The six equations have the order f, i, C̃, C, o, h; `squashed` is tanh(C), a factor of the last one.
    """

    layer: int
    direction: str
    unit: int
    step: int
    lines: tuple[Line, ...]
    squashed: float

    @property
    def apart(self) -> float:
        """The largest distance of an equation from the backend's value."""
        return max(line.apart for line in self.lines)

    def line(self, name: str) -> Line:
        """The equation of a quantity."""
        return next(line for line in self.lines if line.name == name)


def cell_arithmetic(
    inspected: InspectedWindow, layer: InspectedLayer, unit: int, step: int
) -> CellArithmetic:
    """Computes a unit at a step, both from 0 and in time order, from the step's starting values.

    Raises:
        InputError: there is no such unit or step.
    """
    check_place(layer, unit, step)
    return compute_cell(layer, inspected.weights, input_names(inspected.subject, layer.layer), unit, step)


def compute_cell(
    layer: InspectedLayer, weights: NamedValues, names: tuple[str, ...], unit: int, step: int
) -> CellArithmetic:
    """Like `cell_arithmetic`, from a layer, the weights of its network, and the names of its inputs."""
    gates = {gate: _gate(layer, weights, names, gate, unit, step) for gate in GATES}
    forget, written = gates["forget"], gates["input"]
    before = float(layer.previous_cell[step, unit])
    kept = Product("f", forget.value, "previous C", before)
    added = Product("i", written.value, "C̃", gates["candidate"].value)
    total = kept.value + added.value
    cell = Line("cell", "C", (kept, added), None, total, "", total, traced=float(layer.cell[step, unit]))
    squashed = math.tanh(cell.value)
    shown = Product("o", gates["output"].value, "tanh(C)", squashed)
    hidden = Line(
        "hidden", "h", (shown,), None, shown.value, "", shown.value, traced=float(layer.hidden[step, unit])
    )
    lines = (forget, written, gates["candidate"], cell, gates["output"], hidden)
    return CellArithmetic(layer.layer, layer.direction, unit, step, lines, squashed)


def check_place(layer: InspectedLayer, unit: int, step: int) -> None:
    """Raises InputError unless a layer has a unit and a step, both from 0."""
    if not 0 <= unit < layer.units:
        raise InputError(f"{layer.name} has the units 0 to {layer.units - 1}; there is no unit {unit}.")
    if not 0 <= step < layer.steps:
        raise InputError(f"The window has the time steps 1 to {layer.steps}; there is no step {step + 1}.")


def input_names(subject: Subject, layer: int) -> tuple[str, ...]:
    """The names of a layer's inputs: columns, indicators and known columns, or states of the layer below."""
    config, columns = subject.config, subject.features
    if layer == 0:
        # What is known ahead follows the rows of a patch, with the values of its last row.
        known = subject.model.model.known.names
        if config.patch == 1:
            return (*columns, *known)
        rows = (f"row {row + 1} of {config.patch}" for row in range(config.patch))
        return (*(f"{column}, {row}" for row in rows for column in columns), *known)
    return tuple(
        f"layer{layer - 1}.{direction} h[{unit}]"
        for direction in direction_names(config)
        for unit in range(config.hidden_units)
    )


def _gate(
    layer: InspectedLayer, weights: NamedValues, names: tuple[str, ...], gate: str, unit: int, step: int
) -> Line:
    column = GATES.index(gate) * layer.units + unit
    kernel = weights[f"{layer.name}.kernel"][:, column]
    recurrent = weights[f"{layer.name}.recurrent"][:, column]
    bias = float(weights[f"{layer.name}.bias"][column])
    symbol = _SYMBOLS[gate]
    products = [
        Product(f"W_{symbol}", float(weight), name, float(value))
        for weight, name, value in zip(kernel, names, layer.inputs[step], strict=True)
    ]
    products += [
        Product(f"W_{symbol}", float(weight), f"previous h[{other}]", float(value))
        for other, (weight, value) in enumerate(zip(recurrent, layer.previous_hidden[step], strict=True))
    ]
    total = math.fsum([*(product.value for product in products), bias])
    value = math.tanh(total) if gate == "candidate" else _logistic(total)
    activation: Activation = "tanh" if gate == "candidate" else "σ"
    traced = float(getattr(layer, gate)[step, unit])
    return Line(gate, symbol, tuple(products), bias, total, activation, value, traced)


def _logistic(x: float) -> float:
    """σ(x), without overflow of exp."""
    small = math.exp(-abs(x))
    return (1.0 if x >= 0 else small) / (1.0 + small)
