"""Works on a run from the command line: in front of the user, or without the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.runs.detached import start_detached
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.recording import RecordedExperiment
from lstm_tui.cli import console
from lstm_tui.runs.following import followed


@contextmanager
def kept(run: RunFolder, titles: Mapping[str, str]) -> Iterator[ExperimentResult]:
    """Works on a run to its end; says how to go on when it is interrupted."""
    notes = console.notes()
    try:
        with followed(RecordedExperiment(run), titles, notes) as result:
            yield result
    except KeyboardInterrupt:
        notes.print(f"What was learnt is kept; lstm-tui resume {run.name} goes on.")
        raise


def detached(run: RunFolder) -> int:
    """Has a program of its own work on a run, says how to see it again, and gives the exit code."""
    process = start_detached(run)
    click.echo(run.name)
    console.notes().print(
        f"Run {run.name} goes on in the background (process {process}). lstm-tui attach {run.name} shows it, "
        f"lstm-tui runs stop {run.name} ends it."
    )
    return 0
