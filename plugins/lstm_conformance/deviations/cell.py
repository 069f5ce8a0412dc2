"""Inside one step of the LSTM: other functions in forward, other or missing terms in backward."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.conditions import in_float64, several_steps
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, variants_of
from lstm_plugins.reference.cell import CellDerivatives, CellStep, Gate, Gates, logistic
from lstm_plugins.weights import Array


@dataclass(frozen=True)
class Squash:
    """A nonlinearity and its slope as a function of its value."""

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]


def _hard(slope: float) -> Squash:
    def value(x: Array) -> Array:
        squashed: Array = np.clip(slope * x + 0.5, 0.0, 1.0)
        return squashed

    return Squash(value, lambda y: np.where((y > 0.0) & (y < 1.0), y.dtype.type(slope), y.dtype.type(0)))


SIGMOID = Squash(logistic, lambda y: y * (1.0 - y))
TANH = Squash(np.tanh, lambda y: 1.0 - y**2)
IDENTITY = Squash(lambda x: x, np.ones_like)
HARD_TANH = Squash(lambda x: np.clip(x, -1.0, 1.0), lambda y: (np.abs(y) < 1.0).astype(y.dtype))
SOFTSIGN = Squash(lambda x: x / (1.0 + np.abs(x)), lambda y: (1.0 - np.abs(y)) ** 2)
OPEN = Squash(np.ones_like, np.zeros_like)
"""A gate that lets all through."""
RELU = Squash(lambda x: np.maximum(x, 0.0), lambda y: (y > 0).astype(y.dtype))


@dataclass(frozen=True)
class CellVariant:
    """The step of the LSTM; each field is something that real ports get wrong in it.

    Attributes:
        forget: of f.
        input: of i.
        output: of o.
        candidate: of C̃.
        hidden: of C on its way to h.
        coupled: "i" for i = 1 − f, "f" for f = 1 − i, "" for neither.
        kept: factor of C_{t−1}.
        previous_in_hidden: h is computed from C_{t−1}.
        to_cell: factor of the derivative from h to C.
        carry: derivative of C_{t−1}, from that of C_t and from f.
        swapped: the derivatives of i and f have each other's factor.
        to_output: the factor in the derivative of o, from C; None for the squashed C.
    """

    forget: Squash = SIGMOID
    input: Squash = SIGMOID
    output: Squash = SIGMOID
    candidate: Squash = TANH
    hidden: Squash = TANH
    coupled: str = ""
    kept: float = 1.0
    previous_in_hidden: bool = False
    to_cell: float = 1.0
    carry: Callable[[Array, Array], Array] = np.multiply
    swapped: bool = False
    to_output: Callable[[Array], Array] | None = None

    def step(self, gates: Gates, inputs: Array, hidden: Array, cell: Array) -> CellStep:
        """See `reference.cell.cell_step`."""
        cell = self.kept * cell
        f = self.forget.value(gates.forget.preactivation(inputs, hidden))
        i = 1.0 - f if self.coupled == "i" else self.input.value(gates.input.preactivation(inputs, hidden))
        f = 1.0 - i if self.coupled == "f" else f
        candidate = self.candidate.value(gates.candidate.preactivation(inputs, hidden))
        next_cell = f * cell + i * candidate
        o = self.output.value(gates.output.preactivation(inputs, hidden))
        next_hidden = o * self.hidden.value(cell if self.previous_in_hidden else next_cell)
        return CellStep(hidden, cell, f, i, candidate, next_cell, o, next_hidden)

    def backward(self, step: CellStep, hidden: Array, cell: Array) -> CellDerivatives:
        """See `reference.cell.cell_step_backward`."""
        seen = step.previous_cell if self.previous_in_hidden else step.cell
        squashed = self.hidden.value(seen)
        output = hidden * (squashed if self.to_output is None else self.to_output(seen))
        through = self.to_cell * hidden * step.output * self.hidden.slope(squashed)
        if not self.previous_in_hidden:
            cell = cell + through
        forget, input_ = cell * step.previous_cell, cell * step.candidate
        if self.coupled == "i":
            forget, input_ = forget - input_, np.zeros_like(input_)
        if self.coupled == "f":
            forget, input_ = np.zeros_like(forget), input_ - forget
        if self.swapped:
            forget, input_ = input_, forget
        preactivation = [
            input_ * self.input.slope(step.input),
            forget * self.forget.slope(step.forget),
            cell * step.input * self.candidate.slope(step.candidate),
            output * self.output.slope(step.output),
        ]
        previous = self.kept * self.carry(cell, step.forget)
        if self.previous_in_hidden:
            previous = previous + self.kept * through
        return CellDerivatives(np.concatenate(preactivation, axis=1), cell, previous)


_cell = variants_of(CellVariant(), cell_step="step", cell_step_backward="backward")


def _gates(squash: Squash) -> Plant:
    return _cell(forget=squash, input=squash, output=squash)


def _for_tanh(squash: Squash) -> Plant:
    return _cell(candidate=squash, hidden=squash)


def _float32(true: Any, gates: Gates, *arrays: Array) -> CellStep:
    def rounded(gate: Gate) -> Gate:
        return Gate(*(getattr(gate, field.name).astype(np.float32) for field in fields(gate)))

    coarse = Gates(*(rounded(getattr(gates, field.name)) for field in fields(gates)))
    step = true(coarse, *(array.astype(np.float32) for array in arrays))
    return CellStep(*(getattr(step, field.name).astype(np.float64) for field in fields(step)))


def _one_added(gate: str) -> Plant:
    """1 added to the bias of a gate."""

    def split_gates(true: Any, *arrays: Array) -> Gates:
        gates: Gates = true(*arrays)
        found = getattr(gates, gate)
        return replace(gates, **{gate: replace(found, bias=found.bias + 1.0)})

    return altered(split_gates=split_gates)


forward = partial(Deviation, level="gates")
backward = partial(Deviation, level="derivatives")

DEVIATIONS = (
    forward("hard sigmoid /6", "the hard sigmoid x/6 + 0.5 instead of σ", _gates(_hard(1 / 6))),
    forward("hard sigmoid 0.2", "the hard sigmoid 0.2·x + 0.5 instead of σ", _gates(_hard(0.2))),
    forward("hard sigmoid 0.5", "the hard sigmoid 0.5·x + 0.5 instead of σ", _gates(_hard(0.5))),
    forward("relu for tanh", "relu instead of tanh in the candidate and in h", _for_tanh(RELU)),
    forward("hard tanh", "hard tanh instead of tanh in the candidate and in h", _for_tanh(HARD_TANH)),
    forward("softsign for tanh", "softsign instead of tanh in the candidate and in h", _for_tanh(SOFTSIGN)),
    forward("sigmoid candidate", "σ instead of tanh in the candidate", _cell(candidate=SIGMOID)),
    forward("relu candidate", "relu instead of tanh in the candidate", _cell(candidate=RELU)),
    forward("linear candidate", "a candidate without tanh", _cell(candidate=IDENTITY)),
    forward("h without tanh", "h = o·C, without the tanh", _cell(hidden=IDENTITY)),
    forward("h with sigmoid", "h = o·σ(C)", _cell(hidden=SIGMOID)),
    forward("h with relu", "h = o·relu(C)", _cell(hidden=RELU)),
    forward("tanh gates", "tanh instead of σ in the gates", _gates(TANH)),
    forward("coupled gates", "coupled gates, i = 1 − f", _cell(coupled="i")),
    forward("forget gate coupled", "coupled gates, f = 1 − i", _cell(coupled="f")),
    forward("no forget gate", "no forget gate, f = 1", _cell(forget=OPEN)),
    forward("no input gate", "no input gate, i = 1", _cell(input=OPEN)),
    forward("no output gate", "no output gate, o = 1", _cell(output=OPEN)),
    forward("no C carried", "no cell state carried to the next step", _cell(kept=0.0), several_steps),
    forward("previous C in h", "h computed from the previous step's C", _cell(previous_in_hidden=True)),
    forward(
        "forget bias added",
        "1 added to the forget bias at every step, as in TensorFlow 1",
        _one_added("forget"),
    ),
    forward("1 added to i's bias", "1 added to the input gate's bias", _one_added("input")),
    forward("1 added to C̃'s bias", "1 added to the candidate's bias", _one_added("candidate")),
    forward("1 added to o's bias", "1 added to the output gate's bias", _one_added("output")),
    forward(
        "cell in float32",
        "gates and states in float32",
        altered(cell_step=_float32),
        in_float64,
        precision="float32",
    ),
    backward(
        "no carry of dC",
        "no derivative carried from C to the previous step's C",
        _cell(carry=lambda cell, forget: np.zeros_like(cell)),
        several_steps,
    ),
    backward(
        "dC carried without f",
        "the derivative of C carried back without the forget gate",
        _cell(carry=lambda cell, forget: cell),
        several_steps,
    ),
    backward("no dC from h", "no derivative from h to C", _cell(to_cell=0.0)),
    backward(
        "1 − tanh in C̃",
        "1 − C̃ instead of 1 − C̃² in the backward pass",
        _cell(candidate=Squash(np.tanh, lambda y: 1.0 - y)),
    ),
    backward(
        "no tanh slope in C̃",
        "no slope of the candidate's tanh in the backward pass",
        _cell(candidate=Squash(np.tanh, np.ones_like)),
    ),
    backward(
        "1 − tanh in h",
        "1 − tanh(C) instead of 1 − tanh²(C) in the backward pass",
        _cell(hidden=Squash(np.tanh, lambda y: 1.0 - y)),
    ),
    backward(
        "no tanh slope in h",
        "no slope of tanh(C) in the backward pass",
        _cell(hidden=Squash(np.tanh, np.ones_like)),
    ),
    backward(
        "1 − g for σ's slope",
        "1 − g instead of g·(1 − g) in the backward pass of the gates",
        _gates(Squash(logistic, lambda y: 1.0 - y)),
    ),
    backward(
        "g for σ's slope",
        "g instead of g·(1 − g) in the backward pass of the gates",
        _gates(Squash(logistic, lambda y: y)),
    ),
    backward("di and df swapped", "the derivatives of input and forget gate swapped", _cell(swapped=True)),
    backward(
        "do from C", "C instead of tanh(C) in the derivative of the output gate", _cell(to_output=lambda c: c)
    ),
)
