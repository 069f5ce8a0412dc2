"""An LSTM's recorded tensors against the reference: where they differ first, and which bug explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.ports.computing import (
    Place,
    Tensors,
    config_of,
    double,
    first_entry,
    has_time,
    value_at,
)
from lstm_conformance.ports.lstm import ForeignLstm
from lstm_conformance.ports.recording import Recording
from lstm_conformance.ports.suspects import (
    Suspect,
    compute_as,
    paired_suspects,
    partial_suspects,
    single_suspects,
)
from lstm_conformance.tolerance import (
    EVALUATIONS,
    HOPELESS,
    Verdict,
    allowed_error,
    epsilon,
    judge,
    measure_changes,
)
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights

FEW_STEPS = 12
"""On which suspects are tried first, where later steps do not matter; those that fit are tried on all."""


@dataclass(frozen=True)
class Difference:
    """Where a recording is off first.

    Attributes:
        tensor: the first that is off, in the order of computation.
        entry: its first entry that is off, in the order of reading.
        given: the number recorded.
        wanted: the number the reference computes.
        allowed: how far they may lie apart.
    """

    tensor: str
    entry: Place
    given: float
    wanted: float
    allowed: float

    @property
    def sentence(self) -> str:
        """The same in words."""
        at = self.entry
        step = "after the last step read" if at.step is None else f"time step {at.step}"
        return (
            f"The first difference is in {self.tensor}, layer {at.layer} {at.direction}, {step}, unit "
            f"{at.unit}, window {at.window} (all counted from 0): {self.given:.6g}, where the reference has "
            f"{self.wanted:.6g} and {self.allowed:.1e} is allowed."
        )


@dataclass(frozen=True)
class Explanation:
    """A deviation with which the reference computes what was recorded.

    Attributes:
        sentence: completes "equals the reference with …".
        error: the largest that is left, in units of a tensor's largest entry.
        at_most: it bounds what was recorded and does not reproduce it: others may be as coarse.
    """

    sentence: str
    error: float
    at_most: bool


@dataclass(frozen=True, eq=False)
class LstmCheck:
    """What came of a check.

    Attributes:
        lstm: the layers that the reference computed.
        recording: what they were held against.
        verdicts: one for each recorded tensor, in the order of computation.
        difference: the first; None where all agree.
        explanations: all single ones that fit, or all pairs where no single one does; empty where none.
        pairs_tried: False where it would have taken too long.
    """

    lstm: ForeignLstm
    recording: Recording
    verdicts: tuple[Verdict, ...]
    difference: Difference | None = None
    explanations: tuple[Explanation, ...] = ()
    pairs_tried: bool = True

    @property
    def agrees(self) -> bool:
        """Whether all recorded tensors are the reference's."""
        return self.difference is None

    @property
    def sentence(self) -> str:
        """The outcome in one sentence."""
        worst = max((one.error_eps for one in self.verdicts if not one.problem), default=0.0)
        precision = self.recording.precision
        if self.agrees and not worst:
            return f"It agrees with the reference in {precision}, to the last bit."
        if self.agrees:
            return f"It agrees with the reference in {precision}: at most {worst:.1f} eps apart."
        if all(not array.any() for array in self.recording.tensors.values()):
            return "It differs: all that was recorded is zero."
        if self.explanations:
            told = ", or as well with ".join(one.sentence for one in self.explanations)
            error = max(one.error for one in self.explanations)
            equal = "as far as it would with" if self.explanations[0].at_most else "with"
            left = f"to {error:.1e}" if error else "exactly"
            return f"It equals the reference {equal} {told} ({left})."
        if not self.pairs_tried:
            return (
                "It differs, and no single known deviation explains it; pairs of them were not tried, as "
                "these windows are long: record some of at most 12 steps."
            )
        return "It differs, and no known deviation, nor two of them together, explains it."

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON-ready values; null where a number is not finite."""
        difference = self.difference
        return {
            "agrees": self.agrees,
            "sentence": self.sentence,
            "lstm": self.lstm.name,
            "precision": self.recording.precision,
            "tensors": [
                {
                    "name": one.tensor,
                    "agrees": one.passed,
                    "error": _finite(one.error),
                    "error_eps": _finite(one.error_eps),
                    "allowed_eps": _finite(one.allowed_eps),
                    "problem": one.problem or None,
                }
                for one in self.verdicts
            ],
            "first_difference": difference
            and {
                "tensor": difference.tensor,
                **asdict(difference.entry),
                "given": _finite(difference.given),
                "wanted": _finite(difference.wanted),
                "allowed": difference.allowed,
            },
            "explanations": [asdict(one) for one in self.explanations],
            "notes": [*self.lstm.notes, *self.recording.notes],
        }


def check_lstm(lstm: ForeignLstm, recording: Recording) -> LstmCheck:
    """Holds what was recorded of an LSTM against the reference with the same weights.

    Raises:
        InputError: the weights are not finite.
    """
    for name, array in lstm.weights.items():
        if not np.isfinite(array).all():
            raise InputError(f"{name} of the LSTM {lstm.name} holds values that are not finite.")
    verdicts, expected = _judged(None, lstm, recording)
    if all(one.passed for one in verdicts):
        return LstmCheck(lstm, recording, verdicts)
    difference = _first_difference([one for one in verdicts if not one.passed], lstm, recording, expected)
    explanations, pairs_tried = _explanations(lstm, recording, difference)
    return LstmCheck(lstm, recording, verdicts, difference, explanations, pairs_tried)


def _judged(
    suspect: Suspect | None, lstm: ForeignLstm, recording: Recording
) -> tuple[tuple[Verdict, ...], Tensors]:
    """Verdicts under docs/specification.md section 8, the floor measured only where it decides."""
    precision = (suspect and suspect.precision) or recording.precision
    steps = recording.inputs.shape[1]

    def evaluate(weights: Weights, inputs: NDArray[np.float64]) -> Tensors:
        with np.errstate(all="ignore"):
            return compute_as(suspect, lstm, weights, inputs, recording.tensors.keys())

    weights = double(lstm.weights)
    expected = evaluate(weights, recording.inputs)
    verdicts: tuple[Verdict, ...] = ()
    for evaluations in (0, 1, EVALUATIONS):
        changes = (
            measure_changes(evaluate, weights, recording.inputs, precision, evaluations)
            if evaluations
            else {}
        )
        verdicts = tuple(
            judge(
                name,
                recording.tensors[name],
                tensor,
                allowed_error(tensor, changes.get(name, 0.0), steps, precision),
                precision,
            )
            for name, tensor in expected.items()
        )
        failed = [one for one in verdicts if not one.passed]
        if not failed or any(one.problem or one.error > HOPELESS * one.allowed for one in failed):
            break
    return verdicts, expected


def _first_difference(
    failed: Sequence[Verdict], lstm: ForeignLstm, recording: Recording, expected: Tensors
) -> Difference:
    """The first in the order of computation: by layer and direction, there by the step read."""
    found = [_difference(one, lstm, recording, expected) for one in failed]
    first = found[0]
    if first.entry.step is None:
        return first

    def place(one: Difference) -> int:
        steps = recording.inputs.shape[1]
        step = steps if one.entry.step is None else one.entry.step
        return steps - step if one.entry.direction == "backward" else step

    alike = [
        one
        for one in found
        if (one.entry.layer, one.entry.direction) == (first.entry.layer, first.entry.direction)
        and one.entry.step is not None
    ]
    return min(alike, key=place)


def _difference(failed: Verdict, lstm: ForeignLstm, recording: Recording, expected: Tensors) -> Difference:
    config = config_of(lstm.weights, recording.inputs.shape[1])
    given, wanted = recording.tensors[failed.tensor], expected[failed.tensor]
    with np.errstate(all="ignore"):
        errors = np.abs(given.astype(np.float64) - wanted)
    off = ~(errors <= failed.allowed)
    entry = first_entry(failed.tensor, off, errors, config)
    number, right = (value_at(failed.tensor, tensor, entry, config) for tensor in (given, wanted))
    return Difference(failed.tensor, entry, number, right, failed.allowed)


def _explanations(
    lstm: ForeignLstm, recording: Recording, difference: Difference
) -> tuple[tuple[Explanation, ...], bool]:
    if not all(np.isfinite(array).all() for array in recording.tensors.values()):
        return (), True
    if not any(array.any() for array in recording.tensors.values()):
        return (), True
    few = _few(lstm, recording, difference)
    single = single_suspects(lstm, recording)
    exact = [one for one in single if one.precision is None]
    # Under a coarse tolerance a lone wrong number would pass too; rounding is everywhere.
    coarse = [one for one in single if one.precision is not None and _off_everywhere(lstm, recording)]
    pairs = paired_suspects(lstm, few)
    for suspects in (exact, coarse, partial_suspects(lstm, recording), pairs):
        found = _fitting(suspects, lstm, recording, few)
        if found:
            return found, True
    return (), bool(pairs)


def _fitting(
    suspects: Sequence[Suspect], lstm: ForeignLstm, recording: Recording, few: Recording
) -> tuple[Explanation, ...]:
    found = []
    for suspect in suspects:
        if not suspect.mixes_windows and not _agree(_judged(suspect, lstm, few)[0]):
            continue
        verdicts, _ = _judged(suspect, lstm, recording)
        if _agree(verdicts):
            eps = epsilon(suspect.precision or recording.precision)
            error = max((one.error_eps * eps for one in verdicts if one.error), default=0.0)
            # Numbers that float32 has are judged in it, and need no explanation.
            found.append(Explanation(suspect.sentence, error, suspect.precision is not None))
    return tuple(found)


def _agree(verdicts: Sequence[Verdict]) -> bool:
    return all(one.passed for one in verdicts)


def _off_everywhere(lstm: ForeignLstm, recording: Recording) -> bool:
    """Whether most numbers differ from the reference in its own precision."""
    verdicts, expected = _judged(None, lstm, recording)
    shares = [
        np.mean(np.abs(recording.tensors[one.tensor] - expected[one.tensor]) > one.allowed)
        for one in verdicts
        if not one.passed
    ]
    return bool(np.mean(shares) > 0.5)


def _few(lstm: ForeignLstm, recording: Recording, difference: Difference) -> Recording:
    """The first window and the one that differs; of those read forwards only, the steps that matter."""
    chosen = sorted({0, difference.entry.window})
    tensors = {
        name: array[:, chosen] if name.startswith("final") else array[chosen]
        for name, array in recording.tensors.items()
    }
    inputs, step = recording.inputs[chosen], difference.entry.step
    if step is not None and not lstm.bidirectional and all(map(has_time, tensors)):
        steps = max(step + 1, FEW_STEPS)
        inputs = inputs[:, :steps]
        tensors = {name: array[:, :steps] for name, array in tensors.items()}
    return replace(recording, inputs=inputs, tensors=tensors)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
