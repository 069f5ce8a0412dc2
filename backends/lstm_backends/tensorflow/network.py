"""The network over the canonical weights, with backpropagation through time written out.

docs/specification.md sections 3 and 4. Everything inside is time-major, `[T, B, …]`. The gradient of a layer
is written by hand: the loop backwards then holds one matrix product a step, the weights' gradients are one
product over all steps after it, and nothing has to be differentiated through a loop, which would take XLA
several times as long to compile and to run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig
from lstm_plugins.weights import direction_names

Tensors = Mapping[str, tf.Tensor]
Gradient = Callable[[tf.Tensor], tuple[tf.Tensor, ...]]


class LayerStates(NamedTuple):
    """One layer and direction over all steps, in its own reading order.

    Attributes:
        gates: `[T, B, 4H]`, activations in weight order i, f, C̃, o.
        cell: `[T, B, H]`, like the others below: C.
        cell_output: tanh(C).
        hidden: h.
    """

    gates: tf.Tensor
    cell: tf.Tensor
    cell_output: tf.Tensor
    hidden: tf.Tensor


class StateDerivatives(NamedTuple):
    """Total derivatives of the loss: `[T, B, 4H]` by pre-activation, `[T, B, H]` by h and by C."""

    preactivation: tf.Tensor
    hidden: tf.Tensor
    cell: tf.Tensor


class Forward(NamedTuple):
    """A forward pass.

    Attributes:
        inputs: by layer, `[T, B, D_l]`.
        hidden: by layer and direction, `[T, B, H]` in time order.
        attention: `[T, B]`, None without attention.
        readout: `[B, R]` before dropout.
        output: `[B, Q, K, P]`.
    """

    inputs: tuple[tf.Tensor, ...]
    hidden: tuple[tuple[tf.Tensor, ...], ...]
    attention: tf.Tensor | None
    readout: tf.Tensor
    output: tf.Tensor


def run_layer(inputs: tf.Tensor, kernel: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor) -> LayerStates:
    """Runs the cell over all steps, from zero states.

    One product a step serves input, state and bias. One tanh serves all gates, by σ(z) = tanh(z/2)/2 + 1/2:
    taken apart, each gate would be a loop of its own in the compiled function.
    """
    steps, hidden_units = inputs.shape[0], recurrent.shape[0]
    factor, shift = _gate_form(hidden_units, inputs.dtype)
    joined_kernel = tf.concat([kernel, recurrent, bias[None]], axis=0) * factor
    ones = tf.ones_like(inputs[0, :, :1])
    start = tf.matmul(tf.zeros_like(ones), tf.zeros([1, hidden_units], inputs.dtype))

    def step(time, hidden, cell, arrays):  # type: ignore[no-untyped-def]
        gates = tf.tanh(tf.matmul(tf.concat([inputs[time], hidden, ones], axis=1), joined_kernel))
        gates = gates * factor + shift
        entering, forget, candidate, leaving = tf.split(gates, 4, axis=1)
        cell = forget * cell + entering * candidate
        cell_output = tf.tanh(cell)
        hidden = leaving * cell_output
        values = (gates, cell, cell_output, hidden)
        return time + 1, hidden, cell, [a.write(time, v) for a, v in zip(arrays, values, strict=True)]

    widths = (4 * hidden_units, hidden_units, hidden_units, hidden_units)
    arrays = [_array(start, steps, width) for width in widths]
    *_, arrays = tf.while_loop(
        lambda time, *_: time < steps, step, (tf.constant(0), start, start, arrays), maximum_iterations=steps
    )
    return LayerStates(*(array.stack() for array in arrays))


def layer_derivatives(states: LayerStates, recurrent: tf.Tensor, upstream: tf.Tensor) -> StateDerivatives:
    """Backpropagation through time of one layer.

    All that does not need the next step's derivative is computed for all steps at once before the loop.

    Args:
        states: of the forward pass.
        recurrent: `[H, 4H]`.
        upstream: `[T, B, H]`, derivative of the loss by h_t through everything but this layer's later steps.
    """
    steps, hidden_units = states.hidden.shape[0], recurrent.shape[0]
    entering, forget, candidate, leaving = tf.split(states.gates, 4, axis=2)
    cell_output = states.cell_output
    by_entering = candidate * entering * (1.0 - entering)
    by_forget = shifted(states.cell) * forget * (1.0 - forget)
    by_candidate = entering * (1.0 - candidate * candidate)
    by_leaving = cell_output * leaving * (1.0 - leaving)
    cell_by_hidden = leaving * (1.0 - cell_output * cell_output)
    back = tf.transpose(recurrent)
    start = tf.zeros_like(upstream[0])

    def step(time, hidden_carry, cell_carry, arrays):  # type: ignore[no-untyped-def]
        hidden = upstream[time] + hidden_carry
        cell = cell_carry + hidden * cell_by_hidden[time]
        preactivation = tf.concat(
            [
                cell * by_entering[time],
                cell * by_forget[time],
                cell * by_candidate[time],
                hidden * by_leaving[time],
            ],
            axis=1,
        )
        values = (preactivation, hidden, cell)
        arrays = [a.write(time, v) for a, v in zip(arrays, values, strict=True)]
        return time - 1, tf.matmul(preactivation, back), cell * forget[time], arrays

    arrays = [_array(start, steps, width) for width in (4 * hidden_units, hidden_units, hidden_units)]
    *_, arrays = tf.while_loop(
        lambda time, *_: time >= 0,
        step,
        (tf.constant(steps - 1), start, start, arrays),
        maximum_iterations=steps,
    )
    return StateDerivatives(*(array.stack() for array in arrays))


@tf.custom_gradient  # type: ignore[untyped-decorator]
def lstm_layer(
    inputs: tf.Tensor, kernel: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor
) -> tuple[tf.Tensor, Gradient]:
    """Hidden states `[T, B, H]` of one layer and direction, with the gradient written above."""
    states = run_layer(inputs, kernel, recurrent, bias)

    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, ...]:
        by_gate = _flat(layer_derivatives(states, recurrent, upstream).preactivation)
        joined = tf.concat([inputs, shifted(states.hidden), tf.ones_like(inputs[:, :, :1])], axis=2)
        by_weight = tf.matmul(_flat(joined), by_gate, transpose_a=True)
        by_kernel, by_recurrent, by_bias = tf.split(by_weight, [kernel.shape[0], recurrent.shape[0], 1])
        by_input = tf.reshape(tf.matmul(by_gate, kernel, transpose_b=True), tf.shape(inputs))
        return by_input, by_kernel, by_recurrent, by_bias[0]

    return states.hidden, gradient


def forward(
    config: ForecasterConfig, weights: Tensors, inputs: tf.Tensor, masks: Mapping[int, tf.Tensor]
) -> Forward:
    """The whole network on windows `[T, B, D]`.

    Args:
        config: the network.
        weights: canonical.
        inputs: normalised windows.
        masks: dropout factors by layer, batch first as they are drawn; empty for none.
    """
    layer_inputs, layer_hidden = [], []
    below = inputs
    for layer in range(config.layers):
        layer_inputs.append(below)
        directions = []
        for direction in direction_names(config):
            own = layer_weights(weights, layer, direction)
            if direction == "forward":
                directions.append(lstm_layer(below, *own))
            else:
                directions.append(tf.reverse(lstm_layer(tf.reverse(below, [0]), *own), [0]))
        layer_hidden.append(tuple(directions))
        below = tf.concat(directions, axis=2)
        if layer in masks and layer < config.layers - 1:
            below *= tf.transpose(masks[layer], [1, 0, 2])
    last = layer_hidden[-1]
    summary = tf.concat([last[0][-1], *(backward[0] for backward in last[1:])], axis=1)
    attention, readout = _attend(config, weights, summary, below)
    kept = readout * masks[config.layers] if config.layers in masks else readout
    flat_output = tf.matmul(kept, weights["head.kernel"]) + weights["head.bias"]
    output = tf.reshape(flat_output, [readout.shape[0], config.horizon, -1, len(config.levels)])
    return Forward(tuple(layer_inputs), tuple(layer_hidden), attention, readout, output)


def layer_weights(weights: Tensors, layer: int, direction: str) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Kernel, recurrent kernel and bias."""
    prefix = f"layer{layer}.{direction}"
    return weights[f"{prefix}.kernel"], weights[f"{prefix}.recurrent"], weights[f"{prefix}.bias"]


