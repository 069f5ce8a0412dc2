"""`lstm-tui forecast FILE|NAME`: from a series to a verdict and a forecast."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, get_args

import click
from rich.console import Console

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.missing import Missing
from lstm_forecasting.data.splits import DEFAULT_FRACTIONS
from lstm_forecasting.errors import InputError
from lstm_forecasting.experiment.events import BackendFailed, BackendStarted, ExperimentFinished
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.looks import looks
from lstm_forecasting.saving import SUFFIXES, check_forecast_path, result_as_json, save_forecast
from lstm_tui.cli import console
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.options import (
    ListsBackends,
    backend_option,
    input_option,
    plugin_options,
    target_option,
)
from lstm_tui.cli.program import FAILED
from lstm_tui.cli.progress import Bars, Follower, Lines
from lstm_tui.cli.report import print_plan, print_result
from lstm_tui.cli.settings import TakesSettings, fixed_settings


class _Forecast(ListsBackends, TakesSettings):
    pass


@click.command(
    cls=_Forecast,
    context_settings={"token_normalize_func": lambda text: text.replace("_", "-")},
    help="Trains on a series and forecasts it: a CSV or Parquet file, or the name of a bundled data set "
    "(lstm-tui datasets lists them). Results go to stdout, progress to stderr.",
)
@click.argument("source", metavar="FILE|NAME")
@backend_option("to train, all at once; without it, one that is available")
@target_option
@input_option
@click.option("--steps", type=int, metavar="N", help="Rows to forecast. [default: the horizon]")
@click.option(
    "--split",
    "fractions",
    nargs=3,
    type=float,
    metavar="TRAIN VALIDATION TEST",
    default=DEFAULT_FRACTIONS,
    show_default=True,
    help="Shares of the rows, in this order of time.",
)
@click.option(
    "--missing",
    type=click.Choice(get_args(Missing)),
    default="interpolate",
    show_default=True,
    help="What becomes of missing values.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help=f"Save the forecast there, as {', '.join(SUFFIXES)}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--threads", type=int, default=1, show_default=True, metavar="N", help="Threads of each backend."
)
@plugin_options
def command(
    source: str,
    backends: tuple[str, ...],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    steps: int | None,
    fractions: tuple[float, float, float],
    missing: Missing,
    output: Path | None,
    as_json: bool,
    threads: int,
    no_plugins: bool,
    without: tuple[str, ...],
    **settings: Any,
) -> int:
    """Runs the experiment and gives the exit code: 1 when a backend failed."""
    if output is not None:
        check_forecast_path(output)
    choice = choose_backends(backends, plugins=not no_plugins, without=frozenset(without))
    experiment = plan_experiment(
        open_data(source, targets, inputs, missing),
        [backend.name for backend in choice.backends],
        fixed_settings(settings),
        fractions=fractions,
        steps=steps,
        threads=threads,
    )
    titles = {backend.name: backend.title for backend in choice.backends}
    out, notes = console.results(), console.notes()
    if as_json:
        for note in choice.notes:
            notes.print(note)
    else:
        print_plan(out, experiment, choice.notes)
    with _result(experiment, titles, notes) as result:
        if as_json:
            click.echo(json.dumps(result_as_json(result), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            print_result(out, result, titles)
        failed = bool(result.failures)
        if output is not None and result.backends:
            failed |= not _saved(result, output, notes)
    return FAILED if failed else 0


@contextmanager
def _result(experiment: Experiment, titles: Mapping[str, str], notes: Console) -> Iterator[ExperimentResult]:
    """Runs the experiment; its processes end on leaving, so that nobody waits for that before reading."""
    processes: dict[str, int] = {}
    before = signal.getsignal(signal.SIGINT)
    try:
        with RunningExperiment(experiment) as running:
            try:
                yield _follow(running, titles, notes, processes)
            except KeyboardInterrupt:
                signal.signal(signal.SIGINT, _killing(processes))
                names = ", ".join(titles[name] for name in processes)
                notes.print(f"Interrupted, stopping the backends ({names}); Ctrl+C again kills them.")
                raise
    finally:
        signal.signal(signal.SIGINT, before)


def _follow(
    running: RunningExperiment, titles: Mapping[str, str], notes: Console, processes: dict[str, int]
) -> ExperimentResult:
    with _follower(notes, titles) as follower:
        for event in running:
            if isinstance(event, ExperimentFinished):
                return event.result
            if isinstance(event, BackendStarted):
                processes[event.backend] = event.process
            if isinstance(event, BackendFailed):
                processes.pop(event.backend, None)
            follower.show(event)
    raise AssertionError("an experiment ends with its result")


def _follower(notes: Console, titles: Mapping[str, str]) -> Follower:
    if not notes.is_terminal:
        return Lines(notes, titles)
    shown = looks(list(titles))
    return Bars(notes, titles, {name: look.dark for name, look in shown.items()})


def _killing(processes: Mapping[str, int]) -> Callable[[int, FrameType | None], None]:
    def kill(_number: int, _frame: FrameType | None) -> None:
        for process in processes.values():
            with suppress(ProcessLookupError):
                # Each backend leads a process group of its own.
                os.killpg(process, signal.SIGKILL)

    return kill


def _saved(result: ExperimentResult, output: Path, notes: Console) -> bool:
    try:
        save_forecast(result, output)
    except InputError as error:
        notes.print(f"Error: {error}")
        return False
    notes.print(f"The forecast is in {output}.")
    return True
