"""One LSTM layer, forward and backward over a batch, written out: docs/specification.md section 3.

Both directions of a layer run in one loop: sequences are `[T, S, B, …]`, each direction in its own reading
order. The gradient is written by hand: the backward loop then has one matrix product per step, the weights'
gradients are one product over all steps after it, and no loop is differentiated automatically, which would
take XLA longer to compile and to run.
"""

from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf


class LayerPass(NamedTuple):
    """One layer after its forward pass.

    Attributes:
        inputs: `[T, S, B, D]`.
        gates: `[T, S, B, 4H]`, i, f, C̃, o.
        cell: `[T, S, B, H]`, C.
        cell_output: `[T, S, B, H]`, tanh(C).
        hidden: `[T, S, B, H]`, h.
    """

    inputs: tf.Tensor
    gates: tf.Tensor
    cell: tf.Tensor
    cell_output: tf.Tensor
    hidden: tf.Tensor


class StateDerivatives(NamedTuple):
    """Derivatives of the loss in one layer, in reading order.

    Attributes:
        preactivation: `[T, S, B, 4H]`, with respect to the gates i, f, C̃, o before σ and tanh.
        hidden: `[T, S, B, H]`, with respect to h.
        cell: `[T, S, B, H]`, with respect to C.
    """

    preactivation: tf.Tensor
    hidden: tf.Tensor
    cell: tf.Tensor


def in_time_order(sequence: tf.Tensor) -> list[tf.Tensor]:
    """`[T, B, …]` in time order for each direction of `[T, S, B, …]` in reading order."""
    forwards, *backwards = tf.unstack(sequence, axis=1)
    return [forwards, *(tf.reverse(backward, [0]) for backward in backwards)]


def layer_forward(weights: tf.Tensor, inputs: tf.Tensor) -> LayerPass:
    """Runs all steps of one layer, with weights `[S, D + H + 1, 4H]`, over inputs `[T, B, D]` in time order.

    States start at zero. One product per step covers input, state and bias. σ(z) is 1/(1 + e^−z), because
    with tanh a nearly closed gate and its gradients lose their digits. Both functions of all gates are one
    loop in the compiled function, where separate gates would be several.
    """
    directions, hidden_units = weights.shape[0], weights.shape[2] // 4
    read = tf.stack([inputs, tf.reverse(inputs, [0])][:directions], axis=1)
    steps, _, batch, _ = read.shape
    is_candidate = np.repeat([False, False, True, False], hidden_units)
    ones = tf.ones([directions, batch, 1], inputs.dtype)
    start = tf.zeros([directions, batch, hidden_units], inputs.dtype)

    def step(time, hidden, cell, arrays):  # type: ignore[no-untyped-def]
        preactivation = tf.matmul(tf.concat([read[time], hidden, ones], axis=2), weights)
        opened = 1.0 / (1.0 + tf.exp(-preactivation))
        gates = tf.where(is_candidate, tf.tanh(preactivation), opened)
        i, f, candidate, o = tf.split(gates, 4, axis=2)
        cell = f * cell + i * candidate
        cell_output = tf.tanh(cell)
        hidden = o * cell_output
        return time + 1, hidden, cell, _written(arrays, time, (gates, cell, cell_output, hidden))

    arrays = [_array(read, width * hidden_units) for width in (4, 1, 1, 1)]
    *_, arrays = tf.while_loop(lambda time, *_: time < steps, step, (tf.constant(0), start, start, arrays))
    return LayerPass(read, *(array.stack() for array in arrays))


