"""The results of a cross-check, and their summary in a matrix."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lstm_conformance.checks import LevelResult, State
from lstm_conformance.diagnosis import Diagnosis
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.tolerance import Verdict, worst_of
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.shared_code import SharedCheck
from lstm_forecasting.processes.events import BackendAnswers
from lstm_plugins.config import Precision

GRAVEST: tuple[State, ...] = ("failed", "follows", "unasked", "unsupported", "shown", "passed")
"""States by severity; the most severe of several probes is the state of all."""


@dataclass(frozen=True, eq=False)
class LevelSummary:
    """A cell of the matrix: one level of one backend in one precision, over all probes.

    `state` is the most severe one of the results; None if the level is not asked.
    """

    state: State | None
    results: tuple[LevelResult, ...]

    @property
    def worst(self) -> Verdict | None:
        """The worst tensor of the results in the most severe state."""
        return worst_of(one.worst for one in self._gravest if one.worst is not None)

    @property
    def problem(self) -> str:
        """Why the results in the most severe state cannot be compared; "" if they can."""
        return next((one.problem for one in self._gravest if not one.verdicts), "")

    @property
    def _gravest(self) -> list[LevelResult]:
        return [one for one in self.results if one.state == self.state]


@dataclass(frozen=True, eq=False)
class CrossCheckResult:
    """All results.

    Attributes:
        check: the plan.
        level_results: in the order in which they were judged.
        shared: results for the code that all backends share.
        descriptions: by backend, if its framework could be imported.
        diagnoses: by backend and precision.
        failures: by backend, why its process ended too early.
        versions: of this program, Python, NumPy and the system, by name.
        began: start, with its time zone.
        seconds: duration.
    """

    check: CrossCheck
    level_results: tuple[LevelResult, ...]
    shared: tuple[SharedCheck, ...]
    descriptions: Mapping[str, BackendAnswers]
    diagnoses: Mapping[tuple[str, Precision], Diagnosis]
    failures: Mapping[str, str]
    versions: Mapping[str, str]
    began: datetime.datetime
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every level of every backend was judged and none failed."""
        good = all(one.state in ("passed", "shown") for one in self.level_results)
        complete = len(self.level_results) == self.check.level_count
        return good and complete and all(check.passed for check in self.shared)

    def of(self, backend: str) -> list[LevelResult]:
        """The results of one backend."""
        return [one for one in self.level_results if one.backend == backend]

    def summary(self, backend: str, precision: Precision, level: Level) -> LevelSummary:
        """A cell of the matrix."""
        return summarise(self.level_results, backend, precision, level)

    def first_failure(self, backend: str, precision: Precision) -> Level | None:
        """The first level in the order of computation that failed by itself."""
        failed = (
            level
            for level in LEVELS
            if self.summary(backend, precision, level).state in ("failed", "follows")
        )
        return next(failed, None)


def summarise(
    results: Iterable[LevelResult], backend: str, precision: Precision, level: Level
) -> LevelSummary:
    """Summarises all judged probes of one level."""
    own = tuple(
        one for one in results if one.backend == backend and one.precision == precision and one.level is level
    )
    states = {one.state for one in own}
    return LevelSummary(next((state for state in GRAVEST if state in states), None), own)
