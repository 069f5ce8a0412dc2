"""`lstm-tui attach [RUN]`: watches a run that another program trains."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.runs.folder import find_run
from lstm_forecasting.runs.listing import look_at
from lstm_forecasting.runs.watching import WatchedRun
from lstm_tui.cli import console
from lstm_tui.cli.choosing import known_titles
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.following import outcome_options, report, watch
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import run_argument, runs_flag


@click.command(
    cls=Command,
    help="Watch a run that trains in the background or in another shell, and print its result at the end. "
    "Ctrl+C stops watching, not the training. By default, this is the latest run.",
)
@run_argument
@flags(runs_flag)
@outcome_options
def command(name: str, parent: Path, output: Path | None, as_json: bool) -> int:
    """Watches and returns the exit code: 1 if a backend failed."""
    run = find_run(name, parent)
    watched = WatchedRun(run)
    titles = known_titles(watched.experiment.backends)
    try:
        code = report(_watched(watched, titles), titles, output=output, as_json=as_json)
    except KeyboardInterrupt:
        console.notes().print(
            f"Run {run.name} is no longer watched and continues; lstm-tui attach {run.name} shows it again."
        )
        return 0
    if look_at(run).state == "interrupted":
        console.notes().print(f"The run was interrupted; lstm-tui resume {run.name} continues it.")
    return code


@contextmanager
def _watched(watched: WatchedRun, titles: Mapping[str, str]) -> Iterator[ExperimentResult]:
    with watched as running:
        yield watch(running, titles, {})
