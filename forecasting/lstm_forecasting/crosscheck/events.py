"""The events of a running cross-check.

A backend with many probes to answer may start several processes; if one fails, the others continue.
"""

from dataclasses import dataclass

from lstm_conformance.checks import LevelResult
from lstm_conformance.diagnosis import Diagnosis
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.shared_code import SharedCheck
from lstm_forecasting.processes.events import BackendAnswers, BackendFailed, BackendStarted
from lstm_plugins.config import Precision


@dataclass(frozen=True, eq=False)
class CrossCheckStarted:
    """Always the first event: the plan, and the results for the code that all backends share."""

    check: CrossCheck
    shared: tuple[SharedCheck, ...]


@dataclass(frozen=True, eq=False)
class LevelJudged:
    """A backend's answer to one level of one probe is judged."""

    result: LevelResult


@dataclass(frozen=True, eq=False)
class BackendDiagnosed:
    """All answers of a backend in one precision are judged and diagnosed."""

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
