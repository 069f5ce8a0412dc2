"""The report as one self-contained HTML file."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from lstm_conformance.levels import LEVELS
from lstm_conformance.wording import LEGEND, verdict_text
from lstm_forecasting.crosscheck import wording
from lstm_forecasting.crosscheck.results import CrossCheckResult, LevelSummary
from lstm_forecasting.crosscheck.wording import column_title, outcome, sentences, summary_text

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #c62828; --open: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff7b72; --open: #d4a72c; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--line); text-align: left; }
.matrix td { text-align: right; white-space: nowrap; }
.passed { color: var(--good); } .failed { color: var(--bad); font-weight: bold; }
.follows { color: var(--bad); opacity: .45; } .unsupported, .unasked { color: var(--open); }
.shown { opacity: .7; } .wide { overflow-x: auto; } summary { cursor: pointer; }
small { opacity: .8; }
"""


def report_as_html(result: CrossCheckResult, titles: Mapping[str, str]) -> str:
    """The report: diagnosis, matrix, failures in detail, and a description of the run."""
    return "\n".join(_lines(result, titles)) + "\n"


def _lines(result: CrossCheckResult, titles: Mapping[str, str]) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Cross-check: {escape(outcome(result, titles))}</title>"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>Cross-check</h1>"
    yield f'<p class="{"passed" if result.passed else "failed"}">{escape(outcome(result, titles))}</p>'
    yield "<ul>"
    yield from (f"<li>{escape(sentence)}</li>" for sentence in sentences(result, titles))
    yield "</ul>"
    yield from _matrix(result, titles)
    yield f"<p><small>{escape(LEGEND)}</small></p>"
    listed = wording.details(result, titles)
    if listed:
        yield "<h2>Failures</h2>"
    for detail in listed:
        yield f"<details><summary>{escape(detail.title)}: {escape(detail.state)}</summary>"
        if detail.problem:
            yield f"<p>{escape(detail.problem)}</p>"
        if detail.rows:
            yield from _table(wording.DETAIL_COLUMNS, detail.rows)
        if detail.more:
            yield f"<p>and {detail.more} more tensors.</p>"
        yield "</details>"
    yield "<h2>About this run</h2>"
    yield from _table((), wording.circumstances(result, titles))
    yield "</body>\n</html>"


def _matrix(result: CrossCheckResult, titles: Mapping[str, str]) -> Iterator[str]:
    heads = [column_title(backend, precision, titles) for backend, precision in result.check.columns]
    yield '<div class="wide"><table class="matrix"><tr><th>level</th>'
    yield "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"
    for level in LEVELS:
        cells = (_cell(result.summary(*column, level)) for column in result.check.columns)
        yield f"<tr><th>{escape(level.title)}</th>{''.join(cells)}</tr>"
    yield "</table></div>"


def _cell(summary: LevelSummary) -> str:
    worst, hint = summary.worst, summary.problem
    if worst is not None:
        hint = f"{worst.tensor}: {verdict_text(worst)}"
    state = summary.state or "nothing"
    return f'<td class="{state}" title="{escape(hint)}">{escape(summary_text(summary))}</td>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield '<div class="wide"><table>'
    if heads:
        yield "<tr>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
    yield "</table></div>"
