"""The state of a cross-check, made from its events; frozen, so that no screen ever sees half a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lstm_conformance.checks import LevelResult
from lstm_conformance.diagnosis import Diagnosis
from lstm_conformance.levels import Level
from lstm_conformance.wording import failure_text
from lstm_forecasting.crosscheck import events
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import CrossCheckResult, LevelSummary, summarise
from lstm_forecasting.crosscheck.wording import backend_sentences, outcome, shared_sentences
from lstm_plugins.config import Precision

Place = tuple[str, Precision, str]
"""Of a cell of the matrix: backend, precision and the name of the level."""


@dataclass(frozen=True, eq=False)
class CheckState:
    """A cross-check, under way or over.

    Attributes:
        check: what is asked.
        results: levels judged so far, by place in the matrix.
        descriptions: of the backends that answer, by short name.
        diagnoses: by backend and precision.
        deaths: of processes, in the order they happened.
        stopping: the user asked for the end.
        stopped: it ended without a result.
        result: once everything is over.
        problem: why the whole check broke down, one sentence.
    """

    check: CrossCheck
    results: Mapping[Place, tuple[LevelResult, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, events.BackendAnswers] = field(default_factory=dict)
    diagnoses: Mapping[tuple[str, Precision], Diagnosis] = field(default_factory=dict)
    deaths: tuple[events.BackendFailed, ...] = ()
    stopping: bool = False
    stopped: bool = False
    result: CrossCheckResult | None = None
    problem: str = ""

    @property
    def running(self) -> bool:
        """True until the last event."""
        return self.result is None and not self.stopped and not self.problem

    @property
    def judged(self) -> int:
        """Levels of all probes and backends that have their verdict."""
        return sum(len(results) for results in self.results.values())

    def summary(self, backend: str, precision: Precision, level: Level) -> LevelSummary:
        """A cell of the matrix, as far as it is judged."""
        own = self.results.get((backend, precision, level.name), ())
        return summarise(own, backend, precision, level)

    def asks(self, precision: Precision, level: Level) -> bool:
        """Whether a level is part of a pass."""
        return any(
            request.precision == precision and level in request.levels for request in self.check.requests
        )

    def asked_to_stop(self) -> CheckState:
        """The state once the user has asked for the end."""
        return replace(self, stopping=True)

    def ended_early(self) -> CheckState:
        """The state once it has ended without a result."""
        return replace(self, stopped=True)

    def broken(self, problem: str) -> CheckState:
        """The state once the check as a whole has failed."""
        return replace(self, problem=problem)

    def after(self, happened: Iterable[events.CrossCheckEvent]) -> CheckState:
        """The state once all these events have happened, in this order."""
        results, descriptions = dict(self.results), dict(self.descriptions)
        diagnoses, deaths, result = dict(self.diagnoses), list(self.deaths), self.result
        for event in happened:
            match event:
                case events.LevelJudged(judged):
                    place = (judged.backend, judged.precision, judged.level.name)
                    results[place] = (*results.get(place, ()), judged)
                case events.BackendAnswers():
                    descriptions[event.backend] = event
                case events.BackendFailed():
                    deaths.append(event)
                case events.BackendDiagnosed():
                    diagnoses[event.backend, event.precision] = event.diagnosis
                case events.CrossCheckFinished():
                    result = event.result
                case events.CrossCheckStarted() | events.BackendStarted():
                    pass
        return replace(
            self,
            results=results,
            descriptions=descriptions,
            diagnoses=diagnoses,
            deaths=tuple(deaths),
            result=result,
        )

    @property
    def verdicts(self) -> dict[str, str]:
        """Sign and words for every backend, by short name; empty until the end."""
        result = self.result
        if result is None:
            return {}
        return {backend: _verdict(result, backend) for backend in result.check.backends}

    def in_words(self, titles: Mapping[str, str]) -> str:
        """One line for the header."""
        if self.problem:
            return "✗ cross-check broke down"
        if self.stopped:
            return "– cross-check stopped"
        if self.result is not None:
            return "✓ all levels passed" if self.result.passed else f"✗ {outcome(self.result, titles)}"
        if self.stopping:
            return "● stopping …"
        return f"● checking {self.judged} of {self.check.level_count}"

    def sentences(self, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The diagnosis, or the progress so far: a sign and a sentence for every backend.

        Signs are ✓ (agrees), ✗ (does not), ~ (not checked completely), and a blank while it is not over.
        """
        if self.problem:
            return (("✗", f"The cross-check broke down: {self.problem}"),)
        if self.result is not None:
            return tuple(_findings(self.result, titles))
        return tuple(self._so_far(backend, titles) for backend in self.check.backends)

    def _so_far(self, backend: str, titles: Mapping[str, str]) -> tuple[str, str]:
        own = [one for results in self.results.values() for one in results if one.backend == backend]
        total = self.check.level_count // len(self.check.backends)
        for precision in self.check.precisions:
            diagnosis = self.diagnoses.get((backend, precision))
            if diagnosis is not None and diagnosis.findings:
                return "✗", f"{titles[backend]} in {precision} {diagnosis.sentence}."
        failed = next((one for one in own if one.state == "failed"), None)
        if failed is not None:
            where = f"{titles[backend]}: {failed.level.title} failed in {failed.precision}"
            return "✗", f"{where}: {failure_text(failed)}."
        if any(one.state in ("unasked", "unsupported") for one in own):
            return "~", f"{titles[backend]} did not answer everything."
        if not own and self.stopped:
            return "~", f"{titles[backend]} was not checked."
        if not own:
            words = "is answering" if backend in self.descriptions else "is starting"
            return " ", f"{titles[backend]} {words} …"
        if len(own) == total:
            return "✓", f"{titles[backend]} agrees with the reference."
        return " ", f"{titles[backend]} agrees so far, {len(own)} of {total} levels."


def _findings(result: CrossCheckResult, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for backend in result.check.backends:
        for sentence in backend_sentences(result, backend, titles[backend]):
            yield _sign(result, backend), sentence
    sign = "✓" if all(check.passed for check in result.shared) else "✗"
    for sentence in shared_sentences(result):
        yield sign, sentence


def _verdict(result: CrossCheckResult, backend: str) -> str:
    sign = _sign(result, backend)
    if sign == "✓":
        return f"✓ agrees in {' and '.join(result.check.precisions)}"
    if sign == "~":
        return "~ not checked completely"
    levels = (result.first_failure(backend, precision) for precision in result.check.precisions)
    return f"✗ fails first at {next(level.title for level in levels if level is not None)}"


def _sign(result: CrossCheckResult, backend: str) -> str:
    states = {one.state for one in result.of(backend)}
    if "failed" in states:
        return "✗"
    return "✓" if states <= {"passed", "shown"} and backend not in result.failures else "~"
