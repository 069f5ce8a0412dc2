"""Runs experiments from the command line: shows the progress, and stops on Ctrl+C."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType

import click
from rich.console import Console

from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.figures.looks import looks
from lstm_forecasting.runs.detached import start_detached
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.recording import RecordedExperiment
from lstm_tui.cli import console
from lstm_tui.cli.experiment.progress import bars, lines
from lstm_tui.kit.follower import Running


@contextmanager
def followed(
    work: AbstractContextManager[Running[events.ExperimentEvent]], titles: Mapping[str, str], notes: Console
) -> Iterator[ExperimentResult]:
    """Runs an experiment, shows its progress in `notes`, and yields its result.

    Its processes end on leaving, so that nobody waits for them before reading the result.
    """
    processes: dict[str, int] = {}
    before = signal.getsignal(signal.SIGINT)
    try:
        with work as running:
            try:
                yield watch(running, titles, notes, processes)
            except KeyboardInterrupt:
                signal.signal(signal.SIGINT, _killing(processes))
                names = ", ".join(titles[name] for name in processes)
                notes.print(f"Interrupted, stopping the backends ({names}); Ctrl+C again kills them.")
                raise
    finally:
        signal.signal(signal.SIGINT, before)


def watch(
    running: Running[events.ExperimentEvent],
    titles: Mapping[str, str],
    notes: Console,
    processes: dict[str, int],
) -> ExperimentResult:
    """Shows the events of an experiment and returns its result; keeps the ids of running `processes`."""
    colours = {name: look.dark for name, look in looks(list(titles)).items()}
    shown = bars(notes, titles, colours) if notes.is_terminal else lines(notes, titles)
    with shown as show:
        for event in running:
            if isinstance(event, events.RunOpened):
                continue
            if isinstance(event, events.ExperimentFinished):
                return event.result
            if isinstance(event, events.BackendStarted):
                processes[event.backend] = event.process
            if isinstance(event, events.BackendFailed):
                processes.pop(event.backend, None)
            show(event)
    raise AssertionError("an experiment ends with its result")


def _killing(processes: Mapping[str, int]) -> Callable[[int, FrameType | None], None]:
    def kill(_number: int, _frame: FrameType | None) -> None:
        for process in processes.values():
            with suppress(ProcessLookupError):
                # Each backend leads its own process group.
                os.killpg(process, signal.SIGKILL)

    return kill


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
