"""The cell with the numbers of one unit at one step: the diagram, then every product and sum."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from lstm_forecasting.inspection.arithmetic import CellArithmetic, Line
from lstm_tui.cli.numbers import fixed

_DECIMALS = 4


def diagram(found: CellArithmetic, strong: str) -> Text:
    """The cell as it is drawn everywhere, its wires carrying their numbers.

    Args:
        found: the cell computed.
        strong: style of what comes out.
    """
    kept, added = found.line("cell").products
    values = {line.name: _number(line.value) for line in found.lines}
    text = Text(no_wrap=True)
    text.append(f"C before {_number(kept.right_value)} ─×──+──▶ ")
    text.append(f"C {values['cell']}\n", strong)
    text.append("                  │  │         │\n")
    text.append(f"       f {values['forget']} ─┘  │  tanh {_number(found.squashed)}\n")
    text.append(f"i {values['input']} × C̃ {values['candidate']}┘         │\n")
    text.append(f"       o {values['output']} ──────────────×\n")
    text.append(f"f·C {_number(kept.value)}  i·C̃ {_number(added.value)}    ")
    text.append(f"h {values['hidden']}", strong)
    return text


def arithmetic(found: CellArithmetic, strong: str, quiet: str) -> Group:
    """The six equations, every product on a row of its own.

    Args:
        found: the cell computed.
        strong: style of results.
        quiet: style of names.
    """
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(style=quiet, overflow="ellipsis", no_wrap=True, ratio=1)
    for _ in range(3):
        table.add_column(justify="right", no_wrap=True)
    for line in found.lines:
        _add_line(table, line, strong)
    apart = Text(f"within {found.apart:.1e} of the backend's own values", quiet)
    return Group(table, apart)


def _add_line(table: Table, line: Line, strong: str) -> None:
    for product in line.products:
        numbers = (product.left_value, product.right_value, product.value)
        table.add_row(f"{product.left} · {product.right}", *(_number(number) for number in numbers))
    if line.bias is not None:
        table.add_row(f"b_{line.symbol}", "", "", _number(line.bias))
    if line.activation:
        table.add_row("sum", "", "", _number(line.total))
    of_sum = f" = {line.activation}(sum)" if line.activation else ""
    result = (Text(f"{line.symbol}{of_sum}", strong), "", "", Text(_number(line.value), strong))
    table.add_row(*result)
    table.add_row()


def _number(value: float) -> str:
    return f"{fixed(value, _DECIMALS):>7}"
