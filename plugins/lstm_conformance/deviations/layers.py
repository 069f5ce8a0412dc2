"""In which direction a layer reads, with which state it begins, and what it hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps, weights_taken_for
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.network import DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gates")


def _directions_exchanged(weights: Weights, config: ForecasterConfig) -> Weights:
    return {name: weights[_other(name)] for name in weights}


def _forward_for_both(weights: Weights, config: ForecasterConfig) -> Weights:
    return {name: weights[name.replace(".backward.", ".forward.")] for name in weights}


def _forward_for_both_back(gradients: Weights, config: ForecasterConfig) -> Weights:
    return {
        name: np.zeros_like(array)
        if ".backward." in name
        else array + gradients[_other(name)]
        if ".forward." in name
        else array
        for name, array in gradients.items()
    }


def _other(name: str) -> str:
    if ".forward." in name:
        return name.replace(".forward.", ".backward.")
    return name.replace(".backward.", ".forward.")


def _reading(backwards: str) -> Plant:
    """Only `backwards` ("forward", "backward" or "") reads from the end; the other from the beginning."""

    def order(sequence: Array, direction: str) -> Array:
        return sequence[:, ::-1] if direction == backwards else sequence

    return steps(lambda before: {"reading_order": order, "time_order": order})


def outputs_not_put_back(before: Steps) -> Mapping[str, Any]:
    """The backward direction hands its outputs on in the order in which it read."""

    def turned(parts: list[Array]) -> list[Array]:
        if len(parts) == 2 and parts[0].ndim == 3:
            return [parts[0], parts[1][:, ::-1]]
        return parts

    return {
        "join_directions": lambda parts: before.join_directions(turned(parts)),
        "split_directions": lambda joined, count: turned(before.split_directions(joined, count)),
    }


def _left_in_reading_order(before: Steps) -> Mapping[str, Any]:
    """The backward direction is nowhere put back in time order: not in its outputs, nor in the trace."""

    def turned(array: Array, direction: str) -> Array:
        return array[:, ::-1] if direction == "backward" else array

    def backward(steps: Steps, config: ForecasterConfig, *rest: Any) -> Any:
        def read_backward(inner: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
            # Those of the last layer are turned before its final state's are added.
            own = outputs if done.layer == config.layers - 1 else turned(outputs, done.direction)
            found = steps.read_backward(inner, weights, done, own)
            return replace(found, inputs=turned(found.inputs, done.direction))

        return before.backward(replace(steps, read_backward=read_backward), config, *rest)

    def final_state_backward(hidden: Array, final: Array, direction: str) -> Array:
        return before.final_state_backward(turned(hidden, direction), final, direction)

    return {
        "time_order": lambda sequence, direction: sequence,
        "final_state_backward": final_state_backward,
        "backward": backward,
    }


def joined_the_other_way(before: Steps) -> Mapping[str, Any]:
    """The backward direction's columns come first."""
    return {
        "join_directions": lambda parts: before.join_directions(parts[::-1]),
        "split_directions": lambda joined, count: before.split_directions(joined, count)[::-1],
    }


def _state_carried(reference: Any) -> Any:
    """Every layer begins where it ended on the batch before, as far as that had as many windows."""
    states: dict[tuple[int, str], DirectionPass] = {}

    def change(before: Steps) -> Mapping[str, Any]:
        def read(
            steps: Steps,
            config: ForecasterConfig,
            weights: Weights,
            layer: int,
            direction: str,
            inputs: Array,
        ) -> DirectionPass:
            last = states.get((layer, direction))
            both = iter(()) if last is None else iter((last.cells[-1].hidden, last.cells[-1].cell))

            def initial_state(batch: int, hidden_units: int, like: Array) -> Array:
                state = steps.initial_state(batch, hidden_units, like).copy()
                carried = next(both, state)[:batch]
                state[: len(carried)] = carried
                return state

            inner = replace(steps, initial_state=initial_state)
            states[layer, direction] = before.read(inner, config, weights, layer, direction, inputs)
            return states[layer, direction]

        return {"read": read}

    return steps(change)(reference)


def _fed_again(source: int) -> Plant:
    """All layers after that behind `source` read what that one read; -1 for the network's inputs."""

    def change(before: Steps) -> Mapping[str, Any]:
        def forward(
            steps: Steps, config: ForecasterConfig, weights: Weights, inputs: Array, masks: Any
        ) -> Any:
            first: list[Array] = []

            def read(
                inner: Steps, config: Any, weights: Any, layer: int, direction: str, given: Array
            ) -> Any:
                if layer == source + 1:
                    first.append(given)
                given = first[0] if layer > source + 1 else given
                return steps.read(inner, config, weights, layer, direction, given)

            return before.forward(replace(steps, read=read), config, weights, inputs, masks)

        def backward(steps: Steps, config: ForecasterConfig, *rest: Any) -> Any:
            skipped: list[Array] = []

            def read_backward(inner: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
                found = steps.read_backward(inner, weights, done, outputs)
                if done.layer > source + 1:
                    skipped.append(steps.time_order(found.inputs, done.direction))
                    return replace(found, inputs=np.zeros_like(found.inputs))
                if done.layer == source + 1 and skipped:
                    total = steps.reading_order(sum(skipped[1:], skipped[0]), done.direction)
                    skipped.clear()
                    return replace(found, inputs=found.inputs + total)
                return found

            return before.backward(replace(steps, read_backward=read_backward), config, *rest)

        return {"forward": forward, "backward": backward}

    return steps(change)


def bidirectional(probe: Probe) -> bool:
    """Two directions."""
    return probe.config.bidirectional


def _bidirectional_layers(probe: Probe) -> bool:
    return probe.config.bidirectional and probe.config.layers > 1


def _same_width(probe: Probe) -> bool:
    config = probe.config
    return config.layers > 1 and config.patch * probe.features == config.hidden_width


DEVIATIONS = (
    deviation(
        "directions exchanged",
        "the weights of the two directions exchanged",
        weights_taken_for(_directions_exchanged, _directions_exchanged),
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
        steps(joined_the_other_way),
        _bidirectional_layers,
    ),
    deviation(
        "outputs not put back",
        "outputs of the backward direction not put back in time order",
        steps(outputs_not_put_back),
        _bidirectional_layers,
    ),
    deviation(
        "left in reading order",
        "the backward direction left in the order in which it reads, in outputs and trace",
        steps(_left_in_reading_order),
        lambda probe: bidirectional(probe) and probe.config.steps > 1,
    ),
    deviation(
        "state carried over", "a state carried over from batch to batch", _state_carried, remembers=True
    ),
    deviation(
        "layers fed the inputs again", "every layer fed the network's inputs", _fed_again(-1), _same_width
    ),
    deviation(
        "layers fed the first outputs",
        "every later layer fed the first one's outputs",
        _fed_again(0),
        lambda probe: probe.config.layers > 2,
    ),
)
