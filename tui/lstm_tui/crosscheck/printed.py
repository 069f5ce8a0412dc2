"""The result of a cross-check as sentences and a matrix."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lstm_conformance.checks import State
from lstm_conformance.levels import LEVELS
from lstm_conformance.wording import LEGEND
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.wording import outcome, sentences, summary_text
from lstm_plugins.config import Precision

WIDEST_COLUMN = 12
"""Width of a column with its padding, for a common title."""
_LEVELS_COLUMN = 24

_STYLES: dict[State, str] = {
    "passed": "green",
    "failed": "bold red",
    "follows": "dim",
    "shown": "dim",
    "unsupported": "yellow",
    "unasked": "yellow",
}


def print_findings(console: Console, result: CrossCheckResult, titles: Mapping[str, str]) -> None:
    """Prints the diagnosis in words, then the matrix: one table, or one by precision if it is too wide."""
    if console.is_terminal:
        console.print()
    console.print(Text(outcome(result, titles), style="bold green" if result.passed else "bold red"))
    for sentence in sentences(result, titles):
        console.print(f"  {sentence}")
    console.print()
    columns = result.check.columns
    if console.width >= _LEVELS_COLUMN + WIDEST_COLUMN * len(columns):
        console.print(_matrix(result, titles, columns))
    else:
        for precision in result.check.precisions:
            console.print(_matrix(result, titles, [one for one in columns if one[1] == precision]))
    console.print(LEGEND)
    console.print(f"The cross-check took {result.seconds:.1f} s.")


def _matrix(
    result: CrossCheckResult, titles: Mapping[str, str], columns: Sequence[tuple[str, Precision]]
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("level", no_wrap=True)
    for backend, precision in columns:
        table.add_column(Text(f"{titles[backend]}\n{precision}"), justify="right", overflow="fold")
    for level in LEVELS:
        summaries = [result.summary(backend, precision, level) for backend, precision in columns]
        texts = [
            Text(summary_text(summary), style=_STYLES[summary.state] if summary.state else "")
            for summary in summaries
        ]
        table.add_row(Text(level.title), *texts)
    return table
