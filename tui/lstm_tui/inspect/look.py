"""How the screen Inspect looks at what it has: what is chosen of it, and how choices move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow
from lstm_forecasting.inspect.units import UNIT_ORDERS, UnitOrder, unit_order
from lstm_forecasting.inspect.weights import largest_array

View = Literal["gates", "unit", "gradients", "batch", "backends", "weights"]


@dataclass(frozen=True)
class Look:
    """What is shown of a window, of the weights and of a batch.

    Attributes:
        view: of the picture in the middle.
        layer: index among the layers of a trace.
        order: of the units.
        place: of the chosen unit in that order.
        step: that is chosen, from 0.
        quantity: that the view of two backends shows.
        array: place of the weight array that the views of weights and of a batch show; the view of gradients
            shows the one of its kind that the layer has.
        member: window of the batch that is chosen, from 0.
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
        """The layer that is shown."""
        return inspected.layers[self.layer]

    def units(self, inspected: InspectedWindow) -> NDArray[np.int64]:
        """The units in the order in which they are shown."""
        return unit_order(inspected, self.layer_of(inspected), self.order)

    def unit(self, inspected: InspectedWindow) -> int:
        """The unit that is chosen."""
        return int(self.units(inspected)[self.place])

    def array_of(self, inspected: InspectedWindow) -> str:
        """Name of the weight array that is chosen."""
        return list(inspected.weights)[self.array]

    def shared_array_of(self, inspected: InspectedWindow) -> str:
        """Name of the array of the layer that the view of gradients shows: of the kind that is chosen."""
        kind = self.array_of(inspected).rpartition(".")[2]
        return f"{self.layer_of(inspected).name}.{kind}"

    @property
    def shown_quantity(self) -> Quantity:
        """What two backends are compared in."""
        return QUANTITIES[self.quantity]

    @property
    def of_units(self) -> bool:
        """Whether the view shows units of a layer at time steps."""
        return self.view not in ("batch", "weights")

    def fitted(self, inspected: InspectedWindow, members: int) -> Look:
        """The same look at something else: of what is not there the last there is.

        Args:
            inspected: the window.
            members: windows of the batch, 0 without one.
        """
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
        """So many steps and units on, or windows of a batch and arrays; it stays where there are no more."""
        if self.of_units:
            moved = replace(self, step=max(0, self.step + across), place=max(0, self.place + down))
        else:
            moved = replace(self, member=max(0, self.member + across), array=max(0, self.array + down))
        return moved.fitted(inspected, members)

    def next_layer(self, inspected: InspectedWindow) -> Look:
        """The next layer or direction; after the last the first."""
        changed = replace(self, layer=(self.layer + 1) % len(inspected.layers))
        return changed.fitted(inspected, self.member + 1)

    def next_order(self, inspected: InspectedWindow) -> Look:
        """The next order, the chosen unit staying the same."""
        unit = self.unit(inspected)
        order = UNIT_ORDERS[(UNIT_ORDERS.index(self.order) + 1) % len(UNIT_ORDERS)]
        changed = replace(self, order=order)
        return replace(changed, place=int(np.flatnonzero(changed.units(inspected) == unit)[0]))

    def next_choice(self, inspected: InspectedWindow) -> Look:
        """The next of the six values that are compared, or the next array; after the last the first."""
        if self.view == "backends":
            return replace(self, quantity=(self.quantity + 1) % len(QUANTITIES))
        if self.view == "gradients":
            names = list(inspected.weights)
            own = [name for name in names if name.startswith(f"{self.layer_of(inspected).name}.")]
            following = own[(own.index(self.shared_array_of(inspected)) + 1) % len(own)]
            return replace(self, array=names.index(following))
        return replace(self, array=(self.array + 1) % len(inspected.weights))


def first_look(inspected: InspectedWindow) -> Look:
    """The last layer at the last step, where the forecast is made, and the largest array."""
    layer = len(inspected.layers) - inspected.subject.config.directions
    array = list(inspected.weights).index(largest_array(inspected.subject.model.weights))
    return Look(layer=layer, step=inspected.layers[layer].steps - 1, array=array)
