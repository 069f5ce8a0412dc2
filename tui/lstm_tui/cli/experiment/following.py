"""Runs experiments from the command line: shows the progress, stops on Ctrl+C, and reports the result."""

import itertools
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import FrameType

import click

from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.figures.looks import looks
from lstm_forecasting.runs.detached import start_detached
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.recording import RecordedExperiment
from lstm_forecasting.saving.forecast import SUFFIXES, check_forecast_path, result_as_json, save_forecast
from lstm_tui.cli import console
from lstm_tui.cli.experiment.printed import print_result
from lstm_tui.cli.experiment.progress import bars, lines
from lstm_tui.cli.flags import Decorated
from lstm_tui.cli.options import json_option, save_option
from lstm_tui.cli.program import FAILED
from lstm_tui.kit.follower import Running


def outcome_options(decorated: Decorated) -> Decorated:
    """Adds `--output PATH` and `--json`."""
    output = save_option("--output", "the forecast", SUFFIXES, check_forecast_path)
    return output(json_option(decorated))


def report(
    found: AbstractContextManager[ExperimentResult],
    titles: Mapping[str, str],
    *,
    output: Path | None,
    as_json: bool,
) -> int:
    """Waits for a result, prints it, saves its forecast, and returns the exit code: 1 if something failed.

    Processes that are still running end once everything is printed. `titles` are the names of the backends by
    short name.
    """
    with found as result:
        if as_json:
            console.print_json(result_as_json(result))
        else:
            print_result(console.results(), result, titles)
        done = not result.failures
        if result.backends:
            done &= console.saved("forecast", output, lambda path: save_forecast(result, path))
    return 0 if done else FAILED


@contextmanager
def followed(
    work: AbstractContextManager[Running[events.ExperimentEvent]], titles: Mapping[str, str]
) -> Iterator[ExperimentResult]:
    """Runs an experiment, shows its progress, and yields its result.

    Its processes end on leaving, so that nobody waits for them before reading the result.
    """
    processes: dict[str, set[int]] = {}

    def kill(_number: int, _frame: FrameType | None) -> None:
        for process in itertools.chain(*processes.values()):
            with suppress(ProcessLookupError):
                # Each backend leads its own process group.
                os.killpg(process, signal.SIGKILL)

    before = signal.getsignal(signal.SIGINT)
    try:
        with work as running:
            try:
                yield watch(running, titles, processes)
            except KeyboardInterrupt:
                signal.signal(signal.SIGINT, kill)
                names = ", ".join(titles[name] for name in processes)
                console.notes().print(
                    f"Interrupted, stopping the backends ({names}); Ctrl+C again kills them."
                )
                raise
    finally:
        signal.signal(signal.SIGINT, before)


def watch(
    running: Running[events.ExperimentEvent], titles: Mapping[str, str], processes: dict[str, set[int]]
) -> ExperimentResult:
    """Shows the events of an experiment and returns its result; keeps the ids of running `processes`."""
    notes = console.notes()
    colours = {name: look.dark for name, look in looks(list(titles)).items()}
    with bars(notes, titles, colours) if notes.is_terminal else lines(notes, titles) as show:
        ended = set[str]()
        for event in running:
            if isinstance(event, events.RunOpened):
                continue
            if isinstance(event, events.ExperimentFinished):
                return event.result
            if isinstance(event, events.BackendStarted):
                processes.setdefault(event.backend, set()).add(event.process)
            if isinstance(event, events.BackendFailed):
                processes.pop(event.backend, None)
            show(event)
            if isinstance(event, events.BackendFinished | events.BackendFailed | events.BackendStopped):
                ended.add(event.backend)
                if ended == set(titles):
                    notes.print("Comparing with baselines.")
    raise AssertionError("an experiment ends with its result")


@contextmanager
def trained(run: RunFolder, titles: Mapping[str, str]) -> Iterator[ExperimentResult]:
    """Trains a run to its end and yields the result; on Ctrl+C, says how to continue the run."""
    try:
        with followed(RecordedExperiment(run), titles) as result:
            yield result
    except KeyboardInterrupt:
        console.notes().print(f"The progress is saved; lstm-tui resume {run.name} continues.")
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
