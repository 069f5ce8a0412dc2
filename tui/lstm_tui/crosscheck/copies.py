"""The matrix of a cross-check with all its digits, to be copied."""

from collections.abc import Mapping

from lstm_conformance.levels import LEVELS
from lstm_forecasting.crosscheck.results import LevelSummary
from lstm_tui.crosscheck.state import CheckState
from lstm_tui.kit.copying import CopyTable


def matrix_copy(state: CheckState, titles: Mapping[str, str]) -> CopyTable:
    """Verdict and worst error in eps of every level, backend and precision."""
    shown = state.check.columns
    names = [
        f"{titles[backend]} {precision} {what}"
        for backend, precision in shown
        for what in ("verdict", "worst error in eps")
    ]
    rows = []
    for level in LEVELS:
        summaries = (state.summary(backend, precision, level) for backend, precision in shown)
        rows.append((level.title, *(value for summary in summaries for value in _values(summary))))
    return CopyTable("the matrix", ("level", *names), rows)


def _values(summary: LevelSummary) -> tuple[str | None, float | None]:
    return summary.state, None if summary.worst is None else summary.worst.error_eps
