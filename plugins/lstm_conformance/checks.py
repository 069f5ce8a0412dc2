"""The levels of any `Forecaster`, judged one after the other.

`observe` can run where the framework is, in a process of its own; `judge_level` needs NumPy only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.observing import load_another_series, prepare
from lstm_conformance.probe import Probe
from lstm_conformance.recomputing import Tensors
from lstm_conformance.tolerance import Verdict, judge_tensors, measure_changes, worst_of
from lstm_plugins.config import Precision
from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Weights

State = Literal["passed", "failed", "follows", "shown", "unsupported", "unasked"]
MakeForecaster = Callable[[Probe], Forecaster]
MakeReference = Callable[[Probe], ReferenceForecaster]


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
class LevelResult:
    """The judged answer of one backend to one level of one probe.

    Attributes:
        probe: the probe.
        level: the level.
        state: passed; failed; follows (failed, and an earlier level of the probe failed before it); shown
            (not judged: a trajectory in float32); unsupported; unasked (its process had ended before).
            Neither unsupported nor unasked is ever a pass.
        verdicts: one for each tensor.
        problem: why there are no verdicts; "" where there are.
        precision: in which the backend computed, and in which it is judged.
        observation: what was judged.
        backend: short name of the backend; "" where there is only one.
    """

    probe: Probe
    level: Level
    state: State
    precision: Precision
    verdicts: tuple[Verdict, ...] = ()
    problem: str = ""
    observation: Observation = field(default_factory=Observation)
    backend: str = ""

    @property
    def worst(self) -> Verdict | None:
        """The tensor that is furthest beyond its tolerance: the first without a comparison, if any."""
        return worst_of(self.verdicts)

    def expected(self) -> Tensors:
        """The tensors that the reference computes.

        Raises:
            ValueError: the backend's arrays have shapes that the reference cannot use.
            KeyError: an array that the reference needs is missing.
        """
        with np.errstate(all="ignore"):
            return recompute(self.probe, self.level, self.observation.tensors)


def make_reference(probe: Probe) -> ReferenceForecaster:
    """The reference for a probe, its series loaded and its weights the probe's."""
    columns = (probe.features, probe.series.targets)
    reference = ReferenceForecaster(probe.config, *columns, **probe.extra_columns)
    prepare(reference, probe)
    return reference


def observe(
    make: MakeForecaster, probe: Probe, levels: Iterable[Level] = LEVELS
) -> Iterator[tuple[Level, Observation]]:
    """Asks a backend level by level; errors become part of the observation.

    `make` returns a fresh forecaster for the probe's config and columns.
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


def judge_level(
    probe: Probe,
    level: Level,
    observation: Observation,
    *,
    earlier: Iterable[LevelResult] = (),
    backend: str = "",
    precision: Precision | None = None,
) -> LevelResult:
    """Compares one level's observation with the reference, under docs/specification.md section 8.

    A failure follows from another one if `earlier` has a failure of the same probe and backend. `precision`
    is that of the backend; None for the probe's, in which the reference computes.
    """
    precision = precision or probe.config.precision
    state, verdicts, problem = _judged(probe, level, observation, precision)
    if state == "failed" and any(
        one.state == "failed" and one.probe is probe and one.backend == backend for one in earlier
    ):
        state = "follows"
    return LevelResult(probe, level, state, precision, verdicts, problem, observation, backend)


def _judged(
    probe: Probe, level: Level, observation: Observation, precision: Precision
) -> tuple[State, tuple[Verdict, ...], str]:
    if observation.unsupported:
        return "unsupported", (), observation.unsupported
    if observation.error:
        return "failed", (), observation.error
    observed = observation.tensors
    shown = not level.judged_in_float32 and precision == "float32"
    try:
        with np.errstate(all="ignore"):
            expected = recompute(probe, level, observed)
    except (KeyError, ValueError, IndexError) as error:
        return "failed", (), f"the reference cannot follow, an array is missing or misshapen ({error})"

    def measure(evaluations: int) -> Mapping[str, float]:
        with np.errstate(all="ignore"):
            if shown:
                return {}
            if level.recompute is None:
                return _own_changes(probe, level, evaluations, precision)
            changes = reference_changes(probe, level, make_reference, observed, evaluations, precision)
            if not level.two_passes:
                return changes
            whole = _own_changes(probe, level, evaluations, precision)
            return {**changes, **{name: max(changes[name], whole[name]) for name in level.two_passes}}

    verdicts = judge_tensors(observed, expected, measure, probe.config.steps, precision, exact=level.exact)
    if shown:
        return "shown", verdicts, ""
    return "passed" if all(verdict.passed for verdict in verdicts) else "failed", verdicts, ""


def recompute(probe: Probe, level: Level, observed: Tensors) -> Tensors:
    """What the observed tensors should be."""
    if level.recompute is None:
        return _own(probe, level)
    return level.recompute(make_reference(probe), probe, observed)


def reference_changes(
    probe: Probe, level: Level, make: MakeReference, observed: Tensors, evaluations: int, precision: Precision
) -> Mapping[str, float]:
    """The change of a level's tensors when weights, series and observed inputs move by one eps.

    `make` returns a reference for the probe, perhaps a deviating one; `observed` has the inputs of levels
    that recompute. The rest is as in `tolerance.measure_changes`.
    """
    inputs = {f"observed/{name}": array for name, array in observed.items() if array.dtype.kind == "f"}

    def evaluate(arrays: Weights, values: NDArray[np.float64]) -> Tensors:
        reference = make(probe)
        reference.load_series(replace(probe.series, values=values))
        reference.load_weights({name: arrays[name] for name in probe.weights})
        if level.recompute is None or not observed:
            return level.observe(reference, probe)
        moved = {name: arrays.get(f"observed/{name}", array) for name, array in observed.items()}
        return level.recompute(reference, probe, moved)

    weights = {**probe.weights, **inputs}
    return measure_changes(evaluate, weights, probe.series.values, precision, evaluations)


def check_forecaster(
    make: MakeForecaster, probes: Iterable[Probe], levels: Iterable[Level] = LEVELS
) -> Iterator[LevelResult]:
    """Yields the results of all levels of all probes, in order, as they are judged.

    `make` returns a fresh forecaster for a probe, such as
    `lambda probe: MyForecaster(probe.config, probe.features, probe.series.targets)`. A backend that does not
    implement all of a probe's `additions` should not be given the probe; one that does gets the probe's
    `extra_columns` too.
    """
    levels = tuple(levels)
    for probe in probes:
        results: list[LevelResult] = []
        for level, observation in observe(make, probe, levels):
            results.append(judge_level(probe, level, observation, earlier=results))
            yield results[-1]


@lru_cache(maxsize=256)
def _own(probe: Probe, level: Level) -> Tensors:
    """The reference's own answer; the same for every backend."""
    return level.observe(make_reference(probe), probe)


@lru_cache(maxsize=256)
def _own_changes(probe: Probe, level: Level, evaluations: int, precision: Precision) -> Mapping[str, float]:
    return reference_changes(probe, level, make_reference, {}, evaluations, precision)
