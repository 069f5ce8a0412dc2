"""One step of the LSTM and its derivative: docs/specification.md section 3.

Sources: Hochreiter and Schmidhuber, "Long short-term memory", 1997; Gers et al., "Learning to forget", 2000.
"""

from dataclasses import dataclass

import numpy as np

from lstm_plugins.weights import Array


@dataclass(frozen=True)
class Gate:
    """The weights of one gate: kernel `[D, H]`, recurrent kernel `[H, H]`, bias `[H]`."""

    kernel: Array
    recurrent: Array
    bias: Array

    def preactivation(self, inputs: Array, hidden: Array) -> Array:
        """W·[h_{t−1}, x_t] + b, `[B, H]`."""
        return inputs @ self.kernel + hidden @ self.recurrent + self.bias


@dataclass(frozen=True)
class Gates:
    """The weights of one layer and direction by gate, in canonical order."""

    input: Gate
    forget: Gate
    candidate: Gate
    output: Gate


@dataclass(frozen=True)
class CellStep:
    """All values of one step, `[B, H]` each."""

    previous_hidden: Array
    previous_cell: Array
    forget: Array
    input: Array
    candidate: Array
    cell: Array
    output: Array
    hidden: Array


@dataclass(frozen=True)
class CellDerivatives:
    """Derivatives of the loss at one step.

    Attributes:
        preactivation: `[B, 4H]`, with respect to the gates before σ and tanh, in canonical order.
        cell: `[B, H]`, with respect to C_t.
        previous_cell: `[B, H]`, with respect to C_{t−1}, through this step only.
    """

    preactivation: Array
    cell: Array
    previous_cell: Array


def split_gates(kernel: Array, recurrent: Array, bias: Array) -> Gates:
    """The canonical arrays split into their four column blocks i, f, C̃, o."""
    kernels, recurrents = np.split(kernel, 4, axis=1), np.split(recurrent, 4, axis=1)
    return Gates(*(Gate(*arrays) for arrays in zip(kernels, recurrents, np.split(bias, 4), strict=True)))


def logistic(x: Array) -> Array:
    """σ(x) = 1 / (1 + exp(−x)), written so that exp never overflows."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def cell_step(gates: Gates, inputs: Array, hidden: Array, cell: Array) -> CellStep:
    """The six equations, from x_t `[B, D]`, h_{t−1} `[B, H]` and C_{t−1} `[B, H]`."""
    f = logistic(gates.forget.preactivation(inputs, hidden))
    i = logistic(gates.input.preactivation(inputs, hidden))
    candidate = np.tanh(gates.candidate.preactivation(inputs, hidden))
    next_cell = f * cell + i * candidate
    o = logistic(gates.output.preactivation(inputs, hidden))
    next_hidden = o * np.tanh(next_cell)
    return CellStep(hidden, cell, f, i, candidate, next_cell, o, next_hidden)


def cell_step_backward(step: CellStep, hidden: Array, cell: Array) -> CellDerivatives:
    """The derivatives of the six equations, in reverse order.

    Args:
        step: the result of `cell_step`.
        hidden: derivative of the loss with respect to h_t, `[B, H]`.
        cell: derivative with respect to C_t through the next step, `[B, H]`.
    """
    squashed = np.tanh(step.cell)
    output = hidden * squashed
    cell = cell + hidden * step.output * (1.0 - squashed**2)
    forget = cell * step.previous_cell
    input = cell * step.candidate  # noqa: A001
    candidate = cell * step.input
    preactivation = [
        input * step.input * (1.0 - step.input),
        forget * step.forget * (1.0 - step.forget),
        candidate * (1.0 - step.candidate**2),
        output * step.output * (1.0 - step.output),
    ]
    return CellDerivatives(np.concatenate(preactivation, axis=1), cell, cell * step.forget)
