"""From failed levels to words: which known deviation a backend has.

A deviation explains a backend when the reference with the deviation planted gives the backend's answers.
Levels are explained in their order. What explains the first failure stays planted while the next failure is
examined, so that two deviations that act at different levels are both found; where no single one explains a
level, pairs are tried. A deviation that explains nothing is not named.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_conformance.checks import LevelResult, Observation, judge_level
from lstm_conformance.deviations import Deviation
from lstm_conformance.explaining import Explainer, Explanation
from lstm_conformance.levels import Level
from lstm_conformance.places import Place, first_place
from lstm_conformance.planting import Answers, answers_of, coarsest
from lstm_conformance.probe import Probe
from lstm_conformance.probes import full_probes
from lstm_plugins.config import Precision

Ask = Callable[[Probe, Level], Observation]
"""Puts one level of a further probe to the backend."""

MOST_FINDINGS = 4
TRACED = ("gates", "attention", "derivatives")
"""Levels that see nothing but the trace."""


@dataclass(frozen=True)
class Finding:
    """What was found at one level.

    Attributes:
        level: its name.
        title: the level's name for people.
        probe: the probe on which it failed first.
        explanations: names of deviations, several where they act together; more than one explanation
            where all probes agree with each of them.
        sentences: the explanations in words, to follow "Cause:".
        error: the largest that is left, in units of a tensor's largest entry; NaN where unexplained.
        production_only: the deviation is in the path of `fit` and `predict`, and not in the trace.
        at_most: the deviation is coarse, such as float32 inside, and other causes may be as coarse: it bounds
            the errors, and does not reproduce them.
        trace_alone: nothing explains it, and forecasts and gradients are right: only the trace is wrong.
        place: where the difference begins.
    """

    level: str
    title: str
    probe: str
    explanations: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]
    error: float
    production_only: bool
    at_most: bool
    trace_alone: bool
    place: Place

    @property
    def cause(self) -> str:
        """The explanation as a sentence without its full stop; "" for an answer that cannot be compared."""
        told = ", or equally ".join(self.sentences)
        if self.at_most:
            return f"Consistent with {told} (no other cause needed)"
        if self.explanations:
            where = ", in fit and predict but not in the trace" if self.production_only else ""
            left = f"to {self.error:.1e}" if self.error else "exactly"
            return f"Cause: {told}{where} (reproduces the numbers {left})"
        if self.place.problem:
            return ""
        only = "; forecasts and gradients are right, so only its trace is wrong" if self.trace_alone else ""
        return f"No known deviation explains it{only}"

    @property
    def sentence(self) -> str:
        """The finding in words, without a subject and a full stop."""
        return ". ".join(
            filter(None, (f"fails first at level {self.title}: {self.place.sentence}", self.cause))
        )


@dataclass(frozen=True)
class Diagnosis:
    """The findings about a backend; without any, it agrees with the reference."""

    findings: tuple[Finding, ...]

    @property
    def sentence(self) -> str:
        """All findings in words, without a subject and a full stop."""
        if not self.findings:
            return "agrees with the reference"
        first, *later = (one.sentence for one in self.findings)
        return ". ".join([first, *(f"With that corrected, it {one}" for one in later)])


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
    case = _Case(answers, explainer or Explainer())
    planted: tuple[Deviation, ...] = ()
    findings: list[Finding] = []
    level = case.next_failure(planted, -1)
    while level is not None and len(findings) < MOST_FINDINGS:
        found = case.furthest(planted, level, case.explainer.explanations(answers, level, planted))
        if ask is not None and len(found) > 1:
            found = case.told_apart(planted, level, found, further, ask)
        findings.append(_finding(case.explainer.levels, answers, level, found))
        if not found:
            break
        planted = (*planted, *found[0].deviations)
        level = case.next_failure(planted, case.explainer.levels.index(level))
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


@dataclass(frozen=True, eq=False)
class _Case:
    """A backend's answers, and what explains them."""

    answers: Sequence[Answers]
    explainer: Explainer

    def next_failure(self, planted: tuple[Deviation, ...], after: int) -> Level | None:
        """The first level behind `after` at which some answer failed and is not explained yet."""
        for level in self.explainer.levels[after + 1 :]:
            for one in self.answers:
                if one.failed(level) and not (planted and self.explainer.explains(planted, one, level)):
                    return level
        return None

    def furthest(
        self, planted: tuple[Deviation, ...], level: Level, found: Sequence[Explanation]
    ) -> tuple[Explanation, ...]:
        """Those explanations that explain most of the later levels too."""
        if len(found) < 2:
            return tuple(found)
        levels = self.explainer.levels

        def reach(explanation: Explanation) -> int:
            failure = self.next_failure((*planted, *explanation.deviations), levels.index(level))
            return len(levels) if failure is None else levels.index(failure)

        reached = [reach(one) for one in found]
        return tuple(one for one, far in zip(found, reached, strict=True) if far == max(reached))

    def told_apart(
        self,
        planted: tuple[Deviation, ...],
        level: Level,
        found: tuple[Explanation, ...],
        further: Iterable[Probe],
        ask: Ask,
    ) -> tuple[Explanation, ...]:
        """Those explanations that further probes leave, each put only where they differ on it."""
        explainer, known = self.explainer, {one.probe.name for one in self.answers}
        for probe in further:
            if len(found) < 2:
                break
            if probe.name in known or not explainer.separates(found, planted, probe, level):
                continue
            more = Answers(probe, {level.name: judge_level(probe, level, ask(probe, level))})
            left = tuple(
                one
                for one in found
                if explainer.explains((*planted, *one.deviations), more, level, one.tensors)
            )
            found = left or found
        return found


def _finding(
    levels: Sequence[Level], answers: Sequence[Answers], level: Level, found: tuple[Explanation, ...]
) -> Finding:
    first = next(one for one in answers if one.failed(level))
    sentences = list(
        dict.fromkeys(" and ".join(deviation.sentence for deviation in one.deviations) for one in found)
    )
    coarse = coarsest(found[0].deviations) if found else None
    later = levels[levels.index(level) + 1 :]
    if coarse and any(one.failed(after) for one in answers for after in later):
        sentences = [f"{told}, with {coarse} errors at later levels too" for told in sentences]
    return Finding(
        level=level.name,
        title=level.title,
        probe=first.probe.name,
        explanations=tuple(tuple(deviation.name for deviation in one.deviations) for one in found),
        sentences=tuple(sentences),
        error=max((one.error for one in found), default=float("nan")),
        production_only=bool(found) and found[0].tensors is not None,
        at_most=coarse is not None and not _in_float32(first, level),
        trace_alone=not found and level.name in TRACED and _right_outside(answers),
        place=(level.locate or first_place)(first.results[level.name]),
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
