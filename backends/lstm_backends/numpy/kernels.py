"""One LSTM layer, forward and backward over a batch, written out: docs/specification.md section 3.

Arrays here have the batch last, so that each gate is a contiguous block of rows:

    operand[t]  = [ h_{t−1} ; x_t ; 1 ]                            (H + D + 1, B)
    weights     = rows o, i, f, C̃ by columns h, x, 1               (4H, H + D + 1)
    slab[t]     = [ tanh C_t | o | i | f | C̃ | C_{t−1} ]           (6H, B)

One product per step computes all gates, including the share of the inputs and the bias, because x and 1 are
in the operand before the loop. The sigmoid gates are adjacent, and their rows of the weights are negated
beforehand, so that σ(z) = 1 / (1 + exp(−z)) for all three takes three operations in place. (σ(z) =
½·tanh(z/2) + ½ would need one tanh for all four gates, but it loses the digits of a nearly closed gate and of
its gradients.) In the slab `[i | f]` and `[C̃ | C_{t−1}]` are adjacent, so both summands of C_t are one
multiplication.

Backward, everything that does not depend on later steps is computed for a chunk of steps at once:

    factors[t]  = [ o·(1−tanh²C) | tanh C·o(1−o) | C̃·i(1−i) | C_{t−1}·f(1−f) | i·(1−C̃²) | f ]
    derived[t]  = [ dC           | do            | di        | df              | dC̃       | dC_{t−1} ]

A step is then dh times the first two blocks, plus the carried dC, and dC times the other four. Rows H to 5H
of `derived` are the derivatives of the pre-activations in the row order of the weights. Weight gradients are
one product per chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_plugins import Array, ForecasterConfig

CHUNK_BYTES = 1 << 19
"""Size of factors and derivatives in a chunk, so that they fit into a core's second-level cache."""
SHORTEST_CHUNK, LONGEST_CHUNK = 2, 8


@dataclass(frozen=True)
class StateDerivatives:
    """Derivatives of the loss in one layer and direction, in reading order.

    Attributes:
        preactivation: `[T, 4H, B]`, with respect to the gates o, i, f, C̃ before σ and tanh.
        hidden: `[T, H, B]`, with respect to h.
        cell: `[T, H, B]`, with respect to C.
    """

    preactivation: Array
    hidden: Array
    cell: Array


class LayerPass:
    """Memory of one layer for one batch size, allocated once; `scratch` is None without a backward pass."""

    def __init__(self, config: ForecasterConfig, inputs: int, batch: int, scratch: Scratch | None) -> None:
        self.scratch = scratch
        self.directions = tuple(
            DirectionPass(config, inputs, batch, keep=scratch is not None) for _ in range(config.directions)
        )


class DirectionPass:
    """Memory of one layer and direction, with the views of each step.

    Attributes:
        operand: `[T + 1, H + D + 1, B]` in reading order; the caller fills the rows of x.
        slab: `[T + 1, 6H, B]`, or one slab for all steps without a backward pass.
    """

    def __init__(self, config: ForecasterConfig, inputs: int, batch: int, keep: bool) -> None:
        steps, dtype = config.steps, config.precision
        self.hidden_units = H = config.hidden_units
        self.operand: Array = np.zeros((steps + 1, H + inputs + 1, batch), dtype)
        self.operand[:, -1] = 1.0
        self.slab: Array = np.zeros((steps + 1 if keep else 1, 6 * H, batch), dtype)
        self.products: Array = np.empty((2 * H, batch), dtype)
        self.forward_steps = [self._forward_step(t, keep) for t in range(steps)]

    @property
    def inputs(self) -> Array:
        """x, `[T, D, B]` in reading order, to be filled."""
        return self.operand[:-1, self.hidden_units : -1]

    @property
    def outputs(self) -> Array:
        """h, `[T, H, B]` in reading order."""
        return self.operand[1:, : self.hidden_units]

    def _forward_step(self, t: int, keep: bool) -> _ForwardStep:
        H = self.hidden_units
        slab, following = (self.slab[t], self.slab[t + 1]) if keep else (self.slab[0], self.slab[0])
        return _ForwardStep(
            operand=self.operand[t],
            gates=slab[H : 5 * H],
            sigmoids=slab[H : 4 * H],
            candidate=slab[4 * H : 5 * H],
            i_f=slab[2 * H : 4 * H],
            candidate_cell=slab[4 * H :],
            cell=following[5 * H :],
            cell_output=slab[:H],
            o=slab[H : 2 * H],
            hidden=self.operand[t + 1, :H],
        )


