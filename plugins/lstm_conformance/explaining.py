"""The search for deviations that make the reference answer like a backend at one level."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.checks import Observation
from lstm_conformance.deviations import CATALOGUE, Deviation
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.planting import Answers, Planted, Plantings, coarsest
from lstm_conformance.probe import Probe

WHOLE_FITS = ("trajectory", "checkpoint")
MOST_PAIRS = 3500
"""How many pairs are tried on a small network, the most plausible first."""
PAIR_RUNS = {"loss": 400, "gradients": 800, "two steps": 200} | dict.fromkeys(WHOLE_FITS, 400)
"""The same at levels that cost more."""
SMALL = 6000
"""Weights times steps of a small network; on a larger one fewer pairs are tried."""
TRACED = ("head input", "output", "traced prediction")
"""Tensors of the level prediction that come from the trace; the others come from `predict`."""


@dataclass(frozen=True)
class Explanation:
    """Deviations with which the reference answers like the backend.

    Attributes:
        deviations: one, or two that act together.
        error: the largest that is left, in units of a tensor's largest entry.
        tensors: the tensors of `fit` and `predict`, where only these are explained since the trace is right;
            None where all are explained.
    """

    deviations: Planted
    error: float
    tensors: frozenset[str] | None = None


class Explainer:
    """Explains levels by a catalogue; `plantings` has the answers of the deviating references."""

    def __init__(
        self,
        catalogue: Sequence[Deviation] = CATALOGUE,
        *,
        levels: Sequence[Level] = LEVELS,
        parts: Sequence[Deviation] = (),
        paired: Collection[Deviation] | None = None,
        most_pairs: int | None = None,
    ) -> None:
        """Prepares it.

        Args:
            catalogue: deviations tried first.
            levels: all there are, in order.
            parts: deviations of a part of the network, tried where none of the catalogue explains a level.
            paired: those of the catalogue that are tried two at a time; None for all.
            most_pairs: how many pairs are tried; None for a number that depends on the level and the network.
        """
        self.levels = tuple(levels)
        self.plantings = Plantings(levels)
        self._catalogue = catalogue
        self._parts = parts
        self._paired = paired
        self._most_pairs = most_pairs

    def explains(
        self, planted: Planted, answers: Answers, level: Level, tensors: frozenset[str] | None = None
    ) -> bool:
        """Whether the reference with these deviations answers one probe like the backend."""
        if coarsest(planted) is not None and not level.judged_in_float32:
            return True
        return self.plantings.error(planted, answers, level, tensors) is not None

    def explanations(
        self, answers: Sequence[Answers], level: Level, planted: Planted = ()
    ) -> tuple[Explanation, ...]:
        """The simplest explanations of a failed level, all of one kind, after those of earlier levels."""
        asked = _simplest_first(answers, level)
        if not asked or self._at_the_edge(asked, level, planted):
            return ()
        own = [one for one in self._catalogue if one not in planted and self._shows(one, level, answers)]
        exact = [(one,) for one in own if one.precision is None]
        # A coarse tolerance would also accept a few wrong numbers, but rounding affects most numbers.
        rounded = any(one.precision for one in (*own, *self._parts)) and _off_everywhere(asked[0], level)
        coarse = [(one,) for one in own if one.precision is not None and rounded]
        parts = [(one,) for one in self._parts if one.precision is None or rounded]
        for candidates in (exact, coarse):
            found = self._fitting(candidates, asked, level, planted, None)
            if found:
                return found
        found = self._in_production(asked, level, planted)
        found = found or self._fitting(parts, asked, level, planted, None)
        if found:
            return found
        pairs = self._pairs(exact, asked[0], level, planted)
        # The order can matter: a kernel read in another order, whose gates are then exchanged.
        for ordered in (pairs, [pair[::-1] for pair in pairs]):
            found = self._fitting(ordered, asked, level, planted, None)
            if found:
                return found
        return ()

    def separates(self, found: Sequence[Explanation], planted: Planted, probe: Probe, level: Level) -> bool:
        """Whether a backend's answer to a probe would tell the explanations apart."""
        first, *others = (self.plantings.answer((*planted, *one.deviations), probe, level) for one in found)
        return any(_different(first, other) for other in others)

    def _at_the_edge(self, asked: Sequence[Answers], level: Level, planted: Planted) -> bool:
        """Whether what is planted already explains every failed answer.

        Otherwise any deviation that changes nothing would explain a level that failed by rounding alone.
        """
        failing = [one for one in asked if one.failed(level)]
        return all(self.plantings.error(planted, one, level) is not None for one in failing)

    def _fitting(
        self,
        candidates: Iterable[Planted],
        asked: Sequence[Answers],
        level: Level,
        planted: Planted,
        tensors: frozenset[str] | None,
    ) -> tuple[Explanation, ...]:
        found = []
        for candidate in candidates:
            largest = 0.0
            whole = any(one.mixes_windows or one.remembers for one in candidate)
            for one in asked:
                if one.excerpt and whole:
                    continue
                error = self.plantings.error((*planted, *candidate), one, level, tensors)
                if error is None:
                    break
                largest = max(largest, error)
            else:
                found.append(Explanation(candidate, largest, tensors))
        return tuple(found)

    def _in_production(
        self, asked: Sequence[Answers], level: Level, planted: Planted
    ) -> tuple[Explanation, ...]:
        """Deviations of earlier levels that explain only the tensors of the path that failed."""
        if level.name in WHOLE_FITS:
            return ()
        failing = [one for one in asked if one.failed(level)]
        tensors = frozenset().union(*(_of_failed_path(one, level) for one in failing))
        if not tensors:
            return ()
        before = {one.name for one in self.levels[: self.levels.index(level)]}
        earlier = [
            (one,)
            for one in self._catalogue
            if one.level in before and one.precision is None and one not in planted
        ]
        return self._fitting(earlier, failing, level, planted, tensors)

    def _pairs(
        self, singles: Sequence[Planted], answers: Answers, level: Level, planted: Planted
    ) -> list[Planted]:
        """Pairs of deviations, the most plausible first.

        A pair is plausible if it changes what failed and nothing else, and if one of the two alone explains
        many tensors.
        """
        probe, given = answers.probe, answers.results[level.name].observation
        passed = {one.tensor for one in answers.results[level.name].verdicts if one.passed}
        failed = given.tensors.keys() - passed
        paired = [one for one in singles if self._paired is None or one[0] in self._paired]
        applying = [one for one in paired if one[0].applies(probe)]
        without = self.plantings.answer(planted, probe, level)
        agreeing, altered = {}, {}
        for one in applying:
            answer = self.plantings.answer((*planted, *one), probe, level)
            agreeing[one] = _agreeing(given, answer)
            altered[one] = given.tensors.keys() - _agreeing(without, answer)

        def implausible(pair: tuple[Planted, Planted]) -> tuple[int, int]:
            both = altered[pair[0]] | altered[pair[1]]
            return len(both & passed) + len(failed - both), -len(agreeing[pair[0]] | agreeing[pair[1]])

        different = (pair for pair in combinations(applying, 2) if not _same_family(pair[0][0], pair[1][0]))
        pairs = sorted(different, key=implausible)
        most = self._most_pairs
        if most is None:
            most = PAIR_RUNS.get(level.name, MOST_PAIRS) * SMALL // max(SMALL, _size(probe))
        return [(*first, *second) for first, second in pairs[:most]]

    def _shows(self, deviation: Deviation, level: Level, answers: Sequence[Answers]) -> bool:
        """Whether a deviation can show first at a level: its own, or one after its own was not answered."""
        if deviation.level == level.name:
            return True
        own = next(one for one in self.levels if one.name == deviation.level)
        if self.levels.index(own) > self.levels.index(level):
            return False
        results = [one.results.get(own.name) for one in answers]
        return all(result is None or result.state == "unsupported" for result in results)


