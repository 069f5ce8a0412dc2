"""Compares two backends, or two sets of weights, on the same window."""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, NamedValues, Values


@dataclass(frozen=True, eq=False)
class LayerDifference:
    """The differences `[T, H]`, by quantity, in one layer and direction, such as "layer0.forward"."""

    name: str
    differences: NamedValues

    def largest(self, quantity: str) -> float:
        """The largest absolute difference of a quantity."""
        return float(np.abs(self.differences[quantity]).max())


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two backends, or two sets of weights, on one window.

    Attributes:
        one: the first side.
        other: the second side; differences are its values minus those of the first.
        layers: in the order of `one.layers`.
        attention: `[T]`, difference of the attention weights; None without attention.
        prediction: `[Q, K, P]`, difference in the series' units.
        gradients: the largest absolute difference of each weight array's gradient.
    """

    one: InspectedWindow
    other: InspectedWindow
    layers: tuple[LayerDifference, ...]
    attention: Values | None
    prediction: Values
    gradients: dict[str, float]


def compare(one: InspectedWindow, other: InspectedWindow) -> Comparison:
    """Compares two backends, or two sets of weights of a network, on the same window.

    Raises:
        ValueError: the windows or the networks are not the same.
    """
    if one.window != other.window or _shapes(one) != _shapes(other):
        raise ValueError("both sides must have the same window and the same network")
    attention = None
    if one.attention is not None and other.attention is not None:
        attention = other.attention - one.attention
    return Comparison(
        one=one,
        other=other,
        layers=tuple(_layer(mine, its) for mine, its in zip(one.layers, other.layers, strict=True)),
        attention=attention,
        prediction=other.prediction - one.prediction,
        gradients={
            name: float(np.abs(other.gradients[name] - gradient).max())
            for name, gradient in one.gradients.items()
        },
    )


def _shapes(inspected: InspectedWindow) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in inspected.subject.model.weights.items()}


def _layer(one: InspectedLayer, other: InspectedLayer) -> LayerDifference:
    names = (quantity.name for quantity in QUANTITIES)
    return LayerDifference(one.name, {name: getattr(other, name) - getattr(one, name) for name in names})
