"""The outcome of a cross-check in words, the same in a terminal, in Markdown and in HTML."""

from collections.abc import Mapping
from itertools import chain

from lstm_conformance import wording
from lstm_conformance.wording import SIGNS, in_eps
from lstm_forecasting.crosscheck.results import CrossCheckResult, LevelSummary
from lstm_plugins.counting import counted


def summary_text(summary: LevelSummary) -> str:
    """A cell of the matrix: sign and worst error."""
    if summary.state is None:
        return SIGNS["unasked"]
    worst = summary.worst
    number = in_eps(worst.error_eps) if worst is not None else ""
    text = f"{SIGNS[summary.state]} {number}".rstrip()
    return f"({text})" if summary.state == "follows" else text


def sentences(result: CrossCheckResult, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The diagnosis: one or two sentences for each backend, and one for the code they share."""
    of_backends = (
        backend_sentences(result, backend, titles.get(backend, backend)) for backend in result.check.backends
    )
    return (*chain.from_iterable(of_backends), *shared_sentences(result))


def backend_sentences(result: CrossCheckResult, backend: str, title: str) -> list[str]:
    """The outcome for one backend; see `lstm_conformance.wording.backend_sentences`."""
    diagnoses = {
        precision: diagnosis for (one, precision), diagnosis in result.diagnoses.items() if one == backend
    }
    return wording.backend_sentences(title, result.of(backend), diagnoses, result.failures.get(backend, ""))


def shared_sentences(result: CrossCheckResult) -> list[str]:
    """The outcome for the code that all backends share."""
    return [
        f"The code for splits and scaling, which all backends share, is wrong: the {check.name} gives "
        f"{check.given} instead of {check.wanted}."
        for check in result.shared
        if not check.passed
    ] or [
        f"Splits and scaling, which all backends share, agree with the {len(result.shared)} values "
        "computed by hand."
    ]


def outcome(result: CrossCheckResult, titles: Mapping[str, str]) -> str:
    """The outcome in one line."""
    if result.passed:
        return f"All levels of {counted(len(result.check.requests), 'probe')} passed."
    failing = [
        titles.get(backend, backend)
        for backend in result.check.backends
        if any(one.state == "failed" for one in result.of(backend))
    ]
    if failing:
        return f"Failed: {', '.join(failing)}."
    return "Not everything could be checked."


def column_title(backend: str, precision: str, titles: Mapping[str, str]) -> str:
    """The heading of a column of the matrix."""
    return f"{titles.get(backend, backend)} {precision}"
