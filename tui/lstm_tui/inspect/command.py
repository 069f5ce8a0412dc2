"""`lstm-tui inspect [RUN]`: looks inside a trained network."""

import dataclasses
from pathlib import Path
from typing import Any, get_args

import click

from lstm_forecasting.data.series.splits import Part
from lstm_forecasting.figures.drawing import FIGURES, check_figure_path
from lstm_forecasting.inspect.saving import ARRAYS, check_arrays_path
from lstm_forecasting.inspect.subject import open_subject
from lstm_forecasting.inspect.units import UNIT_ORDERS
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins.config import Precision
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.command import Command
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import (
    computing_option,
    json_option,
    run_argument,
    runs_flag,
    save_option,
    threads_flag,
    trained_by_option,
)
from lstm_tui.inspect.printed.asking import Asking, Outcome
from lstm_tui.inspect.printed.batch import show_batch
from lstm_tui.inspect.printed.weights import show_weights
from lstm_tui.inspect.printed.window import WindowChoice, show_window

VIEWS = {
    "window": tuple(field.name for field in dataclasses.fields(WindowChoice)),
    "weights": ("since",),
    "batch": ("batch", "array"),
}
"""The views, and the options that only one of them has."""


@click.command(
    cls=Command,
    help="Look inside a trained network. For a window of the run's rows: every gate and state, attention, "
    "and where the gradient comes from and vanishes; with --unit and --step, every product and sum of the "
    "cell. Also the weights and how training changed them, and how the windows of a batch agree on an "
    "update. Layers, units and inputs are numbered from 0, as in the weight arrays; windows, batches and "
    "time steps from 1.",
)
@run_argument
@click.option(
    "--show", type=click.Choice(list(VIEWS)), default="window", show_default=True, help="View to print."
)
@click.option("--window", "number", type=int, metavar="N", help="Window to show, by its number in the part.")
@click.option("--at", metavar="DATE", help="Window whose forecast starts at this time, or the next one.")
@click.option(
    "--worst", type=int, metavar="N", help="Window with the N-th largest error. [default: the largest]"
)
@click.option(
    "--part",
    type=click.Choice(get_args(Part)),
    default="test",
    show_default=True,
    help="Part of the series that has the window.",
)
@click.option(
    "--target", metavar="COLUMN", help="Target whose error and correlation are shown. [default: the first]"
)
@click.option("--layer", type=int, metavar="N", help="Layer to show. [default: the last]")
@click.option(
    "--direction",
    type=click.Choice(["forward", "backward"]),
    default="forward",
    show_default=True,
    help="Direction of the layer.",
)
@click.option(
    "--order",
    type=click.Choice(UNIT_ORDERS),
    default="activity",
    show_default=True,
    help="Order of the units; correlation is with the target, along the window.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    metavar="N",
    help="Most rows of a heatmap as text; files have all rows.",
)
@click.option("--unit", type=int, metavar="N", help="Unit to show in numbers.")
@click.option(
    "--step", type=int, metavar="N", help="Time step at which to print every product and sum of the unit."
)
@click.option("--against", metavar="NAME", help="Second backend to compare with the first.")
@click.option(
    "--since",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="EPOCH",
    help="Snapshot from which changes of the weights count.",
)
@click.option("--batch", type=int, default=1, show_default=True, metavar="N", help="Batch of the next epoch.")
@click.option(
    "--array",
    metavar="NAME",
    help="Weight array whose gradient is shown window by window. [default: the largest]",
)
@trained_by_option
@click.option(
    "--member",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Network of the ensemble, from 1.",
)
@click.option(
    "--snapshot",
    type=click.IntRange(min=0),
    metavar="EPOCH",
    help="Epoch whose weights are used. [default: the best]",
)
@computing_option
@click.option(
    "--precision",
    type=click.Choice(get_args(Precision)),
    help="Precision of the computation. [default: the run's]",
)
@flags(threads_flag, runs_flag)
@json_option
@save_option("--npz", "all arrays", ARRAYS, check_arrays_path)
@save_option("--output", "a picture", FIGURES, check_figure_path)
@click.pass_context
def command(
    context: click.Context,
    /,
    name: str,
    show: str,
    rows: int,
    since: int,
    batch: int,
    array: str | None,
    trained_by: str | None,
    member: int,
    snapshot: int | None,
    backend: str | None,
    precision: Precision | None,
    threads: int,
    parent: Path,
    as_json: bool,
    npz: Path | None,
    output: Path | None,
    **chosen: Any,
) -> int:
    """Inspects, prints, saves, and returns the exit code."""
    _check_view(context, show)
    subject = open_subject(
        name, parent, trained_by=trained_by, epoch=snapshot, precision=precision, member=member - 1
    )
    outcome = Outcome(rows, as_json, npz, output)
    if show == "weights":
        show_weights(subject, since, outcome)
        return 0
    choice = WindowChoice(**chosen)
    names = (backend or subject.trained_by, *filter(None, [choice.against]))
    computing, *_ = choose_backends(names).backends
    with BackendProcesses() as processes:
        asking = Asking(subject, computing.name, threads, processes)
        if show == "batch":
            show_batch(asking, batch - 1, array, outcome)
        else:
            show_window(asking, choice, outcome)
    return 0


def _check_view(context: click.Context, show: str) -> None:
    """Refuses options that the view does not have, and those that exclude each other."""
    given = click.core.ParameterSource.COMMANDLINE
    options = {option.name: option.opts[0] for option in context.command.params}
    for view, names in VIEWS.items():
        for name in names:
            if view != show and context.get_parameter_source(name) is given:
                raise click.UsageError(f"{options[name]} needs --show {view}.")
    asked = context.params
    if sum(asked[name] is not None for name in ("number", "at", "worst")) > 1:
        raise click.UsageError("--window, --at and --worst exclude each other.")
    if asked["step"] is not None and asked["unit"] is None:
        raise click.UsageError("--step needs --unit.")
    if asked["unit"] is not None and asked["against"] is not None:
        raise click.UsageError("--unit and --against exclude each other.")
