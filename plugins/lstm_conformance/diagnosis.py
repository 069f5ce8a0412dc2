"""From failed levels to words: which known deviation a backend has.

The reference with a deviation planted is the explanation of a backend whose answers it gives. Levels are
explained in their order. What explains the first that failed stays planted while the next one is held against
it, so that two deviations that act at different levels are both found; where no single one explains a level,
pairs are tried. What explains nothing is not named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_conformance.checks import LevelResult, Observation, judge_level
from lstm_conformance.deviations import Deviation
from lstm_conformance.explaining import Explainer, Explanation
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.planting import Answers, answers_of, coarsest
from lstm_conformance.probes import Probe, full_probes
from lstm_conformance.tolerance import Verdict
from lstm_plugins.config import Precision

Ask = Callable[[Probe, Level], Observation]
"""Puts one level of a further probe to the backend."""

MOST_FINDINGS = 4
TRACED = ("gates", "attention", "derivatives")
"""Levels that see nothing but the trace."""
TIMED = ("normalised", "gates", "attention", "derivatives")
"""Levels whose tensors `[B, T, ...]` have the time step as their second index."""


@dataclass(frozen=True)
class Place:
    """Where a difference begins.

    Attributes:
        tensor: the first that is off.
        index: its first entry that is off, by time step where it has one; None where nothing is to compare.
        step: the time step; None where the tensor has none.
        error: how far that entry is off; NaN without one.
        problem: why nothing could be compared; "" where it could.
    """

    tensor: str
    index: tuple[int, ...] | None
    step: int | None
    error: float
    problem: str


@dataclass(frozen=True)
class Finding:
    """What was found at one level.

    Attributes:
        level: its name.
        probe: on which probe it failed first.
        explanations: names of deviations, several where they act together; more than one explanation
            where all probes agree with each of them.
        sentences: the same, completing "equals the reference with …".
        error: the largest that is left, in units of a tensor's largest entry; NaN where unexplained.
        production_only: the deviation is in the path of `fit` and `predict`, and not in the trace.
        at_most: the deviation is coarse, such as float32 inside, and other causes may be as coarse: it bounds
            what was found, and does not reproduce it.
        trace_alone: nothing explains it, and forecasts and gradients are right: what is wrong is what the
            backend tells of its inside.
        place: where the difference begins.
    """

    level: str
    probe: str
    explanations: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]
    error: float
    production_only: bool
    at_most: bool
    trace_alone: bool
    place: Place

    @property
    def sentence(self) -> str:
        """The finding in words, without a subject."""
        if self.explanations:
            return f"equals the reference {self.phrase}"
        place = self.place
        if place.problem:
            where = place.tensor or "its answer"
            return f"differs first at level {self.level}, in {where}: {place.problem}"
        at = f" at {list(place.index)}" if place.index else ""
        step = "" if place.step is None else f", time step {place.step}"
        return (
            f"differs first at level {self.level}, in {place.tensor}{at}{step}, by {place.error:.1e}; "
            "no known deviation explains it"
            + (", and as forecasts and gradients are right, its trace alone is wrong" * self.trace_alone)
        )

    @property
    def phrase(self) -> str:
        """The explanation, to follow "equals the reference"."""
        since = f" from level {self.level} on, and not before" if self.production_only else ""
        left = f"to {self.error:.1e}" if self.error else "exactly"
        equal = "as far as it would with" if self.at_most else "with"
        return f"{equal} {', or as well with '.join(self.sentences)}{since} ({left})"


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a backend, as far as it is known; without findings nothing is."""

    findings: tuple[Finding, ...]

    @property
    def sentence(self) -> str:
        """All findings in one sentence, without a subject."""
        if not self.findings:
            return "agrees with the reference"
        explained = [one.phrase for one in self.findings if one.explanations]
        parts = ["equals the reference " + ", and ".join(explained)] if explained else []
        parts += [one.sentence for one in self.findings if not one.explanations]
        return "; beyond that it ".join(parts)


def diagnose(
    answers: Sequence[Answers],
    *,
    further: Iterable[Probe] = (),
    ask: Ask | None = None,
    explainer: Explainer | None = None,
) -> Diagnosis:
    """Names what makes a backend differ.

    Args:
        answers: a backend's, to one probe or more of the same precision.
        further: probes that may be put to the backend where the answers fit several deviations.
        ask: puts them; None where it can no longer be asked.
        explainer: keeps what it computed for the next backend; None for a new one of the whole catalogue.
    """
    explainer = explainer or Explainer()
    planted: tuple[Deviation, ...] = ()
    findings: list[Finding] = []
    level = _next_failure(explainer, answers, planted, -1)
    while level is not None and len(findings) < MOST_FINDINGS:
        found = explainer.explanations(answers, level, planted)
        found = _furthest(explainer, answers, planted, level, found)
        if ask is not None and len(found) > 1:
            found = _told_apart(explainer, found, planted, level, answers, further, ask)
        findings.append(_finding(answers, level, planted, found))
        if not found:
            break
        planted = (*planted, *found[0].deviations)
        level = _next_failure(explainer, answers, planted, LEVELS.index(level))
    return Diagnosis(tuple(findings))


