"""`lstm-tui train FILE|NAME`: as `forecast`, and everything is kept in a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lstm_forecasting.runs.recording import create_run
from lstm_tui.cli import console
from lstm_tui.cli.planning import FLAGS, PlansExperiment, experiment_options, planned
from lstm_tui.cli.run_options import detach_option, runs_option
from lstm_tui.forecast.outcome import outcome_options, tell
from lstm_tui.forecast.printed import print_plan
from lstm_tui.runs.keeping import detached, kept


@click.command(
    cls=PlansExperiment,
    context_settings=FLAGS,
    help="Trains on a series and forecasts it, and keeps all of it in a run: a folder with the rows, the "
    "settings, checkpoints and forecasts. Whatever ends it, lstm-tui resume goes on; lstm-tui predict "
    "forecasts later files with it.",
)
@experiment_options
@click.option("--name", metavar="NAME", help="Name of the run. [default: the series and the time]")
@runs_option
@detach_option
@outcome_options
def command(
    name: str | None, parent: Path, detach: bool, output: Path | None, as_json: bool, **given: Any
) -> int:
    """Makes the run, trains, and gives the exit code: 1 when a backend failed."""
    if output is not None and detach:
        raise click.UsageError("--output and --detach exclude each other; attach with --output later.")
    plan = planned(**given)
    notes = console.notes()
    run = create_run(plan.experiment, parent, name)
    if as_json or detach:
        for note in plan.notes:
            notes.print(note)
    else:
        print_plan(console.results(), plan.experiment, plan.notes)
    for warning in plan.warnings:
        notes.print(warning)
    notes.print(f"Run {run.name} is kept in {run.path}.")
    if detach:
        return detached(run)
    return tell(kept(run, plan.titles), plan.titles, output=output, as_json=as_json)
