"""Trains a run from the command line, in the terminal or in the background."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.runs.detached import start_detached
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.recording import RecordedExperiment
from lstm_tui.cli import console
from lstm_tui.cli.experiment.following import followed


@contextmanager
def trained(run: RunFolder, titles: Mapping[str, str]) -> Iterator[ExperimentResult]:
    """Trains a run to its end and yields the result; on Ctrl+C, says how to continue the run."""
    notes = console.notes()
    try:
        with followed(RecordedExperiment(run), titles, notes) as result:
            yield result
    except KeyboardInterrupt:
        notes.print(f"The progress is saved; lstm-tui resume {run.name} continues.")
        raise


def detached(run: RunFolder) -> int:
    """Starts training a run in the background, says how to see it, and returns the exit code."""
    process = start_detached(run)
    click.echo(run.name)
    console.notes().print(
        f"Run {run.name} trains in the background (process {process}). lstm-tui attach {run.name} shows it, "
        f"lstm-tui runs stop {run.name} ends it."
    )
    return 0
