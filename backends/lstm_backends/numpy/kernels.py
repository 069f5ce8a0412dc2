"""The fast path of one LSTM layer in one direction: forward and backward over a batch, feature-major.

Arrays here have the batch last, so that each gate is a contiguous block of rows:

    operand[t]  = [ h_{t−1} ; x_t ; 1 ]                            (H + D + 1, B)
    weights     = rows o, i, f, C̃ by columns h, x, 1               (4H, H + D + 1)
    slab[t]     = [ tanh C_t | o | i | f | C̃ | C_{t−1} ]           (6H, B)

One product per step gives all gates, with the input's share and the bias in it, since x and 1 stand in the
operand before the loop. The sigmoid gates lie together, and their rows of the weights are negated
beforehand: σ(z) = 1 / (1 + exp(−z)) for all three is three operations in place. (σ(z) = ½·tanh(z/2) + ½ would
be one tanh for all four gates, but loses the digits of a nearly closed gate, and with them its gradients'.)
In the slab `[i | f]` and `[C̃ | C_{t−1}]` lie side by side: both summands of C_t are one multiplication.

Backward, everything that does not depend on later steps is computed for a chunk of steps at once:

    factors[t]  = [ o·(1−tanh²C) | tanh C·o(1−o) | C̃·i(1−i) | C_{t−1}·f(1−f) | i·(1−C̃²) | f ]
    derived[t]  = [ dC           | do            | di        | df              | dC̃       | dC_{t−1} ]

A step is then dh times the first two blocks, the carried dC added, and dC times the other four. Rows H to
5H of `derived` are the derivatives of the pre-activations in the row order of the weights. Weight gradients
are one product per chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_plugins import Array

CHUNK_BYTES = 1 << 19
"""Of factors and derivatives in a chunk, so that they stay in a core's second-level cache."""
SHORTEST_CHUNK, LONGEST_CHUNK = 2, 8


@dataclass(frozen=True)
class ForwardStep:
    """Views that one step forward reads and writes."""

    operand: Array
    gates: Array
    sigmoids: Array
    candidate: Array
    input_forget: Array
    candidate_cell: Array
    cell: Array
    squashed: Array
    output: Array
    hidden: Array


class LayerBuffers:
    """Memory of one layer and direction for one batch size, allocated once, with the views of each step.

    Attributes:
        operand: `[T + 1, H + D + 1, B]` in the order of reading; the caller fills the rows of x.
        slab: `[T + 1, 6H, B]`, or one slab for all steps where nothing is kept for a backward pass.
    """

    def __init__(self, steps: int, hidden: int, inputs: int, batch: int, dtype: str, keep: bool) -> None:
        self.hidden_units = hidden
        self.operand: Array = np.zeros((steps + 1, hidden + inputs + 1, batch), dtype)
        self.operand[:, -1] = 1.0
        self.slab: Array = np.zeros((steps + 1 if keep else 1, 6 * hidden, batch), dtype)
        self.products: Array = np.empty((2 * hidden, batch), dtype)
        self.forward_steps = [self._forward_step(t, keep) for t in range(steps)]

    @property
    def inputs(self) -> Array:
        """x, `[T, D, B]` in the order of reading, to be filled."""
        return self.operand[:-1, self.hidden_units : -1]

    @property
    def outputs(self) -> Array:
        """h, `[T, H, B]` in the order of reading."""
        return self.operand[1:, : self.hidden_units]

    def _forward_step(self, t: int, keep: bool) -> ForwardStep:
        H = self.hidden_units
        slab, following = (self.slab[t], self.slab[t + 1]) if keep else (self.slab[0], self.slab[0])
        return ForwardStep(
            operand=self.operand[t],
            gates=slab[H : 5 * H],
            sigmoids=slab[H : 4 * H],
            candidate=slab[4 * H : 5 * H],
            input_forget=slab[2 * H : 4 * H],
            candidate_cell=slab[4 * H :],
            cell=following[5 * H :],
            squashed=slab[:H],
            output=slab[H : 2 * H],
            hidden=self.operand[t + 1, :H],
        )


def read_forward(buffers: LayerBuffers, weights: Array) -> None:
    """All steps of one layer and direction; h ends up in `buffers.outputs`.

    Args:
        buffers: with x filled in.
        weights: `[4H, H + D + 1]`, sigmoid rows negated.
    """
    dot, exp, tanh, multiply, add, divide = np.dot, np.exp, np.tanh, np.multiply, np.add, np.divide
    H, products = buffers.hidden_units, buffers.products
    from_input, from_forget = products[:H], products[H:]
    one = np.array(1.0, weights.dtype)
    # One slab for all steps still holds the last window's cell state; h_0 is never written to.
    buffers.slab[0, 5 * H :] = 0.0
    for step in buffers.forward_steps:
        dot(weights, step.operand, step.gates)
        exp(step.sigmoids, step.sigmoids)
        add(step.sigmoids, one, step.sigmoids)
        divide(one, step.sigmoids, step.sigmoids)
        tanh(step.candidate, step.candidate)
        multiply(step.input_forget, step.candidate_cell, products)
        add(from_input, from_forget, step.cell)
        tanh(step.cell, step.squashed)
        multiply(step.squashed, step.output, step.hidden)


@dataclass(frozen=True)
class BackwardStep:
    """Views that one step backward reads and writes: blocks of factors and derivatives."""

    by_hidden_factors: Array
    by_hidden: Array
    cell: Array
    by_cell_factors: Array
    by_cell: Array
    gates: Array
    previous_cell: Array


