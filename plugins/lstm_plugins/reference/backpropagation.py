"""Backpropagation through time, by hand: docs/specification.md section 7.

Source: Werbos, "Backpropagation through time: what it does and how to do it", 1990.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import LayerDerivatives
from lstm_plugins.reference.network import DirectionPass, ForwardPass
from lstm_plugins.weights import Array, Weights, weight_shapes

if TYPE_CHECKING:
    from lstm_plugins.reference.steps import Steps


@dataclass(frozen=True)
class DirectionDerivatives:
    """Derivatives of the loss in one layer and direction, in the order of reading.

    Attributes:
        inputs: `[B, T, D_l]`.
        preactivation: `[B, T, 4H]`.
        hidden: `[B, T, H]`.
        cell: `[B, T, H]`.
    """

    inputs: Array
    preactivation: Array
    hidden: Array
    cell: Array


def layer_gradients(
    inputs: Array, previous_hidden: Array, preactivation: Array
) -> tuple[Array, Array, Array]:
    """Gradients of kernel, recurrent kernel and bias, summed over windows and steps.

    Args:
        inputs: x_t, `[B, T, D_l]`.
        previous_hidden: h_{t−1}, `[B, T, H]`.
        preactivation: derivatives `[B, T, 4H]`.
    """
    kernel = np.einsum("btd,btg->dg", inputs, preactivation, optimize=True)
    recurrent = np.einsum("bth,btg->hg", previous_hidden, preactivation, optimize=True)
    return kernel, recurrent, preactivation.sum(axis=(0, 1))


def read_backward(
    steps: Steps, weights: Weights, done: DirectionPass, outputs: Array
) -> DirectionDerivatives:
    """Derivatives of `network.read`, last step first.

    Args:
        steps: the functions it is made of.
        weights: canonical arrays.
        done: the forward pass of this layer and direction.
        outputs: `[B, T, H]` in the order of reading: derivatives with respect to h_t by every way but
            the next step.
    """
    kernel, recurrent = weights[f"{done.name}.kernel"], weights[f"{done.name}.recurrent"]
    from_next_hidden = np.zeros_like(outputs[:, 0])
    from_next_cell = np.zeros_like(outputs[:, 0])
    by_step = []
    for t in reversed(range(len(done.cells))):
        hidden = outputs[:, t] + from_next_hidden
        at_step = steps.cell_step_backward(done.cells[t], hidden, from_next_cell)
        from_next_hidden = at_step.preactivation @ recurrent.T
        from_next_cell = at_step.previous_cell
        by_step.append((at_step.preactivation @ kernel.T, at_step.preactivation, hidden, at_step.cell))
    by_step.reverse()
    return DirectionDerivatives(*(np.stack(arrays, axis=1) for arrays in zip(*by_step, strict=True)))


def backward(
    steps: Steps,
    config: ForecasterConfig,
    weights: Weights,
    done: ForwardPass,
    output: Array,
    masks: Mapping[int, Array],
) -> tuple[Weights, tuple[LayerDerivatives, ...]]:
    """Gradients of the loss by weight array, and its derivatives inside the layers.

    Args:
        steps: the functions it is made of.
        config: the network.
        weights: canonical arrays.
        done: the forward pass.
        output: derivative with respect to the network's output `[B, Q, K, P]`.
        masks: the masks of the forward pass.
    """
    gradients: Weights = {}
    derivatives: list[LayerDerivatives] = []

    flat = output.reshape(len(output), -1)
    gradients["head.kernel"] = done.head_input.T @ flat
    gradients["head.bias"] = flat.sum(axis=0)
    head_input = steps.drop(flat @ weights["head.kernel"].T, masks.get(config.layers))

    outputs = np.zeros_like(done.outputs)
    final_hidden = head_input
    if done.attention is not None:
        context, final_hidden = steps.split_head_input(head_input)
        kernel = weights.get("attention.kernel")
        attended = steps.attend_backward(done.attention, done.final_hidden, done.outputs, kernel, context)
        outputs = attended.outputs
        final_hidden = final_hidden + attended.final_hidden
        if attended.kernel is not None:
            gradients["attention.kernel"] = attended.kernel

    finals = steps.split_directions(final_hidden, config.directions)
    for layer in reversed(range(config.layers)):
        both = [one for one in done.directions if one.layer == layer]
        below = np.zeros_like(steps.time_order(both[0].inputs, both[0].direction))
        found = []
        by_direction = steps.split_directions(outputs, config.directions)
        for n, one in enumerate(both):
            own_outputs = steps.reading_order(by_direction[n], one.direction)
            if layer == config.layers - 1:
                own_outputs = steps.final_state_backward(own_outputs, finals[n], one.direction)
            back = steps.read_backward(steps, weights, one, own_outputs)
            previous_hidden = np.stack([cell.previous_hidden for cell in one.cells], axis=1)
            for name, gradient in zip(
                ("kernel", "recurrent", "bias"),
                steps.layer_gradients(one.inputs, previous_hidden, back.preactivation),
                strict=True,
            ):
                gradients[f"{one.name}.{name}"] = gradient
            in_time = (
                steps.time_order(array, one.direction)
                for array in (back.preactivation, back.hidden, back.cell)
            )
            found.append(LayerDerivatives(*in_time))
            below = below + steps.time_order(back.inputs, one.direction)
        derivatives = found + derivatives
        outputs = steps.drop(below, masks.get(layer - 1))

    targets = done.output.shape[2]
    features = done.directions[0].inputs.shape[2] // config.patch
    return {name: gradients[name] for name in weight_shapes(config, features, targets)}, tuple(derivatives)
