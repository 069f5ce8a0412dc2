"""The levels of any `Forecaster`, judged one after the other.

`observe` can run where the framework is, in a process of its own; `judge` needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.conformance.levels import LEVELS, Level, prepare
from lstm_plugins.conformance.probes import Probe
from lstm_plugins.conformance.recomputing import Tensors
from lstm_plugins.conformance.tolerance import Verdict, allowed_error, judge, measure_changes
from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import Forecaster, SeriesSet
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Weights

State = Literal["passed", "failed", "follows", "shown", "unsupported"]
MakeForecaster = Callable[[Probe], Forecaster]


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
    forecaster = make(probe)
    for level in levels:
        try:
            if level.fresh:
                asked = make(probe)
            else:
                asked = forecaster
                prepare(asked, probe)
            tensors = {name: np.array(array) for name, array in level.observe(asked, probe).items()}
            yield level, Observation(tensors)
        except UnsupportedError as error:
            yield level, Observation(unsupported=str(error))
        except Exception as error:  # noqa: BLE001 - a foreign backend may raise anything: that is the finding
            yield level, Observation(error=f"{type(error).__name__}: {error}")


def judge_level(probe: Probe, level: Level, observation: Observation) -> CheckResult:
    """Holds one level's observation against the reference, under docs/specification.md section 8."""
    if observation.unsupported:
        return CheckResult(probe.name, level.name, "unsupported", (), observation.unsupported)
    if observation.error:
        return CheckResult(probe.name, level.name, "failed", (), observation.error)
    try:
        expected = recompute(make_reference(probe), probe, level, observation.tensors)
    except (KeyError, ValueError, IndexError) as error:
        problem = f"the reference cannot follow, an array is missing or has another shape ({error})"
        return CheckResult(probe.name, level.name, "failed", (), problem)
    verdicts = _verdicts(probe, level, observation.tensors, expected, {})
    if not level.exact and any(not verdict.passed and not verdict.problem for verdict in verdicts):
        # Measuring the floor costs four more passes: done only where the fixed tolerance does not suffice.
        changes = reference_changes(probe, level, observation.tensors)
        verdicts = _verdicts(probe, level, observation.tensors, expected, changes)
    good = all(verdict.passed for verdict in verdicts)
    if not level.judged_in_float32 and probe.config.precision == "float32":
        return CheckResult(probe.name, level.name, "shown", verdicts)
    return CheckResult(probe.name, level.name, "passed" if good else "failed", verdicts)


def recompute(reference: ReferenceForecaster, probe: Probe, level: Level, observed: Tensors) -> Tensors:
    """What the observed tensors should be."""
    if level.recompute is not None:
        return level.recompute(reference, probe, observed)
    return level.observe(reference, probe)


def reference_changes(probe: Probe, level: Level, observed: Tensors) -> Mapping[str, float]:
    """How far a level's tensors move when weights, series and observed inputs move by one eps."""
    inputs = {f"observed/{name}": array for name, array in observed.items() if array.dtype.kind == "f"}

    def evaluate(arrays: Weights, values: NDArray[np.float64]) -> Tensors:
        reference = make_reference(probe)
        series = SeriesSet(values, probe.series.targets, probe.series.lengths)
        reference.load_series(series)
        reference.load_weights({name: arrays[name] for name in probe.weights})
        moved = {name: arrays.get(f"observed/{name}", array) for name, array in observed.items()}
        return recompute(reference, probe, level, moved)

    return measure_changes(evaluate, {**probe.weights, **inputs}, probe.series.values, probe.config.precision)


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


def _verdicts(
    probe: Probe, level: Level, observed: Tensors, expected: Tensors, changes: Mapping[str, float]
) -> tuple[Verdict, ...]:
    precision = probe.config.precision

    def allowed(name: str) -> float:
        if level.exact or expected[name].dtype.kind in "iu":
            return 0.0
        return allowed_error(expected[name], changes.get(name, 0.0), probe.config.steps, precision)

    return tuple(
        judge(name, observed.get(name), tensor, allowed(name), precision) for name, tensor in expected.items()
    )


def _severity(verdict: Verdict) -> float:
    if verdict.problem:
        return np.inf
    if verdict.allowed:
        return verdict.error / verdict.allowed
    return 0.0 if verdict.passed else np.inf
