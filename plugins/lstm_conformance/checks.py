"""The levels of any `Forecaster`, judged one after the other.

`observe` can run where the framework is, in a process of its own; `judge` needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.observing import load_another_series, prepare
from lstm_conformance.probes import Probe
from lstm_conformance.recomputing import Tensors
from lstm_conformance.tolerance import (
    EVALUATIONS,
    Verdict,
    allowed_error,
    judge,
    measure_changes,
)
from lstm_plugins.config import Precision
from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Weights

State = Literal["passed", "failed", "follows", "shown", "unsupported"]
MakeForecaster = Callable[[Probe], Forecaster]
MakeReference = Callable[[Probe], ReferenceForecaster]
Measure = Callable[[int], Mapping[str, float]]
"""From a number of perturbed evaluations to the largest change of each tensor."""

HOPELESS = 1e3
"""How far beyond a tolerance from one evaluation an error is not judged by more of them."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What a backend answered to one level of a probe.

    Attributes:
        tensors: named arrays; empty where it could not answer.
        unsupported: why it says that it cannot, in its own words; "" otherwise.
        error: type and text of any other exception; "" otherwise.
    """

    tensors: Tensors = field(default_factory=dict)
    unsupported: str = ""
    error: str = ""


@dataclass(frozen=True, eq=False)
class CheckResult:
    """The verdict on one level of one probe.

    Attributes:
        probe: the probe's name.
        level: the level's name.
        state: passed; failed; follows (failed, and an earlier level of the probe failed before it); shown
            (not judged: a trajectory in float32); unsupported (never a pass).
        verdicts: of each tensor.
        problem: why there are no verdicts; "" where there are.
    """

    probe: str
    level: str
    state: State
    verdicts: tuple[Verdict, ...]
    problem: str = ""

    @property
    def worst(self) -> Verdict | None:
        """The tensor that is furthest beyond its tolerance: the first without a comparison, if any."""
        if not self.verdicts:
            return None
        return max(self.verdicts, key=_severity)


def make_reference(probe: Probe) -> ReferenceForecaster:
    """The reference for a probe, its series loaded and its weights the probe's."""
    reference = ReferenceForecaster(probe.config, probe.features, probe.series.targets)
    prepare(reference, probe)
    return reference


def observe(
    make: MakeForecaster, probe: Probe, levels: Iterable[Level] = LEVELS
) -> Iterator[tuple[Level, Observation]]:
    """Asks a backend level by level; whatever it raises becomes part of the observation.

    Args:
        make: gives a fresh forecaster for the probe's config and columns.
        probe: the question.
        levels: which to ask, in order.
    """
    kept: list[Forecaster] = []

    def ask(level: Level) -> Tensors:
        if level.fresh:
            return level.observe(make(probe), probe)
        if not kept:
            kept.append(make(probe))
            load_another_series(kept[0], probe)
        prepare(kept[0], probe)
        return level.observe(kept[0], probe)

    for level in levels:
        try:
            observation = Observation({name: np.array(array) for name, array in ask(level).items()})
        except UnsupportedError as error:
            observation = Observation(unsupported=str(error) or "not supported")
        except Exception as error:  # noqa: BLE001 - a foreign backend may raise anything: that is the finding
            observation = Observation(error=f"{type(error).__name__}: {error}")
        yield level, observation


def judge_level(probe: Probe, level: Level, observation: Observation) -> CheckResult:
    """Holds one level's observation against the reference, under docs/specification.md section 8."""
    if observation.unsupported:
        return CheckResult(probe.name, level.name, "unsupported", (), observation.unsupported)
    if observation.error:
        return CheckResult(probe.name, level.name, "failed", (), observation.error)
    observed = observation.tensors
    shown = not level.judged_in_float32 and probe.config.precision == "float32"
    try:
        with np.errstate(all="ignore"):
            expected = recompute(probe, level, observed)
    except (KeyError, ValueError, IndexError) as error:
        problem = f"the reference cannot follow, an array is missing or has another shape ({error})"
        return CheckResult(probe.name, level.name, "failed", (), problem)

    def measure(evaluations: int) -> Mapping[str, float]:
        with np.errstate(all="ignore"):
            if shown:
                return {}
            if level.recompute is None:
                return _own_changes(probe, level, evaluations)
            changes = reference_changes(probe, level, make_reference, observed, evaluations)
            if not level.two_passes:
                return changes
            whole = _own_changes(probe, level, evaluations)
            return {**changes, **{name: max(changes[name], whole[name]) for name in level.two_passes}}

    verdicts = judge_tensors(probe, level, observed, expected, measure)
    if shown:
        return CheckResult(probe.name, level.name, "shown", verdicts)
    good = all(verdict.passed for verdict in verdicts)
    return CheckResult(probe.name, level.name, "passed" if good else "failed", verdicts)


