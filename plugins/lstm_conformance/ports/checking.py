"""Compares recorded tensors of an LSTM with the reference: the first difference and the bug behind it."""

from dataclasses import asdict, dataclass
from math import comb
from typing import Any

import numpy as np

from lstm_conformance.checks import LevelResult, Observation, judge_level
from lstm_conformance.diagnosis import Finding, diagnose
from lstm_conformance.explaining import Explainer
from lstm_conformance.levels import Level
from lstm_conformance.planting import Answers
from lstm_conformance.ports.layers import (
    FINAL_HIDDEN,
    FirstDifference,
    first_difference,
    has_time,
    layers_level,
    layers_probe,
)
from lstm_conformance.ports.lstm import LstmLayers
from lstm_conformance.ports.recording import Recording
from lstm_conformance.ports.suspects import suspects_of
from lstm_conformance.probe import Probe
from lstm_plugins.errors import InputError

FEW_STEPS = 12
"""Explanations are tried on this many steps first, if later steps do not matter."""
MOST_PAIR_STEPS = 200_000
"""Cell steps that may be spent on pairs of deviations; if all pairs would take more, none is tried."""


@dataclass(frozen=True, eq=False)
class LstmCheck:
    """The outcome of a check.

    Attributes:
        lstm: the layers that the reference computed.
        recording: what was compared with them.
        result: the verdicts, one for each recorded tensor in the order of computation.
        difference: the first difference; None where all agree.
        finding: the difference with its explanations; None where all agree or nothing can be explained.
        pairs_tried: False where trying pairs of deviations would have taken too long.
    """

    lstm: LstmLayers
    recording: Recording
    result: LevelResult
    difference: FirstDifference | None = None
    finding: Finding | None = None
    pairs_tried: bool = True

    @property
    def agrees(self) -> bool:
        """Whether all recorded tensors are the reference's."""
        return self.difference is None

    @property
    def sentence(self) -> str:
        """The outcome in one sentence."""
        worst = max((one.error_eps for one in self.result.verdicts if not one.problem), default=0.0)
        precision = self.recording.precision
        if self.agrees:
            errors = f"errors are at most {worst:.1f} eps" if worst else "bit for bit"
            return f"It agrees with the reference in {precision}: {errors}."
        if self.finding is None:
            zeros = not any(array.any() for array in self.recording.tensors.values())
            return "All recorded numbers are zero." if zeros else "Some recorded numbers are not finite."
        if self.finding.explanations:
            return f"{self.finding.cause}."
        if self.pairs_tried:
            return "No known deviation explains it, nor do two together."
        return (
            "No single known deviation explains it. Pairs were not tried, since the windows are long; "
            f"record windows of at most {FEW_STEPS} steps."
        )

    def as_json(self) -> dict[str, Any]:
        """The outcome as JSON-ready values; null where a number is not finite."""
        finding = self.finding
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
                for one in self.result.verdicts
            ],
            "first_difference": None if self.difference is None else _difference_as_json(self.difference),
            "explanations": [
                {"sentence": sentence, "error": finding.error, "at_most": finding.at_most}
                for sentence in finding.sentences
            ]
            if finding
            else [],
            "notes": [*self.lstm.notes, *self.recording.notes],
        }


def check_lstm(lstm: LstmLayers, recording: Recording) -> LstmCheck:
    """Compares a recording of an LSTM with the reference on the same weights, and explains differences.

    Raises:
        InputError: the weights are not finite.
    """
    for name, array in lstm.weights.items():
        if not np.isfinite(array).all():
            raise InputError(f"{name} of the LSTM {lstm.name} has values that are not finite.")
    probe, level = layers_probe(lstm.weights, recording.inputs), layers_level(recording.tensors)
    answers = _judged(probe, level, recording)
    result = answers.results[level.name]
    if result.state == "passed":
        return LstmCheck(lstm, recording, result)
    difference = first_difference(result)
    tensors = recording.tensors.values()
    if not all(np.isfinite(array).all() for array in tensors) or not any(array.any() for array in tensors):
        return LstmCheck(lstm, recording, result, difference)
    suspects = suspects_of(lstm, recording, probe)
    few = _few(lstm, recording, difference)
    few_probe = layers_probe(lstm.weights, few.inputs)
    excerpt = _judged(few_probe, level, few, excerpt=True)
    pairs = comb(len(suspects.paired), 2)
    pairs_tried = pairs * few_probe.config.steps * lstm.layers * (1 + lstm.bidirectional) <= MOST_PAIR_STEPS
    explainer = Explainer(
        suspects.whole,
        levels=(layers_level(recording.tensors, "an earlier batch"), level),
        parts=suspects.parts,
        paired=frozenset(suspects.paired),
        most_pairs=pairs if pairs_tried else 0,
    )
    (finding,) = diagnose([answers, excerpt], explainer=explainer).findings
    return LstmCheck(lstm, recording, result, difference, finding, pairs_tried)


def _judged(probe: Probe, level: Level, recording: Recording, *, excerpt: bool = False) -> Answers:
    result = judge_level(probe, level, Observation(recording.tensors), precision=recording.precision)
    return Answers(probe, {level.name: result}, excerpt)


def _few(lstm: LstmLayers, recording: Recording, difference: FirstDifference) -> Recording:
    """The first window and the one that differs; if all is read forwards, only the first steps."""
    chosen = sorted({0, difference.window})
    tensors = {
        name: array[chosen] if has_time(name) or name == FINAL_HIDDEN else array[:, chosen]
        for name, array in recording.tensors.items()
    }
    inputs, step = recording.inputs[chosen], difference.step
    if step is not None and not lstm.bidirectional and all(map(has_time, tensors)):
        steps = max(step + 1, FEW_STEPS)
        inputs = inputs[:, :steps]
        tensors = {name: array[:, :steps] for name, array in tensors.items()}
    return Recording(inputs, tensors, recording.precision)


def _difference_as_json(difference: FirstDifference) -> dict[str, Any]:
    place = difference.place
    return {
        "tensor": place.tensor,
        **{name: value for name, value in asdict(difference).items() if name != "place"},
        "given": _finite(place.given),
        "wanted": _finite(place.wanted),
        "allowed": place.allowed,
    }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
