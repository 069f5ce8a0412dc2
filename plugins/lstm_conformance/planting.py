"""The answers of references with deviations planted, and whether a backend's answers are the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_conformance.checks import (
    LevelResult,
    MakeForecaster,
    Observation,
    check_forecaster,
    observe,
    reference_changes,
)
from lstm_conformance.deviations import Deviation, plant_all
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.probe import Probe
from lstm_conformance.tolerance import epsilon, judge_tensors
from lstm_plugins.config import Precision
from lstm_plugins.records import Starts, Trace
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps

Planted = tuple[Deviation, ...]
STEPS = Steps()
MOST_BYTES = 1 << 29
"""Bytes of answers kept in memory."""


@dataclass(frozen=True, eq=False)
class Answers:
    """All that a backend answered to one probe, judged.

    Attributes:
        probe: the probe.
        results: by the level's name; levels may be missing.
        excerpt: True for some windows and steps of another answer, which cost less to try explanations on.
    """

    probe: Probe
    results: Mapping[str, LevelResult]
    excerpt: bool = False

    def failed(self, level: Level) -> bool:
        """Whether the level failed, as the first or after another."""
        result = self.results.get(level.name)
        return result is not None and result.state in ("failed", "follows")


def answers_of(results: Iterable[LevelResult]) -> list[Answers]:
    """The results of one backend by probe, in their order; levels that were not asked are left out."""
    by_probe: dict[Probe, dict[str, LevelResult]] = {}
    for result in results:
        own = by_probe.setdefault(result.probe, {})
        if result.state != "unasked":
            own[result.level.name] = result
    return [Answers(probe, own) for probe, own in by_probe.items()]


def collect_answers(make: MakeForecaster, probe: Probe, levels: Iterable[Level] = LEVELS) -> Answers:
    """Asks a backend levels of one probe and judges them."""
    (answers,) = answers_of(check_forecaster(make, [probe], levels))
    return answers


def make_planted(planted: Planted, probe: Probe, steps: Steps = STEPS) -> ReferenceForecaster:
    """A fresh reference for a probe, with those deviations planted that can show there."""
    columns = (probe.features, probe.series.targets)
    plain = ReferenceForecaster(probe.config, *columns, **probe.extra_columns, steps=steps)
    return plant_all((one for one in planted if one.applies(probe)), plain)


def _undrawn(probe: Probe) -> Steps:
    """The reference's steps without the initial draw of weights, which costs more than some levels."""
    return replace(STEPS, initial_weights=lambda *given: probe.weights)


def _tracing_once(forecaster: ReferenceForecaster) -> ReferenceForecaster:
    """The forecaster, which from now on traces the same windows only once."""
    known: dict[tuple[bytes, bool], Trace] = {}
    trace = forecaster.trace

    def again(starts: Starts, *, derivatives: bool = False) -> Trace:
        key = (starts.tobytes(), derivatives)
        if key not in known:
            known[key] = trace(starts, derivatives=derivatives)
        return known[key]

    forecaster.trace = again  # type: ignore[method-assign]
    return forecaster


def coarsest(planted: Planted) -> Precision | None:
    """The coarser precision in which a reference with these planted computes; None for the backend's."""
    return next((one.precision for one in planted if one.precision is not None), None)


class Plantings:
    """Answers of deviating references, each computed once while there is room for it."""

    def __init__(self, levels: Sequence[Level] = LEVELS) -> None:
        """Prepares for all levels, in the order in which they are asked."""
        self._levels = tuple(levels)
        self._answers: dict[tuple[Planted, Probe, str], Observation] = {}
        self._bytes = 0
        self._changes: dict[tuple[Planted, Probe, str, Precision], Mapping[str, float]] = {}

    def answer(self, planted: Planted, probe: Probe, level: Level) -> Observation:
        """The answer of the reference with these deviations to a level of a probe."""
        key = (planted, probe, level.name)
        if key not in self._answers:
            # Where an answer depends on earlier ones, all earlier levels are asked too.
            before = (
                self._levels[: self._levels.index(level)] if any(one.remembers for one in planted) else ()
            )
            steps = STEPS if level.fresh else _undrawn(probe)

            def make(asked: Probe) -> ReferenceForecaster:
                made = make_planted(planted, asked, steps)
                return made if before else _tracing_once(made)

            with np.errstate(all="ignore"):
                *_, (_, found) = observe(make, probe, (*before, level))
            self._bytes += sum(array.nbytes for array in found.tensors.values())
            if self._bytes > MOST_BYTES:
                self._answers, self._bytes = {}, 0
            self._answers[key] = found
        return self._answers[key]

    def error(
        self, planted: Planted, answers: Answers, level: Level, tensors: Iterable[str] | None = None
    ) -> float | None:
        """The largest error of a backend, at a level, against the reference with these deviations.

        It is in units of a tensor's largest entry, and None if it is beyond the tolerance. Only the named
        tensors count, if any are named.
        """
        probe, result = answers.probe, answers.results[level.name]
        given, expected = result.observation, self.answer(planted, probe, level)
        if given.error or given.unsupported or expected.error or expected.unsupported:
            return None
        wanted = set(expected.tensors) | set(given.tensors) if tensors is None else set(tensors)
        mine = {name: array for name, array in expected.tensors.items() if name in wanted}
        its = {name: array for name, array in given.tensors.items() if name in wanted}
        precision = coarsest(planted) or result.precision

        def measure(evaluations: int) -> Mapping[str, float]:
            # The plain reference's changes, measured once for all, are good enough to find hopeless cases.
            return self._measured(() if evaluations == 1 else planted, probe, level, precision, evaluations)

        verdicts = judge_tensors(its, mine, measure, probe.config.steps, precision, exact=level.exact)
        if not all(verdict.passed for verdict in verdicts):
            return None
        eps = epsilon(precision)
        return max((verdict.error_eps * eps for verdict in verdicts if verdict.error), default=0.0)

    def _measured(
        self, planted: Planted, probe: Probe, level: Level, precision: Precision, evaluations: int
    ) -> Mapping[str, float]:
        key = (planted, probe, level.name, precision)
        if level.fresh or level.exact:
            return {}
        if key not in self._changes:

            def make(asked: Probe) -> ReferenceForecaster:
                return make_planted(planted, asked, _undrawn(asked))

            with np.errstate(all="ignore"):
                self._changes[key] = reference_changes(probe, level, make, {}, evaluations, precision)
        return self._changes[key]
