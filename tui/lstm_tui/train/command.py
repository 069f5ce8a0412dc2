"""`lstm-tui train FILE|NAME`: trains and forecasts like `forecast`, and saves everything in a run."""

from pathlib import Path
from typing import Any

import click

from lstm_forecasting.runs.recording import create_run
from lstm_tui.cli import console
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.following import detached, outcome_options, report, trained
from lstm_tui.cli.experiment.planning import experiment_options, planned
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import detach_option, runs_flag


@click.command(
    cls=Command,
    help="Train on a series, forecast it, and save everything in a run: a folder with the rows, the "
    "settings, checkpoints and forecasts. lstm-tui resume continues an interrupted run; lstm-tui predict "
    "forecasts later files with it.",
)
@experiment_options
@click.option("--name", metavar="NAME", help="Name of the run. [default: the series and the time]")
@flags(runs_flag)
@detach_option
@outcome_options
def command(
    name: str | None, parent: Path, detach: bool, output: Path | None, as_json: bool, **given: Any
) -> int:
    """Creates the run, trains, and returns the exit code: 1 if a backend failed."""
    if output is not None and detach:
        raise click.UsageError("--output and --detach exclude each other; attach with --output later.")
    plan = planned(**given)
    run = create_run(plan.experiment, parent, name)
    plan.announce(quiet=as_json or detach)
    console.notes().print(f"Run {run.name} is saved in {run.path}.")
    if detach:
        return detached(run)
    return report(trained(run, plan.choice.titles), plan.choice.titles, output=output, as_json=as_json)
