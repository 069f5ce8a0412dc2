"""`lstm-tui forecast FILE|NAME`: from a series to a verdict and a forecast, of which nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lstm_forecasting.experiment.running import RunningExperiment
from lstm_tui.cli import console
from lstm_tui.cli.planning import FLAGS, PlansExperiment, experiment_options, planned
from lstm_tui.forecast.outcome import outcome_options, tell
from lstm_tui.forecast.printed import print_plan
from lstm_tui.runs.following import followed


@click.command(
    cls=PlansExperiment,
    context_settings=FLAGS,
    help="Trains on a series and forecasts it: a CSV, JSON or Parquet file, - for standard input, or the "
    "name of a bundled data set (lstm-tui datasets lists them). Results go to stdout, progress to stderr. "
    "Nothing else is kept; lstm-tui train does the same and keeps it.",
)
@experiment_options
@outcome_options
def command(output: Path | None, as_json: bool, **given: Any) -> int:
    """Runs the experiment and gives the exit code: 1 when a backend failed."""
    plan = planned(**given)
    notes = console.notes()
    if as_json:
        for note in plan.notes:
            notes.print(note)
    else:
        print_plan(console.results(), plan.experiment, plan.notes)
    for warning in plan.warnings:
        notes.print(warning)
    found = followed(RunningExperiment(plan.experiment), plan.titles, notes)
    return tell(found, plan.titles, output=output, as_json=as_json)
