"""The norm of the gradient at each step back through time: where it vanishes or explodes."""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.inspect.results import InspectedLayer, Values

VANISHED = 1e-3
"""The share of its largest norm below which a gradient counts as vanished."""


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """The norms over units of the loss's derivatives, by step, in one layer and direction.

    Attributes:
        layer: name of layer and direction, such as "layer0.forward".
        hidden: `[T]`, of the derivative with respect to h_t.
        cell: `[T]`, of the derivative with respect to C_t.
        begins: the step, from 0, that is read last, where backpropagation begins.
        ends: the step that is read first, where it ends.
    """

    layer: str
    hidden: Values
    cell: Values
    begins: int
    ends: int

    @property
    def ratio(self) -> float:
        """The norm at h where backpropagation ends, divided by the norm where it begins."""
        first = float(self.hidden[self.begins])
        return float(self.hidden[self.ends]) / first if first else float("nan")

    @property
    def vanished_at(self) -> int | None:
        """The step, back in time, from which less than `VANISHED` of the largest norm is left; or None."""
        order = self.hidden if self.begins < self.ends else self.hidden[::-1]
        largest = float(order.max())
        alive = np.flatnonzero(order >= VANISHED * largest) if largest else np.array([], np.int64)
        if not len(alive):
            return self.begins
        dead = int(alive[-1]) + 1
        if dead == len(order):
            return None
        return dead if self.begins < self.ends else len(order) - 1 - dead


def gradient_flow(layer: InspectedLayer) -> GradientFlow:
    """The norms of a layer's derivatives by step."""
    last = layer.steps - 1
    backward = layer.direction == "backward"
    return GradientFlow(
        layer=layer.name,
        hidden=np.linalg.norm(layer.hidden_derivatives, axis=1),
        cell=np.linalg.norm(layer.cell_derivatives, axis=1),
        begins=0 if backward else last,
        ends=last if backward else 0,
    )


def in_words(flow: GradientFlow) -> str:
    """A sentence on what the norms show; steps count from 1."""
    begins, ends = flow.begins + 1, flow.ends + 1
    if not flow.hidden.any():
        return f"No gradient reaches {flow.layer}."
    if begins == ends:
        return f"The window has one step, so nothing flows back through time in {flow.layer}."
    dead = flow.vanished_at
    if dead is not None and dead != flow.begins:
        return (
            f"Back through time in {flow.layer}, the gradient vanishes: from step {dead + 1} on, less than "
            "a thousandth of its largest norm is left."
        )
    ratio = flow.ratio
    if not np.isfinite(ratio):
        return f"In {flow.layer}, the gradient enters before step {begins} and reaches step {ends}."
    if ratio > 1.0 / VANISHED:
        return (
            f"Back through time in {flow.layer}, the gradient explodes: at step {ends} it is {ratio:.3g} "
            f"times as large as at step {begins}."
        )
    return (
        f"Back through time in {flow.layer}, from step {begins} to step {ends}, the gradient at h changes by "
        f"a factor of {ratio:.3g}."
    )
