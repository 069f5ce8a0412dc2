"""Backpropagation through the network, as its inner derivatives show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.attention import attentive
from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.deviations.layers import bidirectional
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.attention import AttentionDerivatives
from lstm_plugins.reference.network import DirectionDerivatives, DirectionPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="derivatives")
TRUNCATIONS = (1, 2, 4, 5, 8, 10, 16, 20, 32)


def _path_through_h_dropped(before: Steps) -> Mapping[str, Any]:
    def read_backward(steps: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
        name = f"{done.name}.recurrent"
        return before.read_backward(steps, {**weights, name: 0.0 * weights[name]}, done, outputs)

    return {"read_backward": read_backward}


def _recurrent_not_transposed(before: Steps) -> Mapping[str, Any]:
    def read_backward(steps: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
        name = f"{done.name}.recurrent"
        blocks = [block.T for block in np.split(weights[name], 4, axis=1)]
        return before.read_backward(steps, {**weights, name: np.concatenate(blocks, axis=1)}, done, outputs)

    return {"read_backward": read_backward}


def _truncated(last: int) -> Plant:
    """Nothing flows back beyond the last steps read."""

    def change(before: Steps) -> Mapping[str, Any]:
        def read_backward(
            steps: Steps, weights: Weights, done: DirectionPass, outputs: Array
        ) -> DirectionDerivatives:
            kept = slice(-last, None)
            short = replace(done, inputs=done.inputs[:, kept], cells=done.cells[kept])
            found = before.read_backward(steps, weights, short, outputs[:, kept])
            return DirectionDerivatives(
                *(
                    np.concatenate([np.zeros_like(whole[:, :-last]), part], axis=1)
                    for whole, part in (
                        (done.inputs, found.inputs),
                        (np.zeros((*outputs.shape[:2], 4 * outputs.shape[2])), found.preactivation),
                        (outputs, found.hidden),
                        (outputs, found.cell),
                    )
                )
            )

        return {"read_backward": read_backward}

    return steps(change)


def _at_layer(alter: Callable[[DirectionDerivatives, DirectionPass], DirectionDerivatives]) -> Plant:
    def change(before: Steps) -> Mapping[str, Any]:
        def read_backward(steps: Steps, weights: Weights, done: DirectionPass, outputs: Array) -> Any:
            return alter(before.read_backward(steps, weights, done, outputs), done)

        return {"read_backward": read_backward}

    return steps(change)


def _nothing_below(found: DirectionDerivatives, done: DirectionPass) -> DirectionDerivatives:
    return replace(found, inputs=np.zeros_like(found.inputs))


def _below_not_turned(found: DirectionDerivatives, done: DirectionPass) -> DirectionDerivatives:
    turned = found.inputs[:, ::-1] if done.direction == "backward" else found.inputs
    return replace(found, inputs=turned)


def _attended_without(part: str) -> Plant:
    def change(before: Steps) -> Mapping[str, Any]:
        def attend_backward(*given: Any) -> AttentionDerivatives:
            found = before.attend_backward(*given)
            return replace(found, **{part: np.zeros_like(getattr(found, part))})

        return {"attend_backward": attend_backward}

    return steps(change)


def _final_hidden_only_through_attention(before: Steps) -> Mapping[str, Any]:
    def split_head_input(head_input: Array) -> tuple[Array, Array]:
        context, final_hidden = before.split_head_input(head_input)
        return context, np.zeros_like(final_hidden)

    return {"split_head_input": split_head_input}


def loss_slope(alter: Callable[[ForecasterConfig, Array, Array], Array]) -> Plant:
    """Another derivative of the loss, from config, error `[B, Q, K, P]` and the true derivative."""

    def change(before: Steps) -> Mapping[str, Any]:
        def loss_derivative(config: ForecasterConfig, prediction: Array, targets: Array) -> Array:
            true = before.loss_derivative(config, prediction, targets)
            return alter(config, prediction - targets[..., None], true)

        return {"loss_derivative": loss_derivative}

    return steps(change)


def _layers(probe: Probe) -> bool:
    return probe.config.layers > 1


def _several_steps(probe: Probe) -> bool:
    return probe.config.steps > 1


def _units(probe: Probe) -> bool:
    return probe.config.steps > 1 and probe.config.hidden_units > 1


def _two_layers_two_directions(probe: Probe) -> bool:
    return probe.config.layers > 1 and bidirectional(probe)


DEVIATIONS = (
    deviation(
        "no path through h",
        "no derivative through h of the step before",
        steps(_path_through_h_dropped),
        _several_steps,
    ),
    deviation(
        "U for its transpose",
        "the recurrent kernel not transposed in the backward pass",
        steps(_recurrent_not_transposed),
        _units,
    ),
    *(
        deviation(
            f"truncated after {last}",
            f"backpropagation through the last {last} steps only"
            if last > 1
            else "backpropagation through the last step only",
            _truncated(last),
            lambda probe, last=last: probe.config.steps > last,  # type: ignore[misc]
        )
        for last in TRUNCATIONS
    ),
    deviation(
        "no derivative to the layer below",
        "no derivative from a layer to the one below",
        _at_layer(_nothing_below),
        _layers,
    ),
    deviation(
        "derivatives not turned",
        "derivatives of the backward direction's inputs not put back in time order",
        _at_layer(_below_not_turned),
        _two_layers_two_directions,
    ),
    deviation(
        "no derivative to attended outputs",
        "no derivative from the context to the outputs attended to",
        _attended_without("outputs"),
        attentive,
    ),
    deviation(
        "final hidden state only through attention",
        "no derivative from the head input straight to the final hidden state",
        steps(_final_hidden_only_through_attention),
        attentive,
    ),
    deviation(
        "loss slope doubled",
        "twice the derivative of the loss",
        loss_slope(lambda config, error, true: 2.0 * true),
    ),
    deviation(
        "loss slope halved",
        "half the derivative of the loss",
        loss_slope(lambda config, error, true: 0.5 * true),
    ),
    deviation(
        "Huber slope not cut",
        "e for a Huber derivative between − 1 and 1",
        loss_slope(lambda config, error, true: error / error.size),
        lambda probe: probe.config.loss == "huber",
    ),
)
