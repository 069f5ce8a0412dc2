"""In which direction a layer reads, with which state it starts, and what it hands on."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.conditions import Condition, bidirectional, several_layers, several_steps
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, weights_taken_for
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gates")


def _swapped(weights: Weights, config: ForecasterConfig) -> Weights:
    return {name: weights[_other(name)] for name in weights}


def _forward_for_both(weights: Weights, config: ForecasterConfig) -> Weights:
    return {name: weights[name.replace(".backward.", ".forward.")] for name in weights}


def _forward_for_both_back(gradients: Weights, config: ForecasterConfig) -> Weights:
    back = dict(gradients)
    for name in (name for name in gradients if ".forward." in name):
        back[name] = gradients[name] + gradients[_other(name)]
        back[_other(name)] = np.zeros_like(gradients[name])
    return back


def _other(name: str) -> str:
    if ".forward." in name:
        return name.replace(".forward.", ".backward.")
    return name.replace(".backward.", ".forward.")


def _reading(backwards: str) -> Plant:
    """Only `backwards` ("forward", "backward" or "") reads from the end; the other from the beginning."""

    def order(true: Any, sequence: Array, direction: str) -> Array:
        return sequence[:, ::-1] if direction == backwards else sequence

    return altered(reading_order=order, time_order=order)


def joined(change: Callable[[list[Array]], list[Array]]) -> Plant:
    """The directions' arrays changed before they are joined, by a change that is its own inverse."""
    return altered(
        join_directions=lambda true, parts: true(change(parts)),
        split_directions=lambda true, whole, count: change(true(whole, count)),
    )


def _backward_turned(parts: list[Array]) -> list[Array]:
    return [parts[0], parts[1][:, ::-1]] if len(parts) == 2 and parts[0].ndim == 3 else parts


outputs_not_put_back = joined(_backward_turned)
"""The backward direction hands its outputs on in the order in which it read."""
joined_backward_first = joined(lambda parts: parts[::-1])


def _turned(array: Array, direction: str) -> Array:
    return array[:, ::-1] if direction == "backward" else array


def _left_in_reading_order_backward(true: Any, inner: Steps, config: ForecasterConfig, *rest: Any) -> Any:
    def read_backward(steps: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
        # Those of the last layer are turned before its final state's are added.
        own = outputs if done.layer == config.layers - 1 else _turned(outputs, done.direction)
        found = inner.read_backward(steps, weights, done, own)
        return replace(found, inputs=_turned(found.inputs, done.direction))

    return true(replace(inner, read_backward=read_backward), config, *rest)


def _state_carried(reference: ReferenceForecaster) -> ReferenceForecaster:
    """Every layer starts where it ended on the batch before, if that had as many windows."""
    last: dict[tuple[int, str], DirectionPass] = {}

    def read(
        true: Any, inner: Steps, config: Any, weights: Any, layer: int, direction: str, inputs: Array
    ) -> DirectionPass:
        before = last.get((layer, direction))
        states = iter(() if before is None else (before.cells[-1].hidden, before.cells[-1].cell))

        def initial_state(batch: int, hidden_units: int, like: Array) -> Array:
            state = inner.initial_state(batch, hidden_units, like).copy()
            carried = next(states, state)[:batch]
            state[: len(carried)] = carried
            return state

        started = replace(inner, initial_state=initial_state)
        last[layer, direction] = true(started, config, weights, layer, direction, inputs)
        return last[layer, direction]

    return altered(read=read)(reference)


def _fed_again(source: int) -> Plant:
    """All layers after that behind `source` read what that one read; -1 for the network's inputs."""

    def forward(true: Any, inner: Steps, *rest: Any) -> Any:
        first: list[Array] = []

        def read(
            steps: Steps, config: Any, weights: Any, layer: int, direction: str, given: Array
        ) -> DirectionPass:
            if layer == source + 1:
                first.append(given)
            given = first[0] if layer > source + 1 else given
            return inner.read(steps, config, weights, layer, direction, given)

        return true(replace(inner, read=read), *rest)

    def backward(true: Any, inner: Steps, *rest: Any) -> Any:
        skipped: list[Array] = []

        def read_backward(steps: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
            found = inner.read_backward(steps, weights, done, outputs)
            if done.layer > source + 1:
                skipped.append(inner.time_order(found.inputs, done.direction))
                return replace(found, inputs=np.zeros_like(found.inputs))
            if done.layer == source + 1 and skipped:
                total = inner.reading_order(sum(skipped[1:], skipped[0]), done.direction)
                skipped.clear()
                return replace(found, inputs=found.inputs + total)
            return found

        return true(replace(inner, read_backward=read_backward), *rest)

    return altered(forward=forward, backward=backward)


same_width = several_layers & Condition(
    lambda probe: probe.config.patch * probe.features == probe.config.hidden_width
)

DEVIATIONS = (
    deviation(
        "directions exchanged",
        "the weights of the two directions swapped",
        weights_taken_for(_swapped, _swapped),
        bidirectional,
    ),
    deviation(
        "directions share weights",
        "the forward direction's weights in both directions",
        weights_taken_for(_forward_for_both, _forward_for_both_back),
        bidirectional,
    ),
    deviation("read from the end", "a forward direction that reads from the end", _reading("forward")),
    deviation("both read forwards", "a backward direction that reads forwards", _reading(""), bidirectional),
    # Before the next one, which turns what this one joins.
    deviation(
        "directions joined backward first",
        "the backward direction joined before the forward one",
        joined_backward_first,
        bidirectional & several_layers,
    ),
    deviation(
        "outputs not put back",
        "outputs of the backward direction not put back in time order",
        outputs_not_put_back,
        bidirectional & several_layers,
    ),
    deviation(
        "left in reading order",
        "the backward direction left in the order in which it reads, in outputs and trace",
        altered(
            time_order=lambda true, sequence, direction: sequence,
            final_state_backward=lambda true, hidden, final, way: true(_turned(hidden, way), final, way),
            backward=_left_in_reading_order_backward,
        ),
        bidirectional & several_steps,
    ),
    deviation("state carried over", "states carried from batch to batch", _state_carried, remembers=True),
    deviation(
        "layers fed the inputs again", "the network's inputs fed to every layer", _fed_again(-1), same_width
    ),
    deviation(
        "layers fed the first outputs",
        "the first layer's outputs fed to every later layer",
        _fed_again(0),
        Condition(lambda probe: probe.config.layers > 2),
    ),
)
