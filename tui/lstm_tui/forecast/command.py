"""`lstm-tui forecast FILE|NAME`: from a series to a verdict and a forecast, without a run."""

from pathlib import Path
from typing import Any

import click

from lstm_forecasting.experiment.running import RunningExperiment
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.following import followed, outcome_options, report
from lstm_tui.cli.experiment.planning import experiment_options, planned


@click.command(
    cls=Command,
    help="Train on a series and forecast it: a CSV, JSON or Parquet file, - for standard input, or the name "
    "of a bundled data set (lstm-tui datasets lists them). Results go to stdout, progress to stderr. "
    "No run is saved; lstm-tui train does the same and saves one.",
)
@experiment_options
@outcome_options
def command(output: Path | None, as_json: bool, **given: Any) -> int:
    """Runs the experiment and returns the exit code: 1 if a backend failed."""
    plan = planned(**given)
    plan.announce(quiet=as_json)
    found = followed(RunningExperiment(plan.experiment), plan.choice.titles)
    return report(found, plan.choice.titles, output=output, as_json=as_json)