def layer_backward(
    weights: tf.Tensor,
    done: LayerPass,
    outputs: tf.Tensor | None,
    final: tf.Tensor | None,
    gradients: list[tf.Tensor],
    lowest: bool,
    derivatives: list[StateDerivatives] | None = None,
) -> tf.Tensor | None:
    """Backpropagation through all steps of one layer.

    Args:
        weights: `[S, D + H + 1, 4H]`.
        done: the result of `layer_forward`.
        outputs: `[T, B, S·H]` in time order, derivatives with respect to the outputs; None for zeros.
        final: `[B, S·H]`, further derivatives with respect to the final hidden state; None for zeros.
        gradients: receives the gradient `[S, D + H + 1, 4H]`.
        lowest: True for the lowest layer, whose inputs need no derivatives.
        derivatives: receives the derivatives inside the layer, unless None.

    Returns:
        `[T, B, D]` in time order, derivatives with respect to the inputs; None for the lowest layer.
    """
    steps, directions, batch, width = done.inputs.shape
    states = _state_derivatives(weights, done, _in_reading_order(done, outputs, final))
    if derivatives is not None:
        derivatives.append(states)
    by_gate = _steps_joined(states.preactivation)
    ones = tf.ones_like(done.inputs[..., :1])
    operand = _steps_joined(tf.concat([done.inputs, _before(done.hidden), ones], axis=3))
    gradients.append(tf.matmul(operand, by_gate, transpose_a=True))
    if lowest:
        return None
    by_input = tf.matmul(by_gate, weights[:, :width], transpose_b=True)
    apart = tf.reshape(by_input, [directions, steps, batch, width])
    return tf.add_n(in_time_order(tf.transpose(apart, [1, 0, 2, 3])))


def _in_reading_order(done: LayerPass, outputs: tf.Tensor | None, final: tf.Tensor | None) -> tf.Tensor:
    """Derivatives `[T, S, B, H]` with respect to h_t, except through later steps of this layer."""
    steps, directions = done.hidden.shape[:2]
    parts = []
    if outputs is not None:
        forwards, *backwards = tf.split(outputs, directions, axis=2)
        parts.append(tf.stack([forwards, *(tf.reverse(one, [0]) for one in backwards)], axis=1))
    if final is not None:
        at_end = tf.stack(tf.split(final, directions, axis=1))
        parts.append(tf.pad(at_end[None], [[steps - 1, 0], [0, 0], [0, 0], [0, 0]]))
    return tf.add_n(parts)


def _state_derivatives(weights: tf.Tensor, done: LayerPass, outputs: tf.Tensor) -> StateDerivatives:
    """Backpropagation through time, from derivatives `[T, S, B, H]` of h_t except through the next step.

    Everything that does not depend on the next step's derivative is computed before the loop, for all steps.
    """
    steps, hidden_units = done.hidden.shape[0], done.hidden.shape[3]
    i, f, candidate, o = tf.split(done.gates, 4, axis=3)
    by_i = candidate * i * (1.0 - i)
    by_f = _before(done.cell) * f * (1.0 - f)
    by_candidate = i * (1.0 - candidate * candidate)
    by_o = done.cell_output * o * (1.0 - o)
    cell_by_hidden = o * (1.0 - done.cell_output * done.cell_output)
    back = tf.transpose(weights[:, -hidden_units - 1 : -1], [0, 2, 1])
    start = tf.zeros_like(outputs[0])

    def step(time, hidden_carry, cell_carry, arrays):  # type: ignore[no-untyped-def]
        hidden = outputs[time] + hidden_carry
        cell = cell_carry + hidden * cell_by_hidden[time]
        by_state = (cell * by_i[time], cell * by_f[time], cell * by_candidate[time])
        preactivation = tf.concat([*by_state, hidden * by_o[time]], axis=2)
        written = _written(arrays, time, (preactivation, hidden, cell))
        return time - 1, tf.matmul(preactivation, back), cell * f[time], written

    arrays = [_array(outputs, width * hidden_units) for width in (4, 1, 1)]
    first = (tf.constant(steps - 1), start, start, arrays)
    *_, arrays = tf.while_loop(lambda time, *_: time >= 0, step, first)
    return StateDerivatives(*(array.stack() for array in arrays))


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
