"""`lstm-tui crosscheck [FILE|NAME]`: finds the first step at which a backend differs, and the reason."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast, get_args

import click
from rich.console import Console

from lstm_forecasting.crosscheck.events import CrossCheckFinished
from lstm_forecasting.crosscheck.plan import PRECISIONS, CrossCheck, plan_crosscheck
from lstm_forecasting.crosscheck.report import SUFFIXES, check_report_path, report_as_json, save_report
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.running import RunningCrossCheck
from lstm_forecasting.crosscheck.schedule import DEPTHS, Depth
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_plugins.config import Precision
from lstm_plugins.errors import InputError
from lstm_tui.cli import console
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.command import Command, on_command_line
from lstm_tui.cli.flags import Flag, flags
from lstm_tui.cli.options import (
    ALL,
    backend_flag,
    given_settings,
    input_flag,
    json_option,
    plugin_options,
    reading_flags,
    save_option,
    setting_flags,
    take_read_options,
    target_flag,
    threads_flag,
)
from lstm_tui.cli.program import FAILED
from lstm_tui.crosscheck.printed import print_findings
from lstm_tui.crosscheck.progress import bars, lines

BOTH = "both"


@click.command(
    cls=Command,
    help="Compare backends with the reference, level by level from windows to weight updates, and report the "
    "first level that fails, where it fails, and which bug explains it. A series (a CSV, JSON or Parquet "
    "file, - for standard input, or the name of a bundled data set) adds a probe of its own windows and "
    "settings. Results go to stdout, progress to stderr. Exit code 0 means that everything passed.",
)
@click.argument("source", metavar="[FILE|NAME|-]", required=False)
@flags(backend_flag("Backends to check; by default, all that are ready."))
@click.option(
    "--precision",
    type=click.Choice([*PRECISIONS, BOTH]),
    default=BOTH,
    show_default=True,
    help="float64 checks the mathematics; float32 checks the path that training uses.",
)
@click.option(
    "--depth",
    type=click.Choice(get_args(Depth)),
    default="quick",
    show_default=True,
    help="; ".join(f"{name}: {words}" for name, words in DEPTHS.items()) + ".",
)
@flags(target_flag, input_flag)
@save_option("--output", "a report", SUFFIXES, check_report_path)
@json_option
@flags(threads_flag)
@plugin_options
@flags(*reading_flags, *(one for one in setting_flags if one.option.name != "precision"))
def command(
    source: str | None,
    backends: tuple[str, ...],
    precision: str,
    depth: Depth,
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    threads: int,
    no_plugins: bool,
    without: tuple[str, ...],
    **declared: Any,
) -> int:
    """Runs the cross-check and returns the exit code: 1 if anything failed."""
    choice = choose_backends(backends or (ALL,), no_plugins, without)
    check = plan_crosscheck(
        choice.names,
        precisions=PRECISIONS if precision == BOTH else (cast("Precision", precision),),
        depth=depth,
        experiment=_own(source, choice.names, targets, inputs, declared),
        threads=threads,
        additions={backend.name: backend.additions for backend in choice.backends},
    )
    notes, titles = console.notes(), choice.titles
    for note in choice.notes:
        notes.print(note)
    with _result(check, titles, notes) as result:
        if as_json:
            console.print_json(report_as_json(result, titles))
        else:
            print_findings(console.results(), result, titles)
        saved = console.saved("report", output, lambda path: save_report(result, path, titles))
    return 0 if result.passed and saved else FAILED


def _own(
    source: str | None,
    backends: Sequence[str],
    targets: tuple[str, ...],
    inputs: tuple[str, ...],
    declared: dict[str, Any],
) -> Experiment | None:
    reading, settings = take_read_options(declared), given_settings(declared)
    if source is not None:
        return plan_experiment(open_data(source, targets, inputs, reading), backends, settings)
    # Files and variables apply to any series; only flags of this call need one.
    context = click.get_current_context()
    for flag in context.command.params:
        described = isinstance(flag, Flag) and flag.table in ("data", "settings")
        if described and on_command_line(context, flag.name or ""):
            raise InputError(
                f"{flag.opts[0]} describes a probe of your own, but there is no series for it; name a file "
                f"or a bundled data set, or leave {flag.opts[0]} out."
            )
    return None


@contextmanager
def _result(check: CrossCheck, titles: Mapping[str, str], notes: Console) -> Iterator[CrossCheckResult]:
    """Runs the cross-check. Its processes end on exit, so that the report does not wait for them."""
    with RunningCrossCheck(check) as running:
        finished: CrossCheckFinished | None = None
        with bars(notes, titles, check) if notes.is_terminal else lines(notes, titles) as show:
            for event in running:
                if isinstance(event, CrossCheckFinished):
                    finished = event
                else:
                    show(event)
        if finished is None:
            raise AssertionError("a cross-check ends with its result")
        yield finished.result
