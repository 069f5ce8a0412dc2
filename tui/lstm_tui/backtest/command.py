"""`lstm-tui backtest FILE|NAME`: forecasts from many origins with any number of models, and their errors."""

from pathlib import Path
from typing import Any

import click

from lstm_forecasting.backtest.events import BacktestFinished
from lstm_forecasting.backtest.folder import BacktestFolder, create_backtest, find_backtest, read_backtest
from lstm_forecasting.backtest.options import (
    EVERY,
    MODELS,
    ORIGINS,
    REFIT,
    WINDOW,
    WORKERS,
    Entrant,
    Window,
    refit_every,
)
from lstm_forecasting.backtest.origins import Rolling
from lstm_forecasting.backtest.plan import Backtest, plan_backtest
from lstm_forecasting.backtest.report import SUFFIXES, check_backtest_path, result_as_json, save_backtest
from lstm_forecasting.backtest.results import BacktestResult
from lstm_forecasting.backtest.running import RunningBacktest
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.abilities import common_additions, with_able_backends
from lstm_forecasting.presets.options import Preset, budget_seconds, default_preset
from lstm_tui.backtest.printed import print_backtest
from lstm_tui.backtest.progress import bar, lines
from lstm_tui.cli import console, options
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.command import Command
from lstm_tui.cli.experiment.printed import print_series
from lstm_tui.cli.flags import Flag, ListType, flags
from lstm_tui.cli.program import FAILED


@click.command(
    cls=Command,
    help="Forecast from many origins of a series with any number of models, each fitted to the rows before "
    "the origin only, and compare their errors by step and over time. The series is a CSV, JSON or Parquet "
    "file, - for standard input, or the name of a bundled data set. Finished folds are saved in a folder "
    "beside the runs. Results go to stdout, progress to stderr.",
)
@click.argument("source", metavar="FILE|NAME|-", required=False)
@flags(
    Flag(MODELS, multiple=False, type=ListType(MODELS), default=MODELS.default, help=f"{MODELS.help}."),
    Flag(ORIGINS),
    Flag(EVERY, default=EVERY.default),
    Flag(WINDOW, default=WINDOW.default),
    Flag(REFIT, default=REFIT.default),
    Flag(WORKERS),
)
@click.option(
    "--resume",
    metavar="BACKTEST",
    help="Continue a backtest that was stopped or killed, by its name or folder; last: the latest one.",
)
@flags(
    options.backend_flag("Backends that train the LSTM; by default, the first that is ready."),
    *(options.target_flag, options.input_flag, options.split_flag, options.threads_flag),
    *(options.preset_flag, options.budget_flag, options.level_flag, options.runs_flag),
)
@options.save_option("--output", "all forecasts", SUFFIXES, check_backtest_path)
@options.json_option
@options.plugin_options
@flags(*options.reading_flags, *options.setting_flags)
def command(
    source: str | None,
    resume: str | None,
    parent: Path,
    output: Path | None,
    as_json: bool,
    workers: int | None,
    **given: Any,
) -> int:
    """Runs the backtest and returns the exit code: 1 if a fold failed."""
    if (source is None) == (resume is None):
        raise click.UsageError("Name a series, or a backtest to continue with --resume; one of them.")
    if source is not None:
        backtest = _planned(source, **given)
        folder = create_backtest(backtest, parent)
    else:
        folder = find_backtest(resume or "", parent)
        backtest = read_backtest(folder)
    if not as_json:
        print_series(console.results(), backtest.table, backtest.decisions)
    console.notes().print(f"Backtest {folder.name} is saved in {folder.path}.")
    result = _followed(folder, workers)
    if as_json:
        console.print_json(result_as_json(result, folder.name))
    else:
        print_backtest(console.results(), result)
    saved = console.saved("table of all forecasts", output, lambda path: save_backtest(result, path))
    return 0 if saved and not result.failures else FAILED


def _planned(
    source: str,
    models: tuple[Entrant, ...],
    origins: int | None,
    every: int,
    window: Window,
    refit: str,
    backends: tuple[str, ...],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    fractions: tuple[float, float, float],
    threads: int,
    preset: Preset | None,
    budget: str | None,
    levels: tuple[float, ...],
    no_plugins: bool,
    without: tuple[str, ...],
    **declared: Any,
) -> Backtest:
    choice = choose_backends(backends, no_plugins, without)
    reading, settings = options.take_read_options(declared), options.given_settings(declared)
    backtest = plan_backtest(
        open_data(source, targets, inputs, reading),
        choice.names,
        settings,
        models=models,
        rolling=Rolling(origins, every, window, refit_every(refit)),
        fractions=fractions,
        threads=threads,
        preset=preset or default_preset(settings),
        budget=None if budget is None else budget_seconds(budget),
        additions=common_additions(choice.backends),
        levels=levels,
    )
    if not backtest.recipe.trains:
        return backtest
    for note in choice.notes:
        console.notes().print(note)
    return backtest.with_backends(with_able_backends(backtest.first, choice.backends).backends)


def _followed(folder: BacktestFolder, workers: int | None) -> BacktestResult:
    """Computes what is missing, shows the progress, and returns the result."""
    notes = console.notes()
    try:
        shown = bar(notes) if notes.is_terminal else lines(notes)
        with RunningBacktest(folder, workers=workers) as running, shown as show:
            for event in running:
                show(event)
                if isinstance(event, BacktestFinished):
                    return event.result
    except KeyboardInterrupt:
        notes.print(f"Finished folds are saved; lstm-tui backtest --resume {folder.name} continues.")
        raise
    raise AssertionError("a backtest that nobody stops ends with its result")
