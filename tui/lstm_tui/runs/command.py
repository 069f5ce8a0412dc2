"""`lstm-tui runs`: lists runs; shows, locates, stops or deletes one."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from lstm_forecasting.runs.folder import find_run
from lstm_forecasting.runs.listing import RunStanding, delete_run, list_runs, look_at
from lstm_forecasting.runs.watching import ask_to_stop, read_run
from lstm_plugins.errors import InputError
from lstm_tui.cli import console
from lstm_tui.cli.choosing import known_titles
from lstm_tui.cli.command import Group
from lstm_tui.cli.experiment.printed import print_plan, print_result
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import json_option, run_argument, runs_flag
from lstm_tui.cli.tables import plain_table
from lstm_tui.runs.words import SIGNS, progress_of, size_in_words, started

_COLOURS = {"✓": "green", "~": "yellow", "✗": "red", "●": ""}


@click.group(
    cls=Group,
    invoke_without_command=True,
    help="List the saved runs, the latest first, or do something with one of them.",
)
@flags(runs_flag)
@json_option
@click.pass_context
def command(context: click.Context, parent: Path, as_json: bool) -> None:
    """Lists the runs, unless a command follows."""
    context.obj = parent
    if context.invoked_subcommand is not None:
        return
    found = list_runs(parent)
    if as_json:
        console.print_json([as_fields(one) for one in found])
        return
    out = console.results()
    if not found:
        out.print(f"There are no runs in {parent} yet; lstm-tui train creates one.")
        return
    titles = known_titles({one.backend for standing in found for one in standing.backends})
    table = plain_table("", "run", "state", "started", "rows", "size", "backends")
    for standing in found:
        table.add_row(*_row(standing, titles))
    out.print(table)
    for standing in found:
        if standing.problem:
            out.print(f"{standing.run.name}: {standing.problem}")


@command.command(help="Show the plan of a run and its results so far.")
@run_argument
@click.pass_obj
def show(parent: Path, name: str) -> int:
    """Prints the plan, the progress of each backend, and the result."""
    run = find_run(name, parent)
    standing = look_at(run)
    if standing.problem:
        raise InputError(standing.problem)
    result = read_run(run)
    titles = known_titles(result.experiment.backends)
    out = console.results()
    print_plan(out, result.experiment, ())
    out.print(f"Run {run.name} is {standing.state}, in {run.path}.")
    for one in standing.backends:
        out.print(f"  {titles[one.backend]}: {progress_of(one)}")
    if result.backends:
        print_result(out, result, titles)
    return 0


@command.command(help="Print the folder of a run.")
@run_argument
@click.pass_obj
def path(parent: Path, name: str) -> int:
    """Prints the folder."""
    click.echo(find_run(name, parent).path.resolve())
    return 0


@command.command(help="Stop a run that another program trains; the best epoch so far is evaluated.")
@run_argument
@click.pass_obj
def stop(parent: Path, name: str) -> int:
    """Asks the other program to stop."""
    run = find_run(name, parent)
    ask_to_stop(run)
    console.notes().print(f"Run {run.name} was asked to stop; lstm-tui attach {run.name} shows how it ends.")
    return 0


@command.command(help="Delete runs permanently, after a confirmation.")
@click.argument("names", metavar="RUN ...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.pass_obj
def delete(parent: Path, names: tuple[str, ...], yes: bool) -> int:
    """Deletes the runs; a wrong name is refused before anything is deleted."""
    runs = [find_run(name, parent) for name in names]
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for confirmation; add --yes to delete.")
    for run in runs:
        standing = look_at(run)
        question = f"Delete run {run.name} ({standing.state}, {size_in_words(standing.size)}) permanently?"
        if yes or click.confirm(question):
            delete_run(run)
            console.notes().print(f"Run {run.name} is deleted.")
    return 0


def as_fields(standing: RunStanding) -> dict[str, Any]:
    """Returns the state of a run as JSON-ready values."""
    description = standing.description
    return {
        "name": standing.run.name,
        "path": str(standing.run.path),
        "state": standing.state,
        "created": description.created if description else None,
        "series": description.table.name if description else None,
        "targets": list(description.table.targets) if description else [],
        "rows": description.rows if description else None,
        "epochs": description.model.settings["epochs"] if description else None,
        "backends": {
            one.backend: {
                "epochs": one.epochs,
                "ended": one.reason or None,
                "best_loss": one.best_loss,
                "seconds": one.seconds,
            }
            for one in standing.backends
        },
        "bytes": standing.size,
        "problem": standing.problem or None,
    }


def _row(standing: RunStanding, titles: Mapping[str, str]) -> list[Text | str]:
    sign = SIGNS[standing.state]
    description = standing.description
    backends = "; ".join(f"{titles[one.backend]} {progress_of(one)}" for one in standing.backends)
    return [
        Text(sign, style=_COLOURS[sign]),
        Text(standing.run.name, style="bold"),
        standing.state,
        started(standing),
        f"{description.rows:,}" if description else "",
        size_in_words(standing.size),
        backends,
    ]
