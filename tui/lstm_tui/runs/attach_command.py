"""`lstm-tui attach [RUN]`: shows a run that another program works on, live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.runs.folder import RunFolder, find_run
from lstm_forecasting.runs.listing import look_at
from lstm_forecasting.runs.watching import WatchedRun
from lstm_tui.cli import console
from lstm_tui.cli.choosing import known_titles
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.following import watch
from lstm_tui.cli.experiment.outcome import outcome_options, report
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import run_argument, runs_flag


@click.command(
    cls=Command,
    help="Shows a run that goes on in the background or in another shell, live, and its result once it is "
    "there. Ctrl+C leaves it alone. Without a name it takes the run that was begun last.",
)
@run_argument
@flags(runs_flag)
@outcome_options
def command(name: str, parent: Path, output: Path | None, as_json: bool) -> int:
    """Watches and gives the exit code: 1 when a backend failed."""
    run = find_run(name, parent)
    watched = WatchedRun(run)
    titles = known_titles(watched.experiment.backends)
    try:
        code = report(_watched(watched, titles), titles, output=output, as_json=as_json)
    except KeyboardInterrupt:
        console.notes().print(_goes_on(run))
        return 0
    if look_at(run).state == "interrupted":
        console.notes().print(f"It was interrupted; lstm-tui resume {run.name} goes on.")
    return code


@contextmanager
def _watched(watched: WatchedRun, titles: Mapping[str, str]) -> Iterator[ExperimentResult]:
    with watched as running:
        yield watch(running, titles, console.notes(), {})


def _goes_on(run: RunFolder) -> str:
    return f"Run {run.name} goes on without being watched; lstm-tui attach {run.name} shows it again."
