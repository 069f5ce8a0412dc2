"""The report as Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence

from lstm_conformance.levels import LEVELS
from lstm_conformance.wording import LEGEND
from lstm_forecasting.crosscheck import wording
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.wording import column_title, outcome, sentences, summary_text


def report_as_markdown(result: CrossCheckResult, titles: Mapping[str, str]) -> str:
    """The report: diagnosis, matrix, failures in detail, and a description of the run."""
    return "\n".join(_lines(result, titles)) + "\n"


def _lines(result: CrossCheckResult, titles: Mapping[str, str]) -> Iterator[str]:
    yield "# Cross-check"
    yield ""
    yield f"**{_plain(outcome(result, titles))}**"
    yield ""
    yield from (f"- {_plain(sentence)}" for sentence in sentences(result, titles))
    yield ""
    heads = [column_title(backend, precision, titles) for backend, precision in result.check.columns]
    yield from _table(
        ["level", *heads],
        [
            [level.title, *(summary_text(result.summary(*column, level)) for column in result.check.columns)]
            for level in LEVELS
        ],
    )
    yield ""
    yield LEGEND
    listed = wording.details(result, titles)
    if listed:
        yield ""
        yield "## Failures"
    for detail in listed:
        yield ""
        yield f"### {_plain(detail.title)}: {detail.state}"
        yield ""
        if detail.problem:
            yield f"{_plain(detail.problem)}"
        if detail.rows:
            yield from _table(wording.DETAIL_COLUMNS, detail.rows)
        if detail.more:
            yield ""
            yield f"and {detail.more} more tensors."
    yield ""
    yield "## About this run"
    yield ""
    yield from _table(["", ""], wording.circumstances(result, titles))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _row(heads)
    yield _row(["---"] * len(heads))
    yield from (_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Text on one line with Markdown's special characters escaped."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", " ".join(text.split()))
