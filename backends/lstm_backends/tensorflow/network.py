"""The network, with backpropagation through time written out.

docs/specification.md sections 3 and 4. Everything inside is time-major, and both directions of a layer run in
one loop: sequences are `[T, S, B, …]`, direction s in its own reading order. The gradient of a layer is
written by hand: the loop backwards then holds one matrix product a step, the weights' gradients are one
product over all steps after it, and nothing has to be differentiated through a loop, which would take XLA
longer to compile and to run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.parameters import Blocks
from lstm_plugins import ForecasterConfig

Gradient = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


class LayerStates(NamedTuple):
    """One layer over all steps.

    Attributes:
        gates: `[T, S, B, 4H]`, activations in weight order i, f, C̃, o.
        cell: `[T, S, B, H]`, like the others below: C.
        cell_output: tanh(C).
        hidden: h.
    """

    gates: tf.Tensor
    cell: tf.Tensor
    cell_output: tf.Tensor
    hidden: tf.Tensor


class StateDerivatives(NamedTuple):
    """Total derivatives of the loss: `[T, S, B, 4H]` by pre-activation, `[T, S, B, H]` by h and by C."""

    preactivation: tf.Tensor
    hidden: tf.Tensor
    cell: tf.Tensor


class Forward(NamedTuple):
    """A forward pass.

    Attributes:
        inputs: by layer, `[T, S, B, D_l]` in reading order.
        hidden: by layer, `[T, S, B, H]` in reading order.
        attention: `[T, B]`, None without attention.
        head_input: `[B, R]` before dropout.
        output: `[B, Q, K, P]`.
    """

    inputs: tuple[tf.Tensor, ...]
    hidden: tuple[tf.Tensor, ...]
    attention: tf.Tensor | None
    head_input: tf.Tensor
    output: tf.Tensor


def forward(
    config: ForecasterConfig, blocks: Blocks, inputs: tf.Tensor, masks: Mapping[int, tf.Tensor]
) -> Forward:
    """The whole network on windows `[T, B, D]`.

    Args:
        config: the network.
        blocks: its weights.
        inputs: normalised windows.
        masks: dropout factors by layer, batch first as they are drawn; empty for none.
    """
    layer_inputs, layer_hidden = [], []
    below = inputs
    for layer, weights in enumerate(blocks.layers):
        read = tf.stack([below, tf.reverse(below, [0])][: config.directions], axis=1)
        hidden = lstm_layer(read, weights)
        layer_inputs.append(read)
        layer_hidden.append(hidden)
        below = tf.concat(in_time_order(hidden), axis=2)
        if layer in masks and layer < config.layers - 1:
            below *= tf.transpose(masks[layer], [1, 0, 2])
    final_hidden = tf.concat(tf.unstack(hidden[-1]), axis=1)
    attention, head_input = _attend(config, blocks.attention, final_hidden, below)
    kept = head_input * masks[config.layers] if config.layers in masks else head_input
    # The bias as a row of the product also keeps its gradient a product: as a sum, which XLA fused into the
    # padding of a slice, it came out wrong in float64 (TensorFlow 2.21, two directions with attention).
    flat_output = tf.matmul(tf.concat([kept, tf.ones_like(kept[:, :1])], axis=1), blocks.head)
    output = tf.reshape(flat_output, [head_input.shape[0], config.horizon, -1, len(config.output_quantiles)])
    return Forward(tuple(layer_inputs), tuple(layer_hidden), attention, head_input, output)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def lstm_layer(inputs: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, Gradient]:
    """Hidden states `[T, S, B, H]` of one layer, with the gradient written below."""
    states = run_layer(inputs, weights)

    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        width = inputs.shape[3]
        by_gate = _steps_joined(layer_derivatives(states, weights, upstream).preactivation)
        ones = tf.ones_like(inputs[..., :1])
        operand = _steps_joined(tf.concat([inputs, _before(states.hidden), ones], axis=3))
        by_weight = tf.matmul(operand, by_gate, transpose_a=True)
        by_input = tf.matmul(by_gate, weights[:, :width], transpose_b=True)
        apart = tf.reshape(by_input, [inputs.shape[1], inputs.shape[0], inputs.shape[2], width])
        return tf.transpose(apart, [1, 0, 2, 3]), by_weight

    return states.hidden, gradient


def run_layer(inputs: tf.Tensor, weights: tf.Tensor) -> LayerStates:
    """Runs the cell over all steps, from zero states.

    One product a step serves input, state and bias. σ(z) is 1/(1 + e^−z): by way of tanh, which would serve
    all gates at once, a gate that is nearly closed loses its digits, and with them the gradients behind it.
    Both functions of all gates are one loop in the compiled function, where each gate apart would be one.

    Args:
        inputs: `[T, S, B, D]`.
        weights: `[S, D + H + 1, 4H]`.
    """
    steps, directions, batch, _ = inputs.shape
    hidden_units = weights.shape[2] // 4
    is_candidate = np.repeat([False, False, True, False], hidden_units)
    ones = tf.ones([directions, batch, 1], inputs.dtype)
    start = tf.zeros([directions, batch, hidden_units], inputs.dtype)

    def step(time, hidden, cell, arrays):  # type: ignore[no-untyped-def]
        preactivation = tf.matmul(tf.concat([inputs[time], hidden, ones], axis=2), weights)
        opened = 1.0 / (1.0 + tf.exp(-preactivation))
        gates = tf.where(is_candidate, tf.tanh(preactivation), opened)
        entering, forget, candidate, leaving = tf.split(gates, 4, axis=2)
        cell = forget * cell + entering * candidate
        cell_output = tf.tanh(cell)
        hidden = leaving * cell_output
        return time + 1, hidden, cell, _written(arrays, time, (gates, cell, cell_output, hidden))

    arrays = [_array(inputs, width) for width in (4 * hidden_units, hidden_units, hidden_units, hidden_units)]
    *_, arrays = tf.while_loop(lambda time, *_: time < steps, step, (tf.constant(0), start, start, arrays))
    return LayerStates(*(array.stack() for array in arrays))


def layer_derivatives(states: LayerStates, weights: tf.Tensor, upstream: tf.Tensor) -> StateDerivatives:
    """Backpropagation through time of one layer.

    All that does not need the next step's derivative is computed for all steps at once before the loop.

    Args:
        states: of the forward pass.
        weights: `[S, D + H + 1, 4H]`.
        upstream: `[T, S, B, H]`, derivative of the loss by h_t through all but this layer's later steps.
    """
    steps, hidden_units = states.hidden.shape[0], states.hidden.shape[3]
    entering, forget, candidate, leaving = tf.split(states.gates, 4, axis=3)
    cell_output = states.cell_output
    by_entering = candidate * entering * (1.0 - entering)
    by_forget = _before(states.cell) * forget * (1.0 - forget)
    by_candidate = entering * (1.0 - candidate * candidate)
    by_leaving = cell_output * leaving * (1.0 - leaving)
    cell_by_hidden = leaving * (1.0 - cell_output * cell_output)
    recurrent = weights[:, -hidden_units - 1 : -1]
    back = tf.transpose(recurrent, [0, 2, 1])
    start = tf.zeros_like(upstream[0])

    def step(time, hidden_carry, cell_carry, arrays):  # type: ignore[no-untyped-def]
        hidden = upstream[time] + hidden_carry
        cell = cell_carry + hidden * cell_by_hidden[time]
        by_state = (cell * by_entering[time], cell * by_forget[time], cell * by_candidate[time])
        preactivation = tf.concat([*by_state, hidden * by_leaving[time]], axis=2)
        written = _written(arrays, time, (preactivation, hidden, cell))
        return time - 1, tf.matmul(preactivation, back), cell * forget[time], written

    arrays = [_array(upstream, width) for width in (4 * hidden_units, hidden_units, hidden_units)]
    first = (tf.constant(steps - 1), start, start, arrays)
    *_, arrays = tf.while_loop(lambda time, *_: time >= 0, step, first)
    return StateDerivatives(*(array.stack() for array in arrays))


def in_time_order(sequence: tf.Tensor) -> list[tf.Tensor]:
    """`[T, B, …]` in time order for each direction of `[T, S, B, …]` in reading order."""
    forwards, *backwards = tf.unstack(sequence, axis=1)
    return [forwards, *(tf.reverse(backward, [0]) for backward in backwards)]


def _attend(
    config: ForecasterConfig, weights: tuple[tf.Tensor, ...], final_hidden: tf.Tensor, hidden: tf.Tensor
) -> tuple[tf.Tensor | None, tf.Tensor]:
    if config.attention == "none":
        return None, final_hidden
    query = tf.matmul(final_hidden, weights[0]) if config.attention == "general" else final_hidden
    scores = tf.reduce_sum(query * hidden, axis=2) / math.sqrt(config.hidden_width)
    attention = tf.nn.softmax(scores, axis=0)
    context = tf.reduce_sum(attention[:, :, None] * hidden, axis=0)
    return attention, tf.concat([context, final_hidden], axis=1)


def _before(sequence: tf.Tensor) -> tf.Tensor:
    """The state before each step: zeros, then all but the last."""
    return tf.concat([tf.zeros_like(sequence[:1]), sequence[:-1]], axis=0)


def _steps_joined(sequence: tf.Tensor) -> tf.Tensor:
    """`[T, S, B, W]` as `[S, T·B, W]`."""
    _, directions, _, width = sequence.shape
    return tf.reshape(tf.transpose(sequence, [1, 0, 2, 3]), [directions, -1, width])


def _array(like: tf.Tensor, width: int) -> tf.TensorArray:
    steps, directions, batch, _ = like.shape
    return tf.TensorArray(like.dtype, size=steps, element_shape=[directions, batch, width])


def _written(
    arrays: list[tf.TensorArray], time: tf.Tensor, values: tuple[tf.Tensor, ...]
) -> list[tf.TensorArray]:
    return [array.write(time, value) for array, value in zip(arrays, values, strict=True)]
