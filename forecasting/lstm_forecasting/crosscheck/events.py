"""The events of a cross-check under way, as frozen records that either front end shows.

A backend that has much to answer may start several processes; when one fails, the others continue.
"""

from dataclasses import dataclass

from lstm_conformance.checks import LevelResult
from lstm_conformance.diagnosis import Diagnosis
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.shared_code import SharedCheck
from lstm_forecasting.processes.events import BackendAnswers, BackendFailed, BackendStarted
from lstm_plugins.config import Precision

__all__ = [
    "BackendAnswers",
    "BackendDiagnosed",
    "BackendFailed",
    "BackendStarted",
    "CrossCheckEvent",
    "CrossCheckFinished",
    "CrossCheckStarted",
    "LevelJudged",
]


@dataclass(frozen=True, eq=False)
class CrossCheckStarted:
    """Always the first event.

    Attributes:
        check: what will be asked: the rows and columns of the matrix.
        shared: the code that all backends share, judged already.
    """

    check: CrossCheck
    shared: tuple[SharedCheck, ...]


@dataclass(frozen=True, eq=False)
class LevelJudged:
    """One level of one probe of one backend is judged."""

    result: LevelResult


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
    | BackendFailed
    | BackendDiagnosed
    | CrossCheckFinished
)
