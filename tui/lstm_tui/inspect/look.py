"""The choices on the Inspect screen, and how keys change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow
from lstm_forecasting.inspect.units import UNIT_ORDERS, UnitOrder, unit_order
from lstm_forecasting.inspect.weights import largest_array
from lstm_tui.inspect.state import next_of

View = Literal["gates", "unit", "gradients", "batch", "backends", "weights"]


@dataclass(frozen=True)
class Look:
    """What is shown of a window, the weights and a batch; numbers count from 0.

    Attributes:
        view: of the picture.
        layer: index among the layers of a trace.
        order: of the units.
        place: of the chosen unit in that order.
        step: time step.
        quantity: gate or state in which two backends are compared.
        array: index of the weight array; the view of gradients shows the array of the same kind in its layer.
        member: window of the batch.
    """

    view: View = "gates"
    layer: int = 0
    order: UnitOrder = "activity"
    place: int = 0
    step: int = 0
    quantity: int = 5
    array: int = 0
    member: int = 0

    def layer_of(self, inspected: InspectedWindow) -> InspectedLayer:
        """The chosen layer."""
        return inspected.layers[self.layer]

    def units(self, inspected: InspectedWindow) -> NDArray[np.int64]:
        """The units in the order in which they are shown."""
        return unit_order(inspected, self.layer_of(inspected), self.order)

    def unit(self, inspected: InspectedWindow) -> int:
        """The chosen unit."""
        return int(self.units(inspected)[self.place])

    def array_of(self, inspected: InspectedWindow) -> str:
        """Name of the chosen weight array."""
        return list(inspected.weights)[self.array]

    def shared_array_of(self, inspected: InspectedWindow) -> str:
        """Name of the array in the view of gradients: the chosen kind in the chosen layer."""
        kind = self.array_of(inspected).rpartition(".")[2]
        return f"{self.layer_of(inspected).name}.{kind}"

    @property
    def shown_quantity(self) -> Quantity:
        """The gate or state in which two backends are compared."""
        return QUANTITIES[self.quantity]

    @property
    def of_units(self) -> bool:
        """Whether the view shows units of a layer at time steps."""
        return self.view not in ("batch", "weights")

    def fitted(self, inspected: InspectedWindow, members: int) -> Look:
        """The same choices, clipped to what a window and a batch of `members` windows have."""
        layer = min(self.layer, len(inspected.layers) - 1)
        shown = inspected.layers[layer]
        return replace(
            self,
            layer=layer,
            place=min(self.place, shown.units - 1),
            step=min(self.step, shown.steps - 1),
            array=min(self.array, len(inspected.weights) - 1),
            member=min(self.member, max(0, members - 1)),
        )

    def moved(self, inspected: InspectedWindow, across: int, down: int, members: int) -> Look:
        """The look moved by some steps and units, or by windows of a batch and arrays, up to the last one."""
        if self.of_units:
            moved = replace(self, step=max(0, self.step + across), place=max(0, self.place + down))
        else:
            moved = replace(self, member=max(0, self.member + across), array=max(0, self.array + down))
        return moved.fitted(inspected, members)

    def next_layer(self, inspected: InspectedWindow) -> Look:
        """The look at the next layer or direction, in a circle."""
        changed = replace(self, layer=(self.layer + 1) % len(inspected.layers))
        return changed.fitted(inspected, self.member + 1)

    def next_order(self, inspected: InspectedWindow) -> Look:
        """The look with the next order of units and the same unit."""
        unit = self.unit(inspected)
        changed = replace(self, order=next_of(UNIT_ORDERS, self.order))
        return replace(changed, place=int(np.flatnonzero(changed.units(inspected) == unit)[0]))

    def next_choice(self, inspected: InspectedWindow) -> Look:
        """The look with the next gate or state to compare, or the next array, in a circle."""
        if self.view == "backends":
            return replace(self, quantity=(self.quantity + 1) % len(QUANTITIES))
        if self.view == "gradients":
            names = list(inspected.weights)
            own = [name for name in names if name.startswith(f"{self.layer_of(inspected).name}.")]
            return replace(self, array=names.index(next_of(own, self.shared_array_of(inspected))))
        return replace(self, array=(self.array + 1) % len(inspected.weights))


def first_look(inspected: InspectedWindow) -> Look:
    """The last layer and step, from which the forecast is made, and the largest array."""
    layer = len(inspected.layers) - inspected.subject.config.directions
    array = list(inspected.weights).index(largest_array(inspected.subject.model.weights))
    return Look(layer=layer, step=inspected.layers[layer].steps - 1, array=array)