def shifted(sequence: tf.Tensor) -> tf.Tensor:
    """The state before each step: zeros, then all but the last of `[T, B, …]`."""
    return tf.concat([tf.zeros_like(sequence[:1]), sequence[:-1]], axis=0)


def _attend(
    config: ForecasterConfig, weights: Tensors, summary: tf.Tensor, hidden: tf.Tensor
) -> tuple[tf.Tensor | None, tf.Tensor]:
    if config.attention == "none":
        return None, summary
    query = summary if config.attention == "dot" else tf.matmul(summary, weights["attention.kernel"])
    scores = tf.reduce_sum(query * hidden, axis=2) / math.sqrt(config.summary_width)
    attention = tf.nn.softmax(scores, axis=0)
    context = tf.reduce_sum(attention[:, :, None] * hidden, axis=0)
    return attention, tf.concat([context, summary], axis=1)


def _gate_form(hidden_units: int, dtype: tf.DType) -> tuple[np.ndarray, np.ndarray]:
    """By what the columns of i, f, C̃, o are multiplied before and after tanh, and what is added then."""
    factor = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], dtype.as_numpy_dtype), hidden_units)
    return factor, 1.0 - factor


def _array(like: tf.Tensor, steps: int, width: int) -> tf.TensorArray:
    return tf.TensorArray(like.dtype, size=steps, element_shape=[like.shape[0], width])


def _flat(sequence: tf.Tensor) -> tf.Tensor:
    return tf.reshape(sequence, [-1, sequence.shape[2]])
