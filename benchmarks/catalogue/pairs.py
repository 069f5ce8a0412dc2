"""Measures whether two deviations in one backend are both named."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from benchmarks.catalogue.measuring import BY_NAME, answers_to

from lstm_conformance.checks import Observation, judge_level
from lstm_conformance.deviations import CATALOGUE, Deviation
from lstm_conformance.diagnosis import diagnose
from lstm_conformance.explaining import Explainer
from lstm_conformance.levels import LEVELS
from lstm_conformance.planting import Planted
from lstm_conformance.probe import Probe

Pair = tuple[Deviation, Deviation]


@dataclass(frozen=True)
class PairRow:
    """The result of two deviations in one backend.

    Attributes:
        names: names of the deviations.
        at_one_level: whether both must be caught at the same level.
        named: for each finding, in the order of levels, its explanations.
        sentence: the diagnosis.
    """

    names: tuple[str, str]
    at_one_level: bool
    named: tuple[tuple[tuple[str, ...], ...], ...]
    sentence: str

    @property
    def both_named(self) -> bool:
        """Whether the diagnosis names both, each at its level."""
        if self.at_one_level:
            return bool(self.named) and set(self.names) in [set(one) for one in self.named[0]]
        return len(self.named) == 2 and all(
            (name,) in found for name, found in zip(self.names, self.named, strict=True)
        )

    @property
    def equal_in_effect(self) -> bool:
        """Whether something equivalent to both was named, such as a third order of gates."""
        return not self.both_named and bool(self.named) and all(self.named)


class PairBench:
    """Draws and measures pairs on one probe; their common values are computed once."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._explainer = Explainer()

    def draw(self, count: int, *, at_one_level: bool, seed: int = 0) -> Iterator[Pair]:
        """Random pairs whose deviations both show on the probe; at one level, their effects must differ."""
        shown = [one for one in CATALOGUE if one.precision is None and self._shows(one)]
        pairs = [pair for pair in combinations(shown, 2) if (pair[0].level == pair[1].level) is at_one_level]
        generator = random.Random(seed)  # noqa: S311 - a sample, not a secret
        drawn = 0
        for pair in generator.sample(pairs, len(pairs)):
            if drawn == count:
                return
            first, second = sorted(pair, key=lambda one: LEVELS.index(BY_NAME[one.level]))
            if not at_one_level or self._acts_together((first, second)):
                drawn += 1
                yield first, second

    def measure(self, pair: Pair) -> PairRow:
        """Plants both and diagnoses the result."""
        answers = answers_to(pair, self._probe, BY_NAME[pair[1].level])
        diagnosis = diagnose([answers], explainer=self._explainer)
        return PairRow(
            (pair[0].name, pair[1].name),
            pair[0].level == pair[1].level,
            tuple(finding.explanations for finding in diagnosis.findings),
            diagnosis.sentence,
        )

    def _answer(self, planted: Planted, level: str) -> Observation:
        return self._explainer.plantings.answer(planted, self._probe, BY_NAME[level])

    def _shows(self, deviation: Deviation) -> bool:
        if not deviation.applies(self._probe):
            return False
        observation = self._answer((deviation,), deviation.level)
        return judge_level(self._probe, BY_NAME[deviation.level], observation).state == "failed"

    def _acts_together(self, pair: Pair) -> bool:
        both = self._answer(pair, pair[0].level)
        fewer: Sequence[Planted] = ((), pair[:1], pair[1:])
        return not both.error and not any(_same(both, self._answer(one, pair[0].level)) for one in fewer)


def _same(one: Observation, other: Observation) -> bool:
    if other.error or one.tensors.keys() != other.tensors.keys():
        return False
    return all(
        array.shape == other.tensors[name].shape
        and np.allclose(array, other.tensors[name], rtol=1e-9, atol=1e-12, equal_nan=True)
        for name, array in one.tensors.items()
    )


def report(rows: Sequence[PairRow]) -> str:
    """The table, followed by all pairs that were not named."""
    lines = [f"{'two deviations':18}{'pairs':>9}{'both named':>14}{'equal in effect':>18}{'not named':>12}"]
    for words, at_one_level in (("at one level", True), ("at two levels", False)):
        of = [row for row in rows if row.at_one_level is at_one_level]
        both, equal = sum(row.both_named for row in of), sum(row.equal_in_effect for row in of)
        lines.append(f"{words:18}{len(of):9}{both:14}{equal:18}{len(of) - both - equal:12}")
    lines += [
        f"{' + '.join(row.names)}: {row.sentence}"
        for row in rows
        if not (row.both_named or row.equal_in_effect)
    ]
    return "\n".join(lines)
