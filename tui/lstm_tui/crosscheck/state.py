"""The state of a cross-check, made from its events; frozen, so that no screen sees half a change."""

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
from lstm_forecasting.processes.events import BackendAnswers, BackendFailed, BackendStarted
from lstm_plugins.config import Precision

Place = tuple[str, Precision, str]
"""A cell of the matrix: backend, precision and name of the level."""


@dataclass(frozen=True, eq=False)
class CheckState:
    """A cross-check, running or finished.

    Attributes:
        check: the plan.
        results: levels judged so far, by place in the matrix.
        descriptions: of the backends that answer, by short name.
        diagnoses: by backend and precision.
        deaths: processes that ended too early, in order.
        stopping: whether the user asked it to stop.
        stopped: whether it ended without a result.
        result: of the finished check.
        problem: why the whole check failed, in one sentence.
    """

    check: CrossCheck
    results: Mapping[Place, tuple[LevelResult, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, BackendAnswers] = field(default_factory=dict)
    diagnoses: Mapping[tuple[str, Precision], Diagnosis] = field(default_factory=dict)
    deaths: tuple[BackendFailed, ...] = ()
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
        """The number of judged levels, of all probes and backends."""
        return sum(len(results) for results in self.results.values())

    def summary(self, backend: str, precision: Precision, level: Level) -> LevelSummary:
        """A cell of the matrix, from the levels judged so far."""
        own = self.results.get((backend, precision, level.name), ())
        return summarise(own, backend, precision, level)

    def asks(self, precision: Precision, level: Level) -> bool:
        """Whether a level is asked in a precision."""
        return any(
            request.precision == precision and level in request.levels for request in self.check.requests
        )

    def after(self, happened: Iterable[events.CrossCheckEvent]) -> CheckState:
        """The state after these events."""
        results, descriptions = dict(self.results), dict(self.descriptions)
        diagnoses, deaths, result = dict(self.diagnoses), list(self.deaths), self.result
        for event in happened:
            match event:
                case events.LevelJudged(judged):
                    place = (judged.backend, judged.precision, judged.level.name)
                    results[place] = (*results.get(place, ()), judged)
                case BackendAnswers():
                    descriptions[event.backend] = event
                case BackendFailed():
                    deaths.append(event)
                case events.BackendDiagnosed():
                    diagnoses[event.backend, event.precision] = event.diagnosis
                case events.CrossCheckFinished():
                    result = event.result
                case events.CrossCheckStarted() | BackendStarted():
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
        """The outcome for every backend, by short name; empty until the end."""
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
        """The diagnosis or the progress: a sign and a sentence for every backend.

        Signs are ✓ (agrees), ✗ (differs), ~ (checked incompletely), and a blank while it is running.
        """
        if self.problem:
            return (("✗", f"The cross-check broke down: {self.problem}"),)
        if self.result is not None:
            return tuple(_findings(self.result, titles))
        return tuple(self._so_far(backend, titles) for backend in self.check.backends)

    def _so_far(self, backend: str, titles: Mapping[str, str]) -> tuple[str, str]:
        own = [one for results in self.results.values() for one in results if one.backend == backend]
        total = self.check.levels_of(backend)
        for precision in self.check.precisions:
            diagnosis = self.diagnoses.get((backend, precision))
            if diagnosis is not None and diagnosis.findings:
                return "✗", f"{titles[backend]} in {precision} {diagnosis.sentence}."
        failed = next((one for one in own if one.state == "failed"), None)
        if failed is not None:
            where = f"{titles[backend]}: {failed.level.title} failed in {failed.precision}"
            return "✗", f"{where}: {failure_text(failed)}."
        if any(one.state in ("unasked", "unsupported") for one in own):
            return "~", f"{titles[backend]} did not answer all levels."
        if not own and self.stopped:
            return "~", f"{titles[backend]} was not checked."
        if not own:
            words = "is answering" if backend in self.descriptions else "is starting"
            return " ", f"{titles[backend]} {words} …"
        if len(own) == total:
            return "✓", f"{titles[backend]} agrees with the reference."
        return " ", f"{titles[backend]} agrees so far: {len(own)} of {total} levels."


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
        return "~ checked incompletely"
    levels = (result.first_failure(backend, precision) for precision in result.check.precisions)
    return f"✗ fails first at {next(level.title for level in levels if level is not None)}"


def _sign(result: CrossCheckResult, backend: str) -> str:
    states = {one.state for one in result.of(backend)}
    if "failed" in states:
        return "✗"
    return "✓" if states <= {"passed", "shown"} and backend not in result.failures else "~"