def diagnose_passes(
    results: Iterable[LevelResult], ask: Ask | None = None
) -> Iterator[tuple[Precision, Diagnosis]]:
    """Yields the diagnosis of one backend for each precision, float64 first, once all its levels are judged.

    A backend with a finding in float64 is not diagnosed in float32, where causes are harder to tell apart.

    Args:
        results: the backend's.
        ask: see `diagnose`.
    """
    results = list(results)
    for precision in sorted({result.precision for result in results}, reverse=True):
        own = answers_of(result for result in results if result.precision == precision)
        diagnosis = diagnose(own, further=full_probes(precision), ask=ask)
        yield precision, diagnosis
        if diagnosis.findings:
            return


def _next_failure(
    explainer: Explainer, answers: Sequence[Answers], planted: tuple[Deviation, ...], after: int
) -> Level | None:
    """The first level behind `after` at which some answer failed and is not explained yet."""
    for level in LEVELS[after + 1 :]:
        for one in answers:
            if one.failed(level) and not (planted and explainer.explains(planted, one, level)):
                return level
    return None


def _furthest(
    explainer: Explainer,
    answers: Sequence[Answers],
    planted: tuple[Deviation, ...],
    level: Level,
    found: Sequence[Explanation],
) -> tuple[Explanation, ...]:
    """Those explanations that explain most of the later levels too."""
    if len(found) < 2:
        return tuple(found)

    def reach(explanation: Explanation) -> int:
        after = LEVELS.index(level)
        failure = _next_failure(explainer, answers, (*planted, *explanation.deviations), after)
        return len(LEVELS) if failure is None else LEVELS.index(failure)

    reached = [reach(one) for one in found]
    return tuple(one for one, far in zip(found, reached, strict=True) if far == max(reached))


def _told_apart(
    explainer: Explainer,
    found: tuple[Explanation, ...],
    planted: tuple[Deviation, ...],
    level: Level,
    answers: Sequence[Answers],
    further: Iterable[Probe],
    ask: Ask,
) -> tuple[Explanation, ...]:
    """Those explanations that further probes leave, each put only where they differ on it."""
    known = {one.probe.name for one in answers}
    for probe in further:
        if len(found) < 2:
            break
        if probe.name in known or not explainer.separates(found, planted, probe, level):
            continue
        more = Answers(probe, {level.name: judge_level(probe, level, ask(probe, level))})
        left = tuple(
            one for one in found if explainer.explains((*planted, *one.deviations), more, level, one.tensors)
        )
        found = left or found
    return found


def _finding(
    answers: Sequence[Answers],
    level: Level,
    planted: tuple[Deviation, ...],
    found: tuple[Explanation, ...],
) -> Finding:
    first = next(one for one in answers if one.failed(level))
    sentences = []
    for one in found:
        told = " and ".join(deviation.sentence for deviation in one.deviations)
        if told not in sentences:
            sentences.append(told)
    coarse = bool(found) and coarsest(found[0].deviations) is not None
    after = LEVELS[LEVELS.index(level) + 1 :]
    if coarse and any(one.failed(later) for one in answers for later in after):
        sentences = [f"{told}, and as coarse in what follows" for told in sentences]
    return Finding(
        level.name,
        first.probe.name,
        tuple(tuple(deviation.name for deviation in one.deviations) for one in found),
        tuple(sentences),
        max((one.error for one in found), default=float("nan")),
        bool(found) and found[0].tensors is not None,
        coarse and not _in_float32(first, level),
        not found and level.name in TRACED and _right_outside(answers),
        _place(first, level),
    )


def _right_outside(answers: Sequence[Answers]) -> bool:
    """Whether all forecasts and gradients are right, which both come from the whole network."""
    return all(
        name in one.results and one.results[name].state == "passed"
        for one in answers
        for name in ("gradients", "forecast")
    )


def _in_float32(answers: Answers, level: Level) -> bool:
    """Whether all numbers that failed are ones that float32 has."""
    failed = (verdict.tensor for verdict in answers.results[level.name].verdicts if not verdict.passed)
    tensors = answers.results[level.name].observation.tensors
    return all(np.array_equal(tensors[name].astype(np.float32), tensors[name]) for name in failed)


def _place(answers: Answers, level: Level) -> Place:
    result = answers.results[level.name]
    nan = float("nan")
    for verdict in result.verdicts:
        if verdict.passed:
            continue
        if verdict.problem or verdict.where is None:
            return Place(verdict.tensor, verdict.where, None, nan, verdict.problem)
        return _first_entry(answers, level, verdict)
    return Place("", None, None, nan, result.problem)


def _first_entry(answers: Answers, level: Level, verdict: Verdict) -> Place:
    """The first entry beyond the tolerance, by time step where the tensor has steps."""
    result = answers.results[level.name]
    expected = result.expected()[verdict.tensor]
    errors = np.abs(result.observation.tensors[verdict.tensor].astype(np.float64) - expected)
    off = np.argwhere(errors > verdict.allowed)
    timed = (
        expected.ndim in (2, 3) and level.name in TIMED and expected.shape[1] == answers.probe.config.steps
    )
    order = np.argsort(off[:, 1], kind="stable") if timed else np.arange(len(off))
    index = tuple(int(n) for n in off[order[0]])
    return Place(verdict.tensor, index, index[1] if timed else None, float(errors[index]), "")
