"""The report of one unit as text: its values at all steps, or every product and sum of one step."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from lstm_forecasting.inspect.arithmetic import CellArithmetic, Line, Product
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow
from lstm_tui.cli.tables import table_of_numbers
from lstm_tui.inspect.printed.asking import title_of
from lstm_tui.kit.numbers import fixed

_DECIMALS = 6


def print_unit(out: Console, inspected: InspectedWindow, layer: InspectedLayer, unit: int) -> None:
    """Prints the gates and states of a unit, from 0, at every step."""
    table = inspected.subject.experiment.table
    out.print(Text(f"{layer.name} · unit {unit} at every time step", style="bold"))
    shown = table_of_numbers(
        "step", "until", *(f"{quantity.title} {quantity.symbol}" for quantity in QUANTITIES)
    )
    for step in range(layer.steps):
        numbers = (float(getattr(layer, quantity.name)[step, unit]) for quantity in QUANTITIES)
        until = table.row_text(inspected.step_rows(step)[-1])
        shown.add_row(str(step + 1), until, *(fixed(number, _DECIMALS) for number in numbers))
    out.print(shown)


def print_arithmetic(out: Console, inspected: InspectedWindow, found: CellArithmetic) -> None:
    """Prints the six equations of a cell with their numbers."""
    rows = inspected.step_rows(found.step)
    table = inspected.subject.experiment.table
    seen = (
        table.row_text(rows[0])
        if len(rows) == 1
        else f"{table.row_text(rows[0])} … {table.row_text(rows[-1])}"
    )
    place = f"layer{found.layer}.{found.direction} · unit {found.unit} at time step {found.step + 1} ({seen})"
    out.print(Text(place, style="bold"))
    shown = table_of_numbers("equation", "first factor", "second factor", "product or sum")
    for line in found.lines:
        for row in _rows(line, found.squashed):
            shown.add_row(*row)
        shown.add_section()
    out.print(shown)
    out.print(
        "Computed in float64 from x and the previous h and C, all six results agree with "
        f"{title_of(inspected.backend)}'s values within {found.apart:.1e}."
    )


def _rows(line: Line, squashed: float) -> Iterator[tuple[str | Text, ...]]:
    if line.name == "hidden":
        yield "tanh(C)", "", "", fixed(squashed, _DECIMALS)
    for product in line.products:
        yield _product(product)
    result = f"{line.symbol} = {line.activation}(sum)" if line.activation else f"{line.symbol} = sum"
    if line.bias is not None:
        yield f"b_{line.symbol}", "", "", fixed(line.bias, _DECIMALS)
    if line.activation:
        yield "sum", "", "", fixed(line.total, _DECIMALS)
    elif len(line.products) == 1:
        result = line.symbol
    yield tuple(Text(cell, style="bold") for cell in (result, "", "", fixed(line.value, _DECIMALS)))


def _product(product: Product) -> tuple[str, str, str, str]:
    numbers = (product.left_value, product.right_value, product.value)
    left, right, value = (fixed(number, _DECIMALS) for number in numbers)
    return f"{product.left} · {product.right}", left, right, value
