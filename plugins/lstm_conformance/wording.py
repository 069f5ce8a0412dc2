"""Results in words and signs, the same in a terminal, in Markdown, in HTML and in test output."""

import math
from collections.abc import Iterable, Mapping

from lstm_conformance.checks import LevelResult, State
from lstm_conformance.diagnosis import Diagnosis
from lstm_conformance.levels import LEVELS
from lstm_conformance.tolerance import Verdict
from lstm_plugins.additions import KNOWN, LINEAR, LOSS_SCALE, MASKS, NORMALISATIONS
from lstm_plugins.config import Precision
from lstm_plugins.counting import joined

SIGNS: dict[State, str] = {
    "passed": "✓",
    "failed": "✗",
    "follows": "✗",
    "shown": "·",
    "unsupported": "~",
    "unasked": "–",
}
SUBJECTS = {
    MASKS: "missing values",
    KNOWN: "columns known ahead of time and lags",
    LINEAR: "a linear part",
    NORMALISATIONS: "the normalisations last-deviation and seasonal",
    LOSS_SCALE: "errors measured in the window",
}
"""What a backend is checked on if it has an addition, to follow "on"."""
LEGEND = (
    "Each number is the worst error in eps of the tensor's largest entry. ✓ within tolerance, ✗ beyond it, "
    "(✗) follows from an earlier failure, ~ not supported, · shown but not judged, – not asked."
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


def verdict_text(verdict: Verdict) -> str:
    """What is wrong with a tensor, or its error and tolerance."""
    if verdict.problem:
        return verdict.problem
    return f"{in_eps(verdict.error_eps)} eps, {in_eps(verdict.allowed_eps)} allowed"


def failure_text(result: LevelResult) -> str:
    """Why a level did not pass: its worst tensor, or what kept it from being compared."""
    worst = result.worst
    return result.problem if worst is None else f"{worst.tensor}, {verdict_text(worst)}"


def lacking_sentence(title: str, lacking: Iterable[str]) -> str:
    """What a backend was not asked because it lacks these additions."""
    lacking = tuple(lacking)
    additions = "additions" if len(lacking) > 1 else "addition"
    subjects = joined([SUBJECTS[name] for name in lacking])
    return f"{title} was not checked on {subjects}: it does not declare the {additions} {joined(lacking)}."


def backend_sentences(
    title: str, results: Iterable[LevelResult], diagnoses: Mapping[Precision, Diagnosis], failure: str = ""
) -> list[str]:
    """The outcome for one backend: its diagnoses and unanswered levels, or that it agrees.

    `failure` says why its process ended too early; "" if it did not.
    """
    results = list(results)
    sentences = [
        f"{title} in {precision} {diagnosis.sentence}."
        for precision, diagnosis in diagnoses.items()
        if diagnosis.findings
    ]
    unsupported = [result for result in results if result.state == "unsupported"]
    if unsupported:
        titles = [level.title for level in LEVELS if any(one.level is level for one in unsupported)]
        sentences.append(
            f"{title} does not support {', '.join(titles)}: {unsupported[0].problem.rstrip('.')}. "
            "This is not a pass."
        )
    if failure and not any(failure in sentence for sentence in sentences):
        sentences.append(f"{title} did not finish: {failure}.")
    if sentences:
        return sentences
    if {result.state for result in results} <= {"passed", "shown"}:
        return [f"{title} agrees with the reference in {' and '.join(diagnoses)}."]
    return [f"{title} was checked incompletely."]