def recompute(probe: Probe, level: Level, observed: Tensors) -> Tensors:
    """What the observed tensors should be."""
    if level.recompute is None:
        return _own(probe, level)
    return level.recompute(make_reference(probe), probe, observed)


def judge_tensors(
    probe: Probe,
    level: Level,
    observed: Tensors,
    expected: Tensors,
    measure: Measure,
    precision: Precision | None = None,
) -> tuple[Verdict, ...]:
    """A verdict on every tensor; the floor is measured only where the fixed tolerance does not suffice.

    Args:
        probe: the question.
        level: the level.
        observed: what the backend answered.
        expected: what it should have answered.
        measure: the floor.
        precision: in which it is judged; None for the probe's.
    """
    verdicts: tuple[Verdict, ...] = ()
    for evaluations in (0, 1, EVALUATIONS):
        changes = measure(evaluations) if evaluations else {}
        verdicts = _verdicts(probe, level, observed, expected, changes, precision)
        failed = [verdict for verdict in verdicts if not verdict.passed and not verdict.problem]
        if not failed or level.exact:
            break
        if evaluations == 1 and any(verdict.error > HOPELESS * verdict.allowed for verdict in failed):
            break
    return verdicts


def reference_changes(
    probe: Probe,
    level: Level,
    make: MakeReference,
    observed: Tensors,
    evaluations: int = EVALUATIONS,
    precision: Precision | None = None,
) -> Mapping[str, float]:
    """How far a level's tensors move when weights, series and observed inputs move by one eps.

    Args:
        probe: the question.
        level: the level.
        make: gives a reference for the probe, perhaps one that deviates.
        observed: what is moved beside the probe, for levels that recompute; empty for none.
        evaluations: see `tolerance.measure_changes`.
        precision: whose eps is meant; None for the probe's.
    """
    inputs = {f"observed/{name}": array for name, array in observed.items() if array.dtype.kind == "f"}

    def evaluate(arrays: Weights, values: NDArray[np.float64]) -> Tensors:
        reference = make(probe)
        series = SeriesSet(values, probe.series.targets, probe.series.lengths)
        reference.load_series(series)
        reference.load_weights({name: arrays[name] for name in probe.weights})
        if level.recompute is None or not observed:
            return level.observe(reference, probe)
        moved = {name: arrays.get(f"observed/{name}", array) for name, array in observed.items()}
        return level.recompute(reference, probe, moved)

    weights = {**probe.weights, **inputs}
    precision = precision or probe.config.precision
    return measure_changes(evaluate, weights, probe.series.values, precision, evaluations)


def check_forecaster(
    make: MakeForecaster, probes: Iterable[Probe], levels: Iterable[Level] = LEVELS
) -> Iterator[CheckResult]:
    """All levels of all probes in order; a generator, so that a screen or a test can follow.

    Args:
        make: gives a fresh forecaster for a probe, such as
            `lambda probe: MyForecaster(probe.config, probe.features, probe.series.targets)`.
        probes: see `conformance.probes`.
        levels: which to check.
    """
    levels = tuple(levels)
    for probe in probes:
        failed = False
        for level, observation in observe(make, probe, levels):
            result = judge_level(probe, level, observation)
            yield following(result) if failed else result
            failed = failed or result.state == "failed"


def following(result: CheckResult) -> CheckResult:
    """The same result after an earlier level failed: a failure is then no finding of its own."""
    if result.state != "failed":
        return result
    return CheckResult(result.probe, result.level, "follows", result.verdicts, result.problem)


@lru_cache(maxsize=256)
def _own(probe: Probe, level: Level) -> Tensors:
    """The reference's own answer; the same for every backend."""
    return level.observe(make_reference(probe), probe)


@lru_cache(maxsize=256)
def _own_changes(probe: Probe, level: Level, evaluations: int) -> Mapping[str, float]:
    return reference_changes(probe, level, make_reference, {}, evaluations)


def _verdicts(
    probe: Probe,
    level: Level,
    observed: Tensors,
    expected: Tensors,
    changes: Mapping[str, float],
    precision: Precision | None,
) -> tuple[Verdict, ...]:
    precision = precision or probe.config.precision

    def allowed(name: str) -> float:
        if level.exact or expected[name].dtype.kind in "iu":
            return 0.0
        return allowed_error(expected[name], changes.get(name, 0.0), probe.config.steps, precision)

    verdicts = [
        judge(name, observed.get(name), tensor, allowed(name), precision) for name, tensor in expected.items()
    ]
    nan = float("nan")
    verdicts += [
        Verdict(name, False, nan, 0.0, 0.0, None, nan, "the reference has no such tensor")
        for name in observed
        if name not in expected
    ]
    return tuple(verdicts)


def _severity(verdict: Verdict) -> float:
    if verdict.problem:
        return np.inf
    if verdict.allowed:
        return verdict.error / verdict.allowed
    return 0.0 if verdict.passed else np.inf
