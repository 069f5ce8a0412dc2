"""What a cross-check tells while it runs: typed, frozen, in the order it happens."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_conformance.checks import LevelResult
from lstm_conformance.diagnosis import Diagnosis
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import CrossCheckResult, Description
from lstm_forecasting.crosscheck.shared_code import SharedCheck
from lstm_plugins.config import Precision


@dataclass(frozen=True, eq=False)
class CrossCheckStarted:
    """Always the first event.

    Attributes:
        check: what will be asked: the rows and columns of the matrix.
        shared: the code that all backends share, judged already.
    """

    check: CrossCheck
    shared: tuple[SharedCheck, ...]


@dataclass(frozen=True)
class BackendStarted:
    """A process of a backend runs; one that has much to answer may get several."""

    backend: str
    process: int


@dataclass(frozen=True)
class BackendAnswers:
    """A backend's framework is imported.

    Attributes:
        backend: short name.
        description: what computes.
    """

    backend: str
    description: Description


@dataclass(frozen=True, eq=False)
class LevelJudged:
    """One level of one probe of one backend is judged."""

    result: LevelResult


@dataclass(frozen=True)
class BackendDied:
    """A process of a backend ended or was ended before it had answered; the others go on.

    Attributes:
        backend: short name.
        reason: one sentence.
        log: the last lines it wrote.
    """

    backend: str
    reason: str
    log: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BackendDiagnosed:
    """All that a backend answered in one precision is judged, and explained as far as it is known."""

    backend: str
    precision: Precision
    diagnosis: Diagnosis


@dataclass(frozen=True, eq=False)
class CrossCheckFinished:
    """Always the last event."""

    result: CrossCheckResult


CrossCheckEvent = (
    CrossCheckStarted
    | BackendStarted
    | BackendAnswers
    | LevelJudged
    | BackendDied
    | BackendDiagnosed
    | CrossCheckFinished
)
