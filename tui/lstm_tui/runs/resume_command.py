"""`lstm-tui resume [RUN]`: continues a run, whatever ended it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from lstm_forecasting.runs.folder import find_run
from lstm_forecasting.runs.listing import RunStanding, look_at
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError
from lstm_tui.cli import console
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.following import detached, outcome_options, report, trained
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import detach_option, run_argument, runs_flag


@click.command(
    cls=Command,
    help="Continue a run that was stopped, crashed or was killed, from its last checkpoint. The result is "
    "the same, bit for bit, as without the interruption. By default, this is the latest run.",
)
@run_argument
@flags(runs_flag)
@detach_option
@outcome_options
def command(name: str, parent: Path, detach: bool, output: Path | None, as_json: bool) -> int:
    """Continues and returns the exit code: 1 if a backend failed."""
    run = find_run(name, parent)
    standing = look_at(run)
    if standing.description is None:
        raise InputError(standing.problem)
    backends = standing.description.backends
    titles = choose_backends(backends).titles
    notes = console.notes()
    for line in _beginning(standing, titles):
        notes.print(line)
    if detach:
        return detached(run)
    return report(trained(run, titles), titles, output=output, as_json=as_json)


def _beginning(standing: RunStanding, titles: Mapping[str, str]) -> Iterator[str]:
    """Yields a sentence for each backend on where it continues."""
    for one in standing.backends:
        title = titles[one.backend]
        if one.reason and one.reason != "stopped":
            yield f"{title} is done after {counted(one.epochs, 'epoch')}."
        elif one.epochs:
            yield f"{title} continues after epoch {one.epochs}."
        else:
            yield f"{title} starts from the beginning."
