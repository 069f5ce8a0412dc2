"""Deviations that only ports of an LSTM's layers have.

They change the forward pass alone, since nothing else of a port is checked.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import Deviation
from lstm_conformance.deviations.conditions import Condition, bidirectional, several_layers, several_steps
from lstm_conformance.deviations.deviation import Plant, altered, weights_taken_for
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.cell import CellStep
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gates")


def _later_inputs(change: Callable[[Array], Array]) -> Plant:
    """Other inputs of every layer but the first."""

    def read(
        true: Any, inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array
    ) -> Any:
        return true(inner, config, weights, layer, direction, change(inputs) if layer else inputs)

    return altered(read=read)


def _starting(continues: Callable[[DirectionPass, int, str], bool]) -> Plant:
    """Layers that start from the final states of another layer or direction.

    `continues` decides from an earlier pass and the present layer and direction whether they do.
    """
    last: list[DirectionPass] = []

    def read(
        true: Any, inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array
    ) -> Any:
        if layer == 0 and direction == "forward":
            last.clear()
        found = next((one for one in reversed(last) if continues(one, layer, direction)), None)
        started = inner if found is None else _from(inner, found)
        last.append(true(started, config, weights, layer, direction, inputs))
        return last[-1]

    return altered(read=read)


def _from(inner: Steps, ended: DirectionPass) -> Steps:
    """The functions of a layer that starts from the final states of another pass."""
    states = iter((ended.cells[-1].hidden, ended.cells[-1].cell))
    return replace(inner, initial_state=lambda batch, units, like: next(states)[:batch])


def _window_after_window(
    true: Any, inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array
) -> DirectionPass:
    windows: list[DirectionPass] = []
    for window in inputs:
        started = _from(inner, windows[-1]) if windows else inner
        windows.append(true(started, config, weights, layer, direction, window[None]))
    cells = tuple(_together(at_step) for at_step in zip(*(one.cells for one in windows), strict=True))
    return DirectionPass(layer, direction, np.concatenate([one.inputs for one in windows]), cells)


def _together(cells: tuple[CellStep, ...]) -> CellStep:
    return CellStep(
        *(np.concatenate([getattr(cell, name) for cell in cells]) for name in CellStep.__dataclass_fields__)
    )


def _one_step_late(true: Any, parts: list[Array]) -> Array:
    joined: Array = true(parts)
    if joined.ndim == 2:
        return joined
    return np.concatenate([np.zeros_like(joined[:, :1]), joined[:, :-1]], axis=1)


def _layers_from(source: Callable[[int, int], int]) -> Plant:
    """Every layer with the weights of another; `source` gives its number from the layer's and their count."""

    def there(weights: Weights, config: ForecasterConfig) -> Weights:
        taken = {}
        for name in weights:
            layer, dot, rest = name.partition(".")
            number = layer.removeprefix("layer")
            other = f"layer{source(int(number), config.layers)}" if number.isdigit() else layer
            taken[name] = weights[f"{other}{dot}{rest}"]
        return taken

    return weights_taken_for(there, lambda gradients, config: gradients)


same_shapes = several_layers & Condition(lambda probe: probe.features == probe.config.hidden_width)

PORT_DEVIATIONS = (
    deviation(
        "layers joined backward first",
        "the backward direction joined before the forward one between layers",
        _later_inputs(lambda inputs: np.concatenate(np.split(inputs, 2, axis=-1)[::-1], axis=-1)),
        bidirectional & several_layers,
    ),
    deviation(
        "directions alternate",
        "the units of the two directions interleaved",
        altered(
            join_directions=lambda true, parts: np.stack(parts, axis=-1).reshape(*parts[0].shape[:-1], -1)
        ),
        bidirectional,
    ),
    deviation(
        "state from layer to layer",
        "every layer started from the final states of the layer below",
        _starting(lambda one, layer, direction: one.layer == layer - 1 and one.direction == direction),
        several_layers,
    ),
    deviation(
        "state from forward to backward",
        "the backward direction started from the forward direction's final states",
        _starting(lambda one, layer, direction: one.layer == layer and one.direction != direction),
        bidirectional,
    ),
    deviation(
        "window after window",
        "every window started from the states in which the previous one ended",
        altered(read=_window_after_window),
        mixes_windows=True,
    ),
    deviation(
        "from the end, not put back",
        "a direction that reads from the end, with outputs not put back in time order, as with Keras' "
        "go_backwards",
        altered(reading_order=lambda true, sequence, direction: sequence[:, ::-1]),
        ~bidirectional,
    ),
    deviation(
        "outputs one step late", "outputs one step late, h_{t−1}", altered(join_directions=_one_step_late)
    ),
    deviation(
        "first layer's weights",
        "the first layer's weights in every layer",
        _layers_from(lambda layer, layers: 0),
        same_shapes,
    ),
    deviation(
        "layers in reverse",
        "the layers in reverse order",
        _layers_from(lambda layer, layers: layers - 1 - layer),
        same_shapes,
    ),
    deviation(
        "relu between layers",
        "a relu between layers",
        _later_inputs(lambda inputs: np.maximum(inputs, 0.0)),
        several_layers,
    ),
)
"""All but `LAST_STATE_DEVIATIONS`."""

LAST_STATE_DEVIATIONS = (
    deviation(
        "largest over steps",
        "the largest of all states instead of the last",
        altered(final_state=lambda true, hidden, direction: hidden.max(axis=1)),
        several_steps,
    ),
)
"""For recordings that have the final hidden state."""
