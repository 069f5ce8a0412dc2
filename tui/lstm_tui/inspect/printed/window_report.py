"""The report of a window as text: forecast, heatmaps in shades, gradients as bars."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow, in_words
from lstm_forecasting.inspect.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, Values
from lstm_forecasting.inspect.units import UnitOrder
from lstm_plugins.counting import counted
from lstm_tui.cli.tables import table_of_numbers
from lstm_tui.inspect.printed.asking import title_of
from lstm_tui.kit.charts.shades import NEGATIVE, POSITIVE, bars, cell_width, shaded
from lstm_tui.kit.numbers import MADE, UNDEFINED, in_one_form

_LABEL, _REMARK = 20, 28
"""Columns before and after a line of shades."""
_WIDEST = 120
_ORDERS: dict[UnitOrder, str] = {
    "index": "by index",
    "activity": "most active first",
    "correlation": "closest to the target first",
}
SHADES = f"Darker shades are larger numbers: {POSITIVE[1:]} for positive, {NEGATIVE[1:]} for negative ones."

LEGEND = f"Gates are bars from 0 to 1. {SHADES}"


def print_window(out: Console, inspected: InspectedWindow, model: str) -> None:
    """Prints the window, the sentence `model`, and the forecast beside the truth."""
    table, window = inspected.subject.experiment.table, inspected.window
    inputs, targets = window.inputs, window.targets
    title = f"{table.name} · window {window.number + 1} of {window.count} of the {window.part} part"
    out.print(Text(title, style="bold"))
    out.print(f"  {model}")
    seen = f"{len(inputs)} rows, {table.row_text(inputs.start)} … {table.row_text(inputs.stop - 1)}"
    loss = f"{inspected.loss:.6g} ({inspected.subject.config.loss}, scaled)"
    out.print(f"  Its inputs are {seen}; its loss is {loss}.")
    for index, target in enumerate(table.targets):
        shown = table_of_numbers(table.frequency.step, target, "truth", "error")
        point, truth = inspected.point[:, index], inspected.truth[:, index]
        numbers = in_one_form([*point.tolist(), *truth.tolist(), *(point - truth).tolist()])
        count = len(targets)
        for step in range(count):
            row = [numbers[step], numbers[count + step], numbers[2 * count + step]]
            if inspected.filled_truth[step, index]:
                row[1:] = f"{MADE} {row[1]}", UNDEFINED
            shown.add_row(table.row_text(targets.start + step), *row)
        out.print(shown)
    if inspected.filled_truth.any():
        out.print(f"{MADE} marks values that are missing from the file and were filled; they are no error.")


def print_heatmaps(
    out: Console,
    inspected: InspectedWindow,
    layer: InspectedLayer,
    units: NDArray[np.int64],
    order: UnitOrder,
    rows: int,
) -> None:
    """Prints the window and the gates, states, attention and gradients of a layer, for up to `rows` units."""
    table, shown = inspected.subject.experiment.table, units[:rows]
    steps = counted(layer.steps, "time step")
    out.print(Text(f"{layer.name} · {_of_units(layer, shown)}, {_ORDERS[order]} · {steps}", style="bold"))
    columns = _room(out)
    for target, name in enumerate(table.targets):
        series = inspected.target_by_step(target)
        low, high = in_one_form([float(series.min()), float(series.max())])
        _print_line(out, name, bars(series, columns, float(series.min())), f"{low} … {high}")
    for quantity in QUANTITIES:
        values = getattr(layer, quantity.name)
        size = _size(quantity, values)
        remark = f"−{size:.3g} … {size:.3g}" if quantity.signed else "0 … 1"
        lines = _lines(quantity, values[:, shown], size, columns)
        _print_rows(out, f"{quantity.title} {quantity.symbol}", lines, shown, remark)
    if inspected.attention is not None:
        _print_bars(out, "attention", inspected.attention, columns)
    flow = gradient_flow(layer)
    _print_bars(out, "|∂L/∂h|", flow.hidden, columns)
    _print_bars(out, "|∂L/∂C|", flow.cell, columns)
    contributions, title = step_contributions(inspected, layer), title_of(inspected.backend)
    for found in contributions:
        _print_bars(out, f"to {found.name.rpartition('.')[2]}", found.norms, columns)
    out.print(_axis(layer, columns))
    out.print()
    out.print(LEGEND)
    out.print(in_words(flow))
    apart = max(found.apart for found in contributions)
    out.print(
        f"The contributions of the steps to kernel, recurrent kernel and bias add up to {title}'s gradients "
        f"within {apart:.1e}."
    )


def print_comparison(
    out: Console, comparison: Comparison, layer: int, units: NDArray[np.int64], rows: int
) -> None:
    """Prints the largest differences of two backends, and those of a layer for up to `rows` units."""
    one, other = comparison.one, comparison.other
    titles = (title_of(one.backend), title_of(other.backend))
    out.print(Text(f"{titles[1]} minus {titles[0]}, the largest difference", style="bold"))
    table = table_of_numbers("layer", *(quantity.title for quantity in QUANTITIES))
    for difference in comparison.layers:
        table.add_row(
            difference.name, *(f"{difference.largest(quantity.name):.1e}" for quantity in QUANTITIES)
        )
    out.print(table)
    worst = max(comparison.gradients, key=lambda name: comparison.gradients[name])
    out.print(
        f"Forecasts differ by at most {np.abs(comparison.prediction).max():.1e}, gradients by at most "
        f"{comparison.gradients[worst]:.1e} ({worst})."
    )
    out.print()
    shown, columns = units[:rows], _room(out)
    traced = one.layers[layer]
    out.print(
        Text(
            f"{traced.name} · {_of_units(traced, shown)} · {counted(traced.steps, 'time step')}", style="bold"
        )
    )
    for quantity in QUANTITIES:
        values = [getattr(side.layers[layer], quantity.name) for side in (one, other)]
        size = max(_size(quantity, value) for value in values)
        for title, value in zip(titles, values, strict=True):
            lines = _lines(quantity, value[:, shown], size, columns)
            _print_rows(out, f"{quantity.symbol} {title}", lines, shown, f"{size:.3g}")
        apart = comparison.layers[layer].differences[quantity.name]
        size = float(np.abs(apart).max())
        lines = shaded(apart[:, shown].T, size or 1.0, columns)
        _print_rows(out, "difference", lines, shown, f"{size:.1e}")
    out.print(_axis(traced, columns))
    out.print()
    out.print(LEGEND)


def _print_rows(
    out: Console,
    title: str,
    lines: Sequence[str],
    units: NDArray[np.int64],
    remark: str,
) -> None:
    """Prints the lines of a heatmap, one for each unit."""
    for number, (unit, line) in enumerate(zip(units, lines, strict=True)):
        label = f"{set_cell_size(title if number == 0 else '', _LABEL - 5)}{unit:>4} "
        out.print(f"{label}{line} {remark if number == 0 else ''}".rstrip())


def _print_bars(out: Console, title: str, norms: Values, columns: int) -> None:
    step = int(np.argmax(norms)) + 1
    _print_line(out, title, bars(norms, columns), f"{norms.max():.3g} at step {step}")


def _print_line(out: Console, title: str, line: str, remark: str) -> None:
    label = title if cell_len(title) < _LABEL else f"{set_cell_size(title, _LABEL - 2)}…"
    out.print(f"{set_cell_size(label, _LABEL)}{line} {remark}")


def _axis(layer: InspectedLayer, columns: int) -> str:
    """The numbers of the first and the last step, below their columns."""
    wide = min(columns, cell_width(layer.steps, columns) * layer.steps)
    last = str(layer.steps)
    first = "1" if wide > len(last) + 1 else ""
    return f"{'step':<{_LABEL}}{first}{last:>{wide - len(first)}}"


def _room(out: Console) -> int:
    return max(10, min(out.width, _WIDEST) - _LABEL - _REMARK)


def _lines(quantity: Quantity, values: Values, size: float, columns: int) -> list[str]:
    """A line for each unit of `[T, units]`: bars for gates, shades for signed values."""
    if quantity.signed:
        return shaded(values.T, size, columns)
    return [bars(unit, columns, 0.0, size) for unit in values.T]


def _size(quantity: Quantity, values: Values) -> float:
    """The number with the darkest shade: 1 for gates, the largest absolute value for states."""
    return (float(np.abs(values).max()) or 1.0) if quantity.signed else 1.0


def _of_units(layer: InspectedLayer, shown: NDArray[np.int64]) -> str:
    if len(shown) == layer.units:
        return counted(layer.units, "unit")
    return f"{len(shown)} of {layer.units} units"
