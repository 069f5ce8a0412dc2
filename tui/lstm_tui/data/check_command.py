"""`lstm-tui check FILE`: lists what to know about data before training."""

import textwrap
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.table import Role, SeriesTable
from lstm_forecasting.findings.looking import check_data
from lstm_plugins.counting import counted, listed
from lstm_tui.cli import console
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.printed import print_series
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import input_flag, json_option, reading_flags, take_read_options, target_flag

_INDENT = "    "
_MOST_NAMED = 8
_ROLES: dict[Role, str] = {
    "target": "target",
    "input": "input",
    "known": "known ahead",
    "time": "time",
    "label": "label of the series",
    "unused": "unused",
}


@click.command(
    cls=Command,
    help="List what to know about data before training: each finding with its evidence, what the program "
    "does by default, and the flag that decides otherwise. All numeric columns are checked. Exit code 0 with "
    "or without findings, 2 if the data cannot be read.",
)
@click.argument("source", metavar="FILE|NAME|-")
@flags(target_flag, input_flag)
@json_option
@flags(*reading_flags)
def command(
    source: str, targets: tuple[str, ...], inputs: tuple[str, ...], as_json: bool, **declared: Any
) -> None:
    """Prints the findings."""
    table, findings = check_data(source, targets, inputs, take_read_options(declared))
    if as_json:
        console.print_json(_as_fields(table, findings))
    else:
        _print(console.results(), table, findings)


def _as_fields(table: SeriesTable, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "data": {
            "name": table.name,
            "source": table.source,
            "rows": table.rows,
            "frequency": table.frequency.name,
            "first_time": table.row_text(0),
            "last_time": table.row_text(table.rows - 1),
            "targets": list(table.targets),
            "candidates": list(table.candidates),
            "roles": {column.name: table.role(column.name) for column in table.file_columns},
        },
        "findings": [
            {**asdict(finding), "when": list(finding.when), "flag": finding.flag} for finding in findings
        ],
        "decisions": list(table.decisions),
    }


def _print(out: Console, table: SeriesTable, findings: tuple[Finding, ...]) -> None:
    print_series(out, table, (_roles_in_words(table),))
    for finding in findings:
        sign, colour = ("~", "yellow") if finding.suggested else ("✓", "green")
        line = Text(f"{sign} ", style=colour)
        line.append(finding.kind, style="bold")
        if finding.column:
            line.append(f" · {finding.column}")
        out.print(line)
        _print_indented(out, finding.evidence)
        otherwise = "Suggested" if finding.suggested else "To change it"
        flag = f"{otherwise}: {finding.flag}" if finding.flag else ""
        if finding.done or flag:
            _print_indented(out, f"{finding.done} {flag}".strip())
    suggested = list(dict.fromkeys(one.flag for one in findings if one.suggested and one.value))
    flags = f" Suggested flags: {' '.join(suggested)}" if suggested else ""
    out.print(f"{counted(len(findings), 'finding')}.{flags}" if findings else "Nothing to report.")


def _roles_in_words(table: SeriesTable) -> str:
    """The columns by their roles, in one sentence."""
    by_role: dict[Role, list[str]] = {}
    for column in table.file_columns:
        by_role.setdefault(table.role(column.name), []).append(column.name)
    parts = [f"{_ROLES[role]} {listed(by_role[role], _MOST_NAMED)}" for role in _ROLES if role in by_role]
    return f"Roles of the columns: {'; '.join(parts)}."


def _print_indented(out: Console, text: str) -> None:
    # In a pipe, each sentence stays on one line.
    width = max(out.width - 1, 40) if out.is_terminal else 10_000
    lines = textwrap.wrap(text, width - len(_INDENT), break_on_hyphens=False)
    out.print("\n".join(f"{_INDENT}{line}" for line in lines))
