"""`lstm-tui resume [RUN]`: goes on with a run, whatever ended it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from lstm_forecasting.runs.folder import find_run
from lstm_forecasting.runs.listing import RunStanding, look_at
from lstm_plugins.errors import InputError
from lstm_tui.cli import console
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.outcome import outcome_options, report
from lstm_tui.cli.experiment.running import detached, trained
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import detach_option, run_argument, runs_flag


@click.command(
    cls=Command,
    help="Goes on with a run that was stopped, crashed or was cut off, from its last checkpoints, and ends "
    "with the same bits as if nothing had happened. Without a name it takes the run that was begun last.",
)
@run_argument
@flags(runs_flag)
@detach_option
@outcome_options
def command(name: str, parent: Path, detach: bool, output: Path | None, as_json: bool) -> int:
    """Goes on and gives the exit code: 1 when a backend failed."""
    run = find_run(name, parent)
    standing = look_at(run)
    if standing.description is None:
        raise InputError(standing.problem)
    backends = standing.description.backends
    choice = choose_backends(backends, plugins=True, without=frozenset())
    titles = {backend.name: backend.title for backend in choice.backends}
    notes = console.notes()
    for line in _beginning(standing, titles):
        notes.print(line)
    if detach:
        return detached(run)
    return report(trained(run, titles), titles, output=output, as_json=as_json)


def _beginning(standing: RunStanding, titles: Mapping[str, str]) -> Iterator[str]:
    """From where each backend goes on."""
    for one in standing.backends:
        title = titles[one.backend]
        if one.reason and one.reason != "stopped":
            yield f"{title} is done, after {one.epochs} epochs."
        elif one.epochs:
            yield f"{title} goes on after epoch {one.epochs}."
        else:
            yield f"{title} begins at the beginning."
