"""The findings in words and signs, the same in a terminal, in Markdown and in HTML."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lstm_conformance.levels import LEVELS
from lstm_conformance.tolerance import Verdict
from lstm_forecasting.crosscheck.results import Cell, CellState, CrossCheckResult, Summary
from lstm_plugins.counting import counted

SIGNS: dict[CellState, str] = {
    "passed": "✓",
    "failed": "✗",
    "follows": "✗",
    "shown": "·",
    "unsupported": "~",
    "unasked": "–",
}
LEGEND = (
    "Each number is the worst error in eps of the tensor's largest entry. ✓ within tolerance, ✗ not, "
    "(✗) failed after an earlier level did, ~ not supported, · shown and not judged, – not asked."
)


def in_eps(value: float) -> str:
    """A number of rounding errors in four characters or so."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "inf"
    if value < 0.05:
        return "<0.1" if value else "0"
    if value < 10:
        return f"{value:.1f}"
    return f"{value:.0f}" if value < 1000 else f"{value:.0e}".replace("e+", "e")


def summary_text(summary: Summary) -> str:
    """A cell of the matrix: sign and worst error."""
    if summary.state is None:
        return SIGNS["unasked"]
    worst = summary.worst
    number = in_eps(worst.error_eps) if worst is not None else ""
    text = f"{SIGNS[summary.state]} {number}".rstrip()
    return f"({text})" if summary.state == "follows" else text


def verdict_text(verdict: Verdict) -> str:
    """What is wrong with a tensor, or how far it is off and may be."""
    if verdict.problem:
        return verdict.problem
    return f"{in_eps(verdict.error_eps)} eps, {in_eps(verdict.allowed_eps)} allowed"


def failure_text(cell: Cell) -> str:
    """Why a cell did not pass: its worst tensor, or what kept it from being compared."""
    worst = cell.worst
    return cell.problem if worst is None else f"{worst.tensor}, {verdict_text(worst)}"


def sentences(result: CrossCheckResult, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The diagnosis: one or two sentences for each backend, and one for the code they share.

    Args:
        result: what was found.
        titles: names for people, by short name.
    """
    told = [
        sentence
        for backend in result.check.backends
        for sentence in backend_sentences(result, backend, titles.get(backend, backend))
    ]
    return (*told, *shared_sentences(result))


def shared_sentences(result: CrossCheckResult) -> list[str]:
    """What became of the code that all backends share."""
    wrong = [check for check in result.shared if not check.passed]
    told = [
        f"Splits and scaler, which all share, are wrong: the {check.name} gives {check.given}, not "
        f"{check.wanted}."
        for check in wrong
    ]
    if not wrong:
        told.append(
            f"Splits and scaler, which all share, give the {len(result.shared)} values fixed by hand."
        )
    return told


def outcome(result: CrossCheckResult, titles: Mapping[str, str]) -> str:
    """All of it in one line."""
    if result.passed:
        return f"All levels of {counted(len(result.check.questions), 'probe')} passed."
    failing = [titles.get(one, one) for one in result.check.backends if _states(result, one) & {"failed"}]
    if failing:
        return f"Not passed: {', '.join(failing)}."
    return "Not everything could be asked."


def column_title(backend: str, precision: str, titles: Mapping[str, str]) -> str:
    """Of a column of the matrix."""
    return f"{titles.get(backend, backend)} {precision}"


def backend_sentences(result: CrossCheckResult, backend: str, title: str) -> list[str]:
    """What became of one backend: its diagnoses and what it could not be asked, or that it agrees."""
    told = []
    for (one, precision), diagnosis in result.diagnoses.items():
        if one == backend and diagnosis.findings:
            told.append(f"{title} in {precision} {diagnosis.sentence}.")
    unsupported = [cell for cell in result.cells if cell.backend == backend and cell.state == "unsupported"]
    if unsupported:
        titled = [level.title for level in LEVELS if any(cell.level is level for cell in unsupported)]
        told.append(
            f"{title} does not support {', '.join(titled)}: {unsupported[0].problem.rstrip('.')}. "
            "This is not a pass."
        )
    failure = result.failures.get(backend)
    if failure and not any(failure in sentence for sentence in told):
        told.append(f"{title} was not asked to the end: {failure}.")
    if told:
        return told
    if _states(result, backend) <= {"passed", "shown"}:
        return [f"{title} agrees with the reference in {' and '.join(result.check.precisions)}."]
    return [f"{title} was not judged to the end."]


def _states(result: CrossCheckResult, backend: str) -> set[CellState]:
    return {cell.state for cell in result.cells if cell.backend == backend}
