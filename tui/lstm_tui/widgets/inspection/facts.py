"""What is looked at, in words: the weights, the window, its forecast, the layer; each with its key."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from lstm_forecasting.inspection.comparing import Comparison
from lstm_forecasting.inspection.flow import gradient_flow, in_words
from lstm_forecasting.inspection.results import InspectedLayer, InspectedWindow
from lstm_forecasting.inspection.units import UnitOrder
from lstm_forecasting.inspection.weights import ArrayChange, weight_facts
from lstm_plugins.weights import Weights
from lstm_tui.cli.numbers import in_one_form

ORDERS: Mapping[UnitOrder, str] = {
    "index": "by index",
    "activity": "most active first",
    "correlation": "closest to target first",
}


def facts(
    inspected: InspectedWindow,
    layer: InspectedLayer,
    order: UnitOrder,
    titles: Mapping[str, str],
    key: Callable[[str], str],
    styles: tuple[str, str],
) -> Table:
    """What is looked at, with the key that changes it.

    Args:
        inspected: the window.
        layer: the one that is shown.
        order: of its units.
        titles: names of the backends for people.
        key: gives the key of an action by its id.
        styles: of keys and of names.
    """
    subject, window = inspected.subject, inspected.window
    header, table = subject.model.header, subject.experiment.table
    loss = "" if header.loss is None else f", loss {header.loss:.4g}"
    rows = (
        (
            "next_weights",
            "weights",
            f"{titles.get(subject.trained_by, subject.trained_by)}, epoch {header.epoch}{loss}",
        ),
        ("next_backend", "computes", f"{titles[inspected.backend]}, {subject.config.precision}"),
        ("next_part", "part", f"{window.part}, window {window.number + 1} of {window.count}"),
        ("go_to_window", "forecast", f"{table.row_text(window.targets.start)}, loss {inspected.loss:.4g}"),
        ("next_layer", "layer", f"{layer.name}, {layer.units} units"),
        ("next_order", "units", ORDERS[order]),
    )
    shown = Table.grid(padding=(0, 1))
    for action, name, told in rows:
        shown.add_row(Text(key(action), f"bold {styles[0]}"), Text(name, styles[1]), told)
    return shown


def forecast_table(inspected: InspectedWindow, quiet: str) -> Table:
    """The prediction of the first target against the truth."""
    table = inspected.subject.experiment.table
    shown = Table.grid(padding=(0, 1))
    shown.add_column(style=quiet)
    for _ in range(3):
        shown.add_column(justify="right")
    shown.add_row("", Text("forecast", quiet), Text("truth", quiet), Text("error", quiet))
    point, truth = inspected.point[:, 0], inspected.truth[:, 0]
    columns = (in_one_form(numbers.tolist()) for numbers in (point, truth, point - truth))
    for step, numbers in enumerate(zip(*columns, strict=True)):
        shown.add_row(table.row_text(inspected.window.targets.start + step), *numbers)
    return shown


def gradient_sentence(layer: InspectedLayer) -> str:
    """Where the gradient vanishes or explodes."""
    return in_words(gradient_flow(layer))


def weight_lines(weights: Weights, changes: Sequence[ArrayChange], layer: str) -> str:
    """Share, norm and change of a layer's arrays, a line each."""
    relative = {change.name: change.relative for change in changes}
    lines = []
    for one in weight_facts(weights):
        if one.name.startswith(f"{layer}."):
            grown = relative.get(one.name, math.nan)
            changed = f", changed by {100 * grown:.1f} %" if math.isfinite(grown) else ""
            kind = one.name.removeprefix(f"{layer}.")
            lines.append(f"{kind}: {100 * one.share:.1f} % of all, norm {one.norm:.4g}{changed}")
    return "\n".join(lines)


def difference_sentence(comparison: Comparison, titles: Mapping[str, str]) -> str:
    """How far two backends lie apart, in a sentence."""
    one, other = (titles[side.backend] for side in (comparison.one, comparison.other))
    hidden = max(layer.largest("hidden") for layer in comparison.layers)
    gradient = max(comparison.gradients.values())
    return f"1 {one}, 2 {other}: h differs by {hidden:.1e} at most, gradients by {gradient:.1e}."
