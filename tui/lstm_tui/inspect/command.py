"""`lstm-tui inspect [RUN]`: what is inside a trained network, with its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from lstm_forecasting.data.splits import Part
from lstm_forecasting.figures.drawing import check_figure_path
from lstm_forecasting.inspect.saving import check_arrays_path
from lstm_forecasting.inspect.subject import open_subject
from lstm_forecasting.inspect.units import UNIT_ORDERS
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins.config import Precision
from lstm_tui.cli.choosing import choose_backends
from lstm_tui.cli.command import Command
from lstm_tui.cli.flags import flags
from lstm_tui.cli.options import run_argument, runs_flag, threads_flag
from lstm_tui.inspect.printed.asking import Asking, Outcome
from lstm_tui.inspect.printed.batch import show_batch
from lstm_tui.inspect.printed.weights import show_weights
from lstm_tui.inspect.printed.window import WindowChoice, show_window

VIEWS = {
    "window": (
        "number",
        "at",
        "worst",
        "part",
        "target",
        "layer",
        "direction",
        "order",
        "unit",
        "step",
        "against",
    ),
    "weights": ("since",),
    "batch": ("batch", "array"),
}
"""What can be shown, and the options that only one of these has."""


def _saved_as_arrays(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None:
        check_arrays_path(path)
    return path


def _saved_as_picture(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None:
        check_figure_path(path)
    return path


@click.command(
    cls=Command,
    help="Looks into a trained network: for a window of the run's rows every gate and state, attention, and "
    "where the gradient comes from and vanishes; with --unit and --step the cell computed with its numbers; "
    "the weights and what training changed; the windows of a batch and the gradient that they agree on. "
    "Layers, units and inputs count from 0 as in the weight arrays; windows, batches and time steps from 1.",
)
@run_argument
@click.option(
    "--show", type=click.Choice(list(VIEWS)), default="window", show_default=True, help="What to look at."
)
@click.option("--window", "number", type=int, metavar="N", help="The window by its number in the part.")
@click.option("--at", metavar="DATE", help="The window whose forecast begins then, or next after it.")
@click.option(
    "--worst", type=int, metavar="N", help="The window with the N-th largest error. [default: the largest]"
)
@click.option(
    "--part",
    type=click.Choice(get_args(Part)),
    default="test",
    show_default=True,
    help="Where to look for the window.",
)
@click.option("--target", metavar="COLUMN", help="Whose error and correlation. [default: the first]")
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
    help="How units are sorted: correlation is that with the target along the window.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    metavar="N",
    help="Most rows of a heatmap as text; pictures and files have all.",
)
@click.option("--unit", type=int, metavar="N", help="Show one unit in numbers.")
@click.option("--step", type=int, metavar="N", help="Compute the unit at this time step, in every product.")
@click.option("--against", metavar="NAME", help="A second backend, and how far it lies from the first.")
@click.option(
    "--since",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="EPOCH",
    help="The snapshot since which changes of the weights count.",
)
@click.option(
    "--batch", type=int, default=1, show_default=True, metavar="N", help="Which batch of the next epoch."
)
@click.option(
    "--array",
    metavar="NAME",
    help="The weight array whose gradient is told window by window. [default: the largest]",
)
@click.option("--trained-by", metavar="NAME", help="Whose weights of the run. [default: the best]")
@click.option(
    "--snapshot",
    type=click.IntRange(min=0),
    metavar="EPOCH",
    help="Weights after so many epochs. [default: the best]",
)
@click.option("--backend", metavar="NAME", help="What computes. [default: what trained the weights]")
@click.option(
    "--precision", type=click.Choice(get_args(Precision)), help="In which it computes. [default: the run's]"
)
@flags(threads_flag, runs_flag)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--npz",
    type=click.Path(path_type=Path),
    metavar="PATH",
    callback=_saved_as_arrays,
    help="Save all arrays there, as .npz.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    callback=_saved_as_picture,
    help="Save a picture there, as .svg or .png.",
)
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
    """Looks, tells, saves, and gives the exit code."""
    _check_view(context, show)
    subject = open_subject(name, parent, trained_by=trained_by, epoch=snapshot, precision=precision)
    outcome = Outcome(rows, as_json, npz, output)
    if show == "weights":
        show_weights(subject, since, outcome)
        return 0
    choice = WindowChoice(**chosen)
    names = (backend or subject.trained_by, *filter(None, [choice.against]))
    computing, *_ = choose_backends(names, plugins=True, without=frozenset()).backends
    with BackendProcesses() as processes:
        asking = Asking(subject, computing.name, threads, processes)
        if show == "batch":
            show_batch(asking, batch - 1, array, outcome)
        else:
            show_window(asking, choice, outcome)
    return 0


def _check_view(context: click.Context, show: str) -> None:
    """Refuses what was asked for and would not be shown."""
    given = click.core.ParameterSource.COMMANDLINE
    options = {option.name: option.opts[0] for option in context.command.params}
    for view, names in VIEWS.items():
        for name in names:
            if view != show and context.get_parameter_source(name) is given:
                raise click.UsageError(f"{options[name]} goes with --show {view}.")
    asked = context.params
    if sum(asked[name] is not None for name in ("number", "at", "worst")) > 1:
        raise click.UsageError("--window, --at and --worst exclude each other.")
    if asked["step"] is not None and asked["unit"] is None:
        raise click.UsageError("--step needs the --unit that is to be computed.")
    if asked["unit"] is not None and asked["against"] is not None:
        raise click.UsageError("--unit and --against exclude each other.")
