"""How the screen Inspect looks at a window that it has: what is chosen of it, and how choices move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspection.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspection.results import InspectedLayer, InspectedWindow
from lstm_forecasting.inspection.units import UNIT_ORDERS, UnitOrder, unit_order

View = Literal["gates", "gradients", "backends", "weights"]


@dataclass(frozen=True)
class Look:
    """What is shown of a window.

    Attributes:
        view: of the picture in the middle.
        layer: index among the layers of a trace.
        order: of the units.
        place: of the chosen unit in that order.
        step: that is chosen, from 0.
        quantity: that the view of two backends shows.
    """

    view: View = "gates"
    layer: int = 0
    order: UnitOrder = "activity"
    place: int = 0
    step: int = 0
    quantity: int = 5

    def layer_of(self, inspected: InspectedWindow) -> InspectedLayer:
        """The layer that is shown."""
        return inspected.layers[self.layer]

    def units(self, inspected: InspectedWindow) -> NDArray[np.int64]:
        """The units in the order in which they are shown."""
        return unit_order(inspected, self.layer_of(inspected), self.order)

    def unit(self, inspected: InspectedWindow) -> int:
        """The unit that is chosen."""
        return int(self.units(inspected)[self.place])

    @property
    def shown_quantity(self) -> Quantity:
        """What two backends are compared in."""
        return QUANTITIES[self.quantity]

    def fitted(self, inspected: InspectedWindow) -> Look:
        """The same look at another window, or of another network: what is not there is the last there is."""
        layer = min(self.layer, len(inspected.layers) - 1)
        shown = inspected.layers[layer]
        return replace(
            self, layer=layer, place=min(self.place, shown.units - 1), step=min(self.step, shown.steps - 1)
        )

    def moved(self, inspected: InspectedWindow, steps: int, places: int) -> Look:
        """So many steps and units on; it stays where there are no more."""
        layer = self.layer_of(inspected)
        step = min(max(0, self.step + steps), layer.steps - 1)
        place = min(max(0, self.place + places), layer.units - 1)
        return replace(self, step=step, place=place)

    def next_layer(self, inspected: InspectedWindow) -> Look:
        """The next layer or direction; after the last the first."""
        return replace(self, layer=(self.layer + 1) % len(inspected.layers)).fitted(inspected)

    def next_order(self, inspected: InspectedWindow) -> Look:
        """The next order, the chosen unit staying the same."""
        unit = self.unit(inspected)
        order = UNIT_ORDERS[(UNIT_ORDERS.index(self.order) + 1) % len(UNIT_ORDERS)]
        changed = replace(self, order=order)
        return replace(changed, place=int(np.flatnonzero(changed.units(inspected) == unit)[0]))

    def next_quantity(self) -> Look:
        """The next of the six values."""
        return replace(self, quantity=(self.quantity + 1) % len(QUANTITIES))


def first_look(inspected: InspectedWindow) -> Look:
    """The last layer at the last step, where the forecast is made."""
    layer = len(inspected.layers) - inspected.subject.config.directions
    return Look(layer=layer, step=inspected.layers[layer].steps - 1)
