"""The arithmetic of one unit at one step: a diagram with numbers, then every product and sum."""

from collections.abc import Iterator

from rich.text import Text

from lstm_forecasting.inspect.arithmetic import CellArithmetic, Line
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_tui.inspect.widgets.rows import Row
from lstm_tui.inspect.words import closeness
from lstm_tui.kit.numbers import fixed

_DECIMALS = 4
_TITLES = {quantity.name: quantity.title for quantity in QUANTITIES}


def diagram(found: CellArithmetic, strong: str) -> Text:
    """The usual drawing of the cell, with numbers on its wires; `strong` is the style of its results."""
    kept, added = found.line("cell").products
    values = {line.name: _number(line.value) for line in found.lines}
    text = Text(no_wrap=True)
    text.append(f"previous C {_number(kept.right_value)} ─×──+──▶ ")
    text.append(f"C {values['cell']}\n", strong)
    text.append("                    │  │         │\n")
    text.append(f"         f {values['forget']} ─┘  │  tanh {_number(found.squashed)}\n")
    text.append(f"i {values['input']} × C̃ {values['candidate']} ─┘         │\n")
    text.append(f"         o {values['output']} ──────────────×\n")
    text.append(f"f·C {_number(kept.value)}  i·C̃ {_number(added.value)}      ")
    text.append(f"h {values['hidden']}", strong)
    return text


def arithmetic(found: CellArithmetic, strong: str, quiet: str) -> list[Row]:
    """The six equations with a row for each product; `strong` styles results, `quiet` styles names."""
    rows: list[Row] = []
    for line in found.lines:
        rows += [*_equation(line, found.layer, strong, quiet), Row()]
    return [*rows, Row(f"differs from the backend by {closeness(found.apart)}", name_style=quiet)]


def _equation(line: Line, layer: int, strong: str, quiet: str) -> Iterator[Row]:
    gate = line.bias is not None
    heads = (f"W_{line.symbol}", "value", "product") if gate else ("", "", "product")
    yield Row(f"{line.symbol} {_TITLES[line.name]}", heads, quiet, f"bold {quiet}")
    for product in line.products:
        # Without the name of the layer below, which is the same for all inputs.
        right = product.right.removeprefix(f"layer{layer - 1}.")
        name = right if gate else f"{product.left} · {right}"
        numbers = (product.left_value, product.right_value, product.value)
        yield Row(name, tuple(map(_number, numbers)), name_style=quiet)
    if line.bias is not None:
        yield Row(f"b_{line.symbol}", ("", "", _number(line.bias)), name_style=quiet)
        yield Row("sum", ("", "", _number(line.total)), name_style=quiet)
    activated = f" = {line.activation}(sum)" if line.activation else ""
    of_sum = activated or (" = sum" if len(line.products) > 1 else "")
    yield Row(f"{line.symbol}{of_sum}", ("", "", _number(line.value)), strong)


def _number(value: float) -> str:
    return f"{fixed(value, _DECIMALS):>7}"
