"""The outcome of a cross-check in words and in rows, the same in a terminal, in Markdown and in HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from lstm_conformance import wording
from lstm_conformance.checks import LevelResult
from lstm_conformance.tolerance import Verdict
from lstm_conformance.wording import SIGNS, in_eps
from lstm_forecasting.crosscheck.results import CrossCheckResult, LevelSummary
from lstm_forecasting.crosscheck.schedule import DEPTHS
from lstm_plugins.counting import counted

MOST_TENSORS = 12
"""The most tensors listed per level and probe; JSON has all."""


@dataclass(frozen=True)
class Detail:
    """One level of one probe that did not pass.

    Attributes:
        title: backend, precision, level and probe.
        state: of the level, as a sign and a word.
        problem: why there are no tensors; "" if there are.
        rows: a row of `DETAIL_COLUMNS` for each failed tensor.
        more: number of further failed tensors.
    """

    title: str
    state: str
    problem: str
    rows: tuple[tuple[str, ...], ...]
    more: int


DETAIL_COLUMNS = ("tensor", "", "error, eps", "allowed, eps", "error", "worst at", "relative, at most")


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
    found = wording.backend_sentences(title, result.of(backend), diagnoses, result.failures.get(backend, ""))
    if lacking := result.check.lacking(backend):
        found.append(wording.lacking_sentence(title, lacking))
    return found


def shared_sentences(result: CrossCheckResult) -> list[str]:
    """The outcome for the code that all backends share."""
    return [
        f"The code that all backends share is wrong: the {check.name} gives {check.given} instead of "
        f"{check.wanted}."
        for check in result.shared
        if not check.passed
    ] or [
        "Splits, scaling, transforms, recursion and the fit of the linear part, which all backends share, "
        f"agree with the {len(result.shared)} values computed by hand."
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


def details(result: CrossCheckResult, titles: Mapping[str, str]) -> tuple[Detail, ...]:
    """The failed and unsupported levels, then those that follow from earlier failures."""
    chosen = [one for one in result.level_results if one.state in ("failed", "unsupported")]
    chosen += [one for one in result.level_results if one.state == "follows"]
    return tuple(_detail(one, titles) for one in chosen)


def circumstances(result: CrossCheckResult, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Date, duration, depth, versions, backends and the like, as names and values."""
    check = result.check
    rows = [
        ("date", result.began.isoformat(sep=" ", timespec="seconds")),
        ("duration", f"{result.seconds:.1f} s"),
        ("depth", f"{check.depth}: {DEPTHS[check.depth]}"),
        ("own series", check.series or "none"),
        ("probes", ", ".join(dict.fromkeys(request.probe.name for request in check.requests))),
        ("seeds", ", ".join(dict.fromkeys(str(request.probe.config.seed) for request in check.requests))),
        *result.versions.items(),
    ]
    for backend in check.backends:
        description = result.descriptions.get(backend)
        words = "not started"
        if description is not None:
            threads = counted(description.threads, "thread")
            parts = (f"version {description.version}", description.framework, description.device, threads)
            words = ", ".join(part for part in parts if part)
        rows.append((titles.get(backend, backend), words))
    return tuple(rows)


def _detail(one: LevelResult, titles: Mapping[str, str]) -> Detail:
    failed = [verdict for verdict in one.verdicts if not verdict.passed]
    return Detail(
        title=f"{column_title(one.backend, one.precision, titles)}, {one.level.title}, probe "
        f"{one.probe.name!r}",
        state=f"{SIGNS[one.state]} {one.state}",
        problem=one.problem,
        rows=tuple(_row(verdict) for verdict in failed[:MOST_TENSORS]),
        more=max(len(failed) - MOST_TENSORS, 0),
    )


def _row(verdict: Verdict) -> tuple[str, ...]:
    where = "" if verdict.where is None else str(list(verdict.where))
    if verdict.problem:
        return (verdict.tensor, verdict.problem, "", "", "", where, "")
    return (
        verdict.tensor,
        "✓" if verdict.passed else "✗",
        in_eps(verdict.error_eps),
        in_eps(verdict.allowed_eps),
        f"{verdict.error:.3g}",
        where,
        f"{verdict.relative_error:.3g}",
    )
