"""What a cross-check found, ready to be shown, saved and looked into."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_conformance.checks import CheckResult, State, recompute
from lstm_conformance.diagnosis import Diagnosis
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.recomputing import Tensors
from lstm_conformance.tolerance import Verdict
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.schedule import Question
from lstm_forecasting.crosscheck.shared_code import SharedCheck
from lstm_plugins.config import Precision

CellState = State | Literal["unasked"]

GRAVEST: tuple[CellState, ...] = ("failed", "follows", "unasked", "unsupported", "shown", "passed")
"""Of several probes the first of these stands for all."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One level of one probe as a backend answered it.

    Attributes:
        backend: short name.
        question: the probe.
        level: the level.
        state: see `CheckResult`; unasked where its process had ended before. Neither this nor unsupported is
            ever a pass.
        verdicts: of each tensor.
        problem: why there are no verdicts; "" where there are.
        observed: the backend's own arrays.
    """

    backend: str
    question: Question
    level: Level
    state: CellState
    verdicts: tuple[Verdict, ...]
    problem: str
    observed: Tensors

    @property
    def precision(self) -> Precision:
        """In which the backend computed."""
        return self.question.precision

    @property
    def worst(self) -> Verdict | None:
        """The tensor that is furthest beyond its tolerance, or closest to it."""
        return CheckResult(self.question.probe.name, self.level.name, "shown", self.verdicts).worst

    def expected(self) -> Tensors:
        """What the arrays should be, by the reference, for those that look into them.

        Raises:
            ValueError: the backend's arrays have other shapes than a reference could follow.
            KeyError: one that the reference needs is missing.
        """
        with np.errstate(all="ignore"):
            return recompute(self.question.probe, self.level, self.observed)


@dataclass(frozen=True)
class Description:
    """What computed.

    Attributes:
        version: of the plugin.
        framework: distribution and version; empty for none.
        device: where.
        threads: of the arithmetic.
    """

    version: str
    framework: str
    device: str
    threads: int


@dataclass(frozen=True, eq=False)
class Summary:
    """One level of one backend in one precision, over all probes: a cell of the matrix.

    Attributes:
        state: the gravest of the cells; None where the level is not part of the pass.
        cells: of each probe.
    """

    state: CellState | None
    cells: tuple[Cell, ...]

    @property
    def worst(self) -> Verdict | None:
        """The worst tensor of the cells in the gravest state."""
        gravest = [cell for cell in self.cells if cell.state == self.state]
        verdicts = tuple(cell.worst for cell in gravest if cell.worst is not None)
        return CheckResult("", "", "shown", verdicts).worst

    @property
    def problem(self) -> str:
        """Why there is nothing to compare in the gravest of the cells; "" where there is."""
        problems = (cell.problem for cell in self.cells if cell.state == self.state and not cell.verdicts)
        return next(problems, "")


@dataclass(frozen=True, eq=False)
class CrossCheckResult:
    """All that was found.

    Attributes:
        check: what was asked.
        cells: in the order in which they were judged.
        shared: the code that all backends share, against fixed values.
        descriptions: by backend, of those whose framework could be imported.
        diagnoses: by backend and precision.
        failures: why a backend's process ended before its time, by backend.
        versions: of this program, Python, NumPy and the system, by name.
        began: when, with its time zone.
        seconds: how long it took.
    """

    check: CrossCheck
    cells: tuple[Cell, ...]
    shared: tuple[SharedCheck, ...]
    descriptions: Mapping[str, Description]
    diagnoses: Mapping[tuple[str, Precision], Diagnosis]
    failures: Mapping[str, str]
    versions: Mapping[str, str]
    began: datetime.datetime
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every level of every backend was judged and none failed."""
        good = all(cell.state in ("passed", "shown") for cell in self.cells)
        complete = len(self.cells) == self.check.levels
        return good and complete and all(check.passed for check in self.shared)

    @property
    def columns(self) -> tuple[tuple[str, Precision], ...]:
        """Of the matrix."""
        return columns(self.check)

    def summary(self, backend: str, precision: Precision, level: Level) -> Summary:
        """A cell of the matrix."""
        return summarise(self.cells, backend, precision, level)

    def first_failure(self, backend: str, precision: Precision) -> Level | None:
        """The first level in the order of computation that failed by itself."""
        failed = (
            level
            for level in LEVELS
            if self.summary(backend, precision, level).state in ("failed", "follows")
        )
        return next(failed, None)


def columns(check: CrossCheck) -> tuple[tuple[str, Precision], ...]:
    """Backend by backend, float64 before float32."""
    return tuple((backend, precision) for backend in check.backends for precision in check.precisions)


def summarise(cells: Iterable[Cell], backend: str, precision: Precision, level: Level) -> Summary:
    """All probes of one level, also while only some of them are judged."""
    own = tuple(
        cell
        for cell in cells
        if cell.backend == backend and cell.precision == precision and cell.level is level
    )
    states = {cell.state for cell in own}
    return Summary(next((state for state in GRAVEST if state in states), None), own)