def _of_failed_path(answers: Answers, level: Level) -> frozenset[str]:
    """The tensors of the path that failed: the trace, `predict`, or the path of `fit`.

    Gradients and updates have one path each. At the level loss the predictions are one path, and each loss is
    another.
    """
    verdicts = answers.results[level.name].verdicts
    failed = {verdict.tensor for verdict in verdicts if not verdict.passed}
    if level.name == "loss":
        return frozenset(failed)
    return frozenset(
        verdict.tensor
        for verdict in verdicts
        if any((verdict.tensor in TRACED) == (tensor in TRACED) for tensor in failed)
    )


def _simplest_first(answers: Sequence[Answers], level: Level) -> list[Answers]:
    """Those that can be compared with a reference: failed ones first, then cheap ones."""
    judged = [
        one
        for one in answers
        if level.name in one.results and one.results[level.name].state not in ("unsupported", "shown")
    ]

    def cost(one: Answers) -> tuple[bool, int]:
        return not one.failed(level), _size(one.probe)

    return sorted(judged, key=cost)


def _off_everywhere(answers: Answers, level: Level) -> bool:
    """Whether most numbers of what failed are off."""
    compared = [one for one in answers.results[level.name].verdicts if not one.passed and not one.problem]
    if not compared:
        return False
    result = answers.results[level.name]
    observed, expected = result.observation.tensors, result.expected()
    shares = [
        np.mean(np.abs(observed[one.tensor].astype(np.float64) - expected[one.tensor]) > one.allowed)
        for one in compared
    ]
    return bool(np.mean(shares) > 0.5)


def _size(probe: Probe) -> int:
    """The cost of an answer, in weights times steps."""
    return sum(array.size for array in probe.weights.values()) * probe.config.steps


def _same_family(one: Deviation, other: Deviation) -> bool:
    """Two of a family are a third one, such as two orders of gates."""
    return bool(one.family) and one.family == other.family


def _agreeing(given: Observation, expected: Observation) -> frozenset[str]:
    """Names of the tensors that agree in most digits."""
    return frozenset(
        name
        for name, array in expected.tensors.items()
        if name in given.tensors and _alike(given.tensors[name], array)
    )


def _different(one: Observation, other: Observation) -> bool:
    if one.error or other.error or one.tensors.keys() != other.tensors.keys():
        return True
    return not all(_alike(array, other.tensors[name]) for name, array in one.tensors.items())


def _alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    if one.shape != other.shape:
        return False
    share = 1e-5 if one.dtype == np.float32 else 1e-9
    one, other = one.astype(np.float64), other.astype(np.float64)
    with np.errstate(all="ignore"):
        apart = np.abs(one - other).max(initial=0.0)
    return bool(apart <= share * np.abs(other).max(initial=0.0))