class BackwardBuffers:
    """Chunk-sized memory of the backward pass, shared by all layers of a network.

    Attributes:
        chunks: first and last + 1 step of each chunk, in time order.
    """

    def __init__(self, steps: int, hidden: int, most_inputs: int, batch: int, dtype: str) -> None:
        H = hidden
        step_bytes = 12 * H * batch * np.dtype(dtype).itemsize
        longest = max(SHORTEST_CHUNK, min(LONGEST_CHUNK, CHUNK_BYTES // step_bytes))
        ends = np.linspace(0, steps, -(-steps // longest) + 1).astype(int)
        self.chunks = list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
        longest = int(np.diff(ends).max())
        self.hidden_units, self.batch = hidden, batch
        self.factors: Array = np.empty((longest, 6 * H, batch), dtype)
        self.derived: Array = np.empty((longest, 6 * H, batch), dtype)
        self.complements: Array = np.empty((longest, 3 * H, batch), dtype)
        self.hidden: Array = np.empty((H, batch), dtype)
        self.no_cell: Array = np.zeros((H, batch), dtype)
        self.flat_gates: Array = np.empty(4 * H * longest * batch, dtype)
        self.flat_operand: Array = np.empty((H + most_inputs + 1) * longest * batch, dtype)
        self.steps = [
            BackwardStep(
                by_hidden_factors=factors[: 2 * H].reshape(2, H, batch),
                by_hidden=derived[: 2 * H].reshape(2, H, batch),
                cell=derived[:H],
                by_cell_factors=factors[2 * H :].reshape(4, H, batch),
                by_cell=derived[2 * H :].reshape(4, H, batch),
                gates=derived[H : 5 * H],
                previous_cell=derived[5 * H :],
            )
            for factors, derived in zip(self.factors, self.derived, strict=True)
        ]


def read_backward(
    buffers: LayerBuffers,
    backward: BackwardBuffers,
    weights: Array,
    final: Array,
    outputs: Array | None,
    gradient: Array,
    inputs: Array | None,
) -> None:
    """Backpropagation through all steps of one layer and direction.

    Args:
        buffers: after `read_forward`.
        backward: scratch memory.
        weights: `[4H, H + D + 1]`, as they are.
        final: `[H, B]`, derivative of the loss with respect to h_T by every way but `outputs`.
        outputs: `[T, H, B]` in the order of reading, derivatives with respect to every h_t from above; None
            for zeros.
        gradient: `[4H, H + D + 1]`, contiguous; is overwritten.
        inputs: `[T, D, B]` in the order of reading, gets the derivatives with respect to x; None to leave
            them out.
    """
    dot, multiply, add = np.dot, np.multiply, np.add
    H = backward.hidden_units
    recurrent = np.ascontiguousarray(weights[:, :H].T)
    hidden, carried = backward.hidden, backward.no_cell
    hidden[...] = final
    for first, end in reversed(backward.chunks):
        _factors(buffers.slab[first:end], backward)
        for t in reversed(range(first, end)):
            step = backward.steps[t - first]
            if outputs is not None:
                add(hidden, outputs[t], hidden)
            multiply(hidden, step.by_hidden_factors, step.by_hidden)
            add(step.cell, carried, step.cell)
            multiply(step.cell, step.by_cell_factors, step.by_cell)
            carried = step.previous_cell
            if t:
                dot(recurrent, step.gates, hidden)
        _chunk_gradients(buffers, backward, weights, first, end, gradient, inputs)


def _factors(slab: Array, backward: BackwardBuffers) -> None:
    """The part of every derivative that does not depend on later steps, for a chunk of steps."""
    H, length = backward.hidden_units, len(slab)
    factors, complements = backward.factors[:length], backward.complements[:length]
    one = np.array(1.0, slab.dtype)
    squashed, output, given = slab[:, :H], slab[:, H : 2 * H], slab[:, 2 * H : 3 * H]
    forget, candidate = slab[:, 3 * H : 4 * H], slab[:, 4 * H : 5 * H]
    # σ(1 − σ) of o, i, f at once, then times tanh C, C̃ and C_{t−1}.
    np.subtract(one, slab[:, H : 4 * H], complements)
    np.multiply(complements, slab[:, H : 4 * H], complements)
    np.multiply(complements[:, :H], squashed, factors[:, H : 2 * H])
    np.multiply(complements[:, H:], slab[:, 4 * H :], factors[:, 2 * H : 4 * H])
    for tanh, gate, place in ((squashed, output, slice(0, H)), (candidate, given, slice(4 * H, 5 * H))):
        np.multiply(tanh, tanh, factors[:, place])
        np.subtract(one, factors[:, place], factors[:, place])
        np.multiply(factors[:, place], gate, factors[:, place])
    factors[:, 5 * H :] = forget


def _chunk_gradients(
    buffers: LayerBuffers,
    backward: BackwardBuffers,
    weights: Array,
    first: int,
    end: int,
    gradient: Array,
    inputs: Array | None,
) -> None:
    """Adds a chunk's share of the weight gradients, its steps laid side by side for one product."""
    H, B, length = backward.hidden_units, backward.batch, end - first
    rows = buffers.operand.shape[1]
    gates = backward.flat_gates[: 4 * H * length * B].reshape(4 * H, length, B)
    operand = backward.flat_operand[: rows * length * B].reshape(rows, length, B)
    np.copyto(gates, backward.derived[:length, H : 5 * H].transpose(1, 0, 2))
    np.copyto(operand, buffers.operand[first:end].transpose(1, 0, 2))
    side_by_side = gates.reshape(4 * H, length * B)
    if end == len(buffers.forward_steps):
        np.dot(side_by_side, operand.reshape(rows, length * B).T, gradient)
    else:
        gradient += np.dot(side_by_side, operand.reshape(rows, length * B).T)
    if inputs is not None:
        below = np.dot(weights[:, H:-1].T, side_by_side)
        np.copyto(inputs[first:end], below.reshape(-1, length, B).transpose(1, 0, 2))