class Scratch:
    """Memory of the backward pass for one chunk, shared by all layers; `chunks` are ranges of steps."""

    def __init__(self, config: ForecasterConfig, most_inputs: int, batch: int) -> None:
        steps, dtype, H = config.steps, config.precision, config.hidden_units
        step_bytes = 12 * H * batch * np.dtype(dtype).itemsize
        longest = max(SHORTEST_CHUNK, min(LONGEST_CHUNK, CHUNK_BYTES // step_bytes))
        ends = np.linspace(0, steps, -(-steps // longest) + 1).astype(int)
        self.chunks = list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
        longest = int(np.diff(ends).max())
        self.hidden_units, self.batch = H, batch
        self.factors: Array = np.empty((longest, 6 * H, batch), dtype)
        self.derived: Array = np.empty((longest, 6 * H, batch), dtype)
        self.complements: Array = np.empty((longest, 3 * H, batch), dtype)
        self.hidden: Array = np.empty((H, batch), dtype)
        self.no_cell: Array = np.zeros((H, batch), dtype)
        self.flat_gates: Array = np.empty(4 * H * longest * batch, dtype)
        self.flat_operand: Array = np.empty((H + most_inputs + 1) * longest * batch, dtype)
        self.steps = [
            _BackwardStep(
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


@dataclass(frozen=True)
class _ForwardStep:
    """Views that one step forward reads and writes."""

    operand: Array
    gates: Array
    sigmoids: Array
    candidate: Array
    i_f: Array
    candidate_cell: Array
    cell: Array
    cell_output: Array
    o: Array
    hidden: Array


@dataclass(frozen=True)
class _BackwardStep:
    """Views that one step backward reads and writes: blocks of factors and derivatives."""

    by_hidden_factors: Array
    by_hidden: Array
    cell: Array
    by_cell_factors: Array
    by_cell: Array
    gates: Array
    previous_cell: Array


def in_time_order(sequence: Array, direction: int) -> Array:
    """`[T, …]` from reading order into time order, or back: reversed for direction 1, backward."""
    return sequence[::-1] if direction else sequence


def layer_forward(weights: tuple[Array, ...], inputs: LayerPass) -> LayerPass:
    """Runs all steps of one layer from zero states, with x in its memory, and writes h to its `outputs`.

    Weights are `[4H, H + D + 1]` for each direction, with sigmoid rows negated.
    """
    dot, exp, tanh, multiply, add, divide = np.dot, np.exp, np.tanh, np.multiply, np.add, np.divide
    for one, block in zip(inputs.directions, weights, strict=True):
        H, products = one.hidden_units, one.products
        by_i, by_f = products[:H], products[H:]
        unit = np.array(1.0, block.dtype)
        # A single slab still contains the last window's cell state; h_0 is never written to.
        one.slab[0, 5 * H :] = 0.0
        for step in one.forward_steps:
            dot(block, step.operand, step.gates)
            exp(step.sigmoids, step.sigmoids)
            add(step.sigmoids, unit, step.sigmoids)
            divide(unit, step.sigmoids, step.sigmoids)
            tanh(step.candidate, step.candidate)
            multiply(step.i_f, step.candidate_cell, products)
            add(by_i, by_f, step.cell)
            tanh(step.cell, step.cell_output)
            multiply(step.cell_output, step.o, step.hidden)
    return inputs


def layer_backward(
    weights: tuple[Array, ...],
    done: LayerPass,
    outputs: Array | None,
    final: Array | None,
    gradients: tuple[Array, ...],
    lowest: bool,
    derivatives: list[StateDerivatives] | None = None,
) -> Array | None:
    """Backpropagation through all steps of one layer.

    Args:
        weights: `[4H, H + D + 1]` for each direction, without negation.
        done: the result of `layer_forward`.
        outputs: `[T, S·H, B]` in time order, derivatives with respect to the outputs; None for zeros.
        final: `[S·H, B]`, further derivatives with respect to the final hidden state; None for zeros.
        gradients: receives the contiguous gradient `[4H, H + D + 1]` of each direction.
        lowest: True for the lowest layer, whose inputs need no derivatives.
        derivatives: receives the derivatives inside each direction, unless None.

    Returns:
        `[T, D, B]` in time order, derivatives with respect to the inputs; None for the lowest layer.
    """
    assert done.scratch is not None  # noqa: S101
    below: Array | None = None
    for n, one in enumerate(done.directions):
        rows = slice(n * one.hidden_units, (n + 1) * one.hidden_units)
        inputs = None if lowest else np.empty_like(one.inputs)
        states: StateDerivatives | None = None
        if derivatives is not None:
            states = StateDerivatives(
                *(np.empty_like(one.slab[1:, : width * one.hidden_units]) for width in (4, 1, 1))
            )
            derivatives.append(states)
        _direction_backward(
            weights[n],
            one,
            done.scratch,
            None if outputs is None else in_time_order(outputs[:, rows], n),
            None if final is None else final[rows],
            gradients[n],
            inputs,
            states,
        )
        if inputs is not None:
            below = inputs if below is None else below + in_time_order(inputs, n)
    return below


def _direction_backward(
    weights: Array,
    done: DirectionPass,
    scratch: Scratch,
    outputs: Array | None,
    final: Array | None,
    gradient: Array,
    inputs: Array | None,
    states: StateDerivatives | None,
) -> None:
    """One direction of `layer_backward`, in reading order; fills `gradient` and `inputs`."""
    dot, multiply, add = np.dot, np.multiply, np.add
    H = done.hidden_units
    recurrent = np.ascontiguousarray(weights[:, :H].T)
    hidden, carried = scratch.hidden, scratch.no_cell
    hidden[...] = 0.0 if final is None else final
    for first, end in reversed(scratch.chunks):
        _factors(done.slab[first:end], scratch)
        for t in reversed(range(first, end)):
            step = scratch.steps[t - first]
            if outputs is not None:
                add(hidden, outputs[t], hidden)
            if states is not None:
                states.hidden[t] = hidden
            multiply(hidden, step.by_hidden_factors, step.by_hidden)
            add(step.cell, carried, step.cell)
            multiply(step.cell, step.by_cell_factors, step.by_cell)
            carried = step.previous_cell
            if t:
                dot(recurrent, step.gates, hidden)
        if states is not None:
            states.cell[first:end] = scratch.derived[: end - first, :H]
            states.preactivation[first:end] = scratch.derived[: end - first, H : 5 * H]
        _chunk_gradients(weights, done, scratch, first, end, gradient, inputs)


def _factors(slab: Array, scratch: Scratch) -> None:
    """The part of every derivative that does not depend on later steps, for a chunk of steps."""
    H, length = scratch.hidden_units, len(slab)
    factors, complements = scratch.factors[:length], scratch.complements[:length]
    one = np.array(1.0, slab.dtype)
    cell_output, o, i = slab[:, :H], slab[:, H : 2 * H], slab[:, 2 * H : 3 * H]
    f, candidate = slab[:, 3 * H : 4 * H], slab[:, 4 * H : 5 * H]
    # σ(1 − σ) of o, i, f at once, then times tanh C, C̃ and C_{t−1}.
    np.subtract(one, slab[:, H : 4 * H], complements)
    np.multiply(complements, slab[:, H : 4 * H], complements)
    np.multiply(complements[:, :H], cell_output, factors[:, H : 2 * H])
    np.multiply(complements[:, H:], slab[:, 4 * H :], factors[:, 2 * H : 4 * H])
    for tanh, gate, place in ((cell_output, o, slice(0, H)), (candidate, i, slice(4 * H, 5 * H))):
        np.multiply(tanh, tanh, factors[:, place])
        np.subtract(one, factors[:, place], factors[:, place])
        np.multiply(factors[:, place], gate, factors[:, place])
    factors[:, 5 * H :] = f


def _chunk_gradients(
    weights: Array,
    done: DirectionPass,
    scratch: Scratch,
    first: int,
    end: int,
    gradient: Array,
    inputs: Array | None,
) -> None:
    """Adds a chunk's share of the weight gradients, as one product of all its steps."""
    H, B, length = scratch.hidden_units, scratch.batch, end - first
    rows = done.operand.shape[1]
    gates = scratch.flat_gates[: 4 * H * length * B].reshape(4 * H, length, B)
    operand = scratch.flat_operand[: rows * length * B].reshape(rows, length, B)
    np.copyto(gates, scratch.derived[:length, H : 5 * H].transpose(1, 0, 2))
    np.copyto(operand, done.operand[first:end].transpose(1, 0, 2))
    side_by_side = gates.reshape(4 * H, length * B)
    if end == len(done.forward_steps):
        np.dot(side_by_side, operand.reshape(rows, length * B).T, gradient)
    else:
        gradient += np.dot(side_by_side, operand.reshape(rows, length * B).T)
    if inputs is not None:
        below = np.dot(weights[:, H:-1].T, side_by_side)
        np.copyto(inputs[first:end], below.reshape(-1, length, B).transpose(1, 0, 2))
