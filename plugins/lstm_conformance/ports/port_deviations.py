"""Deviations that only ports of an LSTM's layers have, and backends of whole networks have not.

They run forwards alone, since nothing else of a port is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import Deviation
from lstm_conformance.deviations.deviation import Plant, steps, weights_taken_for
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.cell import CellStep
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gates")
Inputs = Callable[[Array], Array]
State = tuple[Array, Array]


def _later_inputs(alter: Inputs) -> Plant:
    """What every layer but the first reads, altered."""

    def change(before: Steps) -> Mapping[str, Any]:
        def read(inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array) -> Any:
            given = alter(inputs) if layer else inputs
            return before.read(inner, config, weights, layer, direction, given)

        return {"read": read}

    return steps(change)


def _starting(goes_on: Callable[[DirectionPass, int, str], bool]) -> Plant:
    """A layer and direction that starts from the states in which one read before it ended.

    `goes_on` tells from that one and from its own layer and direction whether it does.
    """

    def change(before: Steps) -> Mapping[str, Any]:
        last: list[DirectionPass] = []

        def read(inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array) -> Any:
            found = next((one for one in reversed(last) if goes_on(one, layer, direction)), None)
            started = inner if found is None else _from(inner, (found.cells[-1].hidden, found.cells[-1].cell))
            done = before.read(started, config, weights, layer, direction, inputs)
            if layer == 0 and direction == "forward":
                last.clear()
            last.append(done)
            return done

        return {"read": read}

    return steps(change)


def _from(inner: Steps, state: State) -> Steps:
    both = iter(state)
    return replace(inner, initial_state=lambda batch, units, like: next(both)[:batch])


def _window_after_window(before: Steps) -> Mapping[str, Any]:
    def read(inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array) -> Any:
        windows: list[DirectionPass] = []
        for window in inputs:
            last = windows[-1].cells[-1] if windows else None
            started = inner if last is None else _from(inner, (last.hidden, last.cell))
            windows.append(before.read(started, config, weights, layer, direction, window[None]))
        cells = tuple(_together(at_step) for at_step in zip(*(one.cells for one in windows), strict=True))
        ordered = np.concatenate([one.inputs for one in windows])
        return DirectionPass(layer, direction, ordered, cells)

    return {"read": read}


def _together(cells: tuple[CellStep, ...]) -> CellStep:
    return CellStep(
        *(np.concatenate([getattr(cell, name) for cell in cells]) for name in CellStep.__dataclass_fields__)
    )


def _joined(join: Callable[[list[Array]], Array]) -> Plant:
    return steps(lambda before: {"join_directions": join})


def _one_step_late(before: Steps) -> Mapping[str, Any]:
    def join(parts: list[Array]) -> Array:
        joined = before.join_directions(parts)
        if joined.ndim == 2:
            return joined
        return np.concatenate([np.zeros_like(joined[:, :1]), joined[:, :-1]], axis=1)

    return {"join_directions": join}


def _layers_from(source: Callable[[int, int], int]) -> Plant:
    """Every layer with the weights of another one, which `source` tells from its number and theirs."""

    def there(weights: Weights, config: ForecasterConfig) -> Weights:
        taken = {}
        for name in weights:
            layer, dot, rest = name.partition(".")
            number = layer.removeprefix("layer")
            other = f"layer{source(int(number), config.layers)}" if number.isdigit() else layer
            taken[name] = weights[f"{other}{dot}{rest}"]
        return taken

    return weights_taken_for(there, lambda gradients, config: gradients)


def _several_layers(probe: Probe) -> bool:
    return probe.config.layers > 1


def _same_shapes(probe: Probe) -> bool:
    return _several_layers(probe) and probe.features == probe.config.hidden_width


def _bidirectional(probe: Probe) -> bool:
    return probe.config.bidirectional


def _one_direction(probe: Probe) -> bool:
    return not probe.config.bidirectional


PORT_DEVIATIONS = (
    deviation(
        "layers joined backward first",
        "the backward direction joined before the forward one between layers",
        _later_inputs(lambda inputs: np.concatenate(np.split(inputs, 2, axis=-1)[::-1], axis=-1)),
        lambda probe: _bidirectional(probe) and _several_layers(probe),
    ),
    deviation(
        "directions alternate",
        "the two directions' units joined alternately",
        _joined(lambda parts: np.stack(parts, axis=-1).reshape(*parts[0].shape[:-1], -1)),
        _bidirectional,
    ),
    deviation(
        "state from layer to layer",
        "every layer starting from the final states of the one below",
        _starting(lambda one, layer, direction: one.layer == layer - 1 and one.direction == direction),
        _several_layers,
    ),
    deviation(
        "state from forward to backward",
        "the backward direction starting from the forward one's final states",
        _starting(lambda one, layer, direction: one.layer == layer and one.direction != direction),
        _bidirectional,
    ),
    deviation(
        "window after window",
        "every window starting from the states in which the one before it ended",
        steps(_window_after_window),
        mixes_windows=True,
    ),
    deviation(
        "from the end, not put back",
        "a direction that reads from the end and outputs that are not put back, as Keras' go_backwards",
        steps(lambda before: {"reading_order": lambda sequence, direction: sequence[:, ::-1]}),
        _one_direction,
    ),
    deviation("outputs one step late", "outputs one step late, h of the step before", steps(_one_step_late)),
    deviation(
        "first layer's weights",
        "the first layer's weights in every layer",
        _layers_from(lambda layer, layers: 0),
        _same_shapes,
    ),
    deviation(
        "layers in reverse",
        "the layers in reverse order",
        _layers_from(lambda layer, layers: layers - 1 - layer),
        _same_shapes,
    ),
    deviation(
        "relu between layers",
        "a relu between layers",
        _later_inputs(lambda inputs: np.maximum(inputs, 0.0)),
        _several_layers,
    ),
)
"""All of them; those of the last states alone are `LAST_STATE_DEVIATIONS`."""

LAST_STATE_DEVIATIONS = (
    deviation(
        "largest over steps",
        "the largest of all states for the last",
        steps(lambda before: {"final_state": lambda hidden, direction: hidden.max(axis=1)}),
        lambda probe: probe.config.steps > 1,
    ),
)
"""For recordings that hold the final hidden state."""
