"""The figures of a page as tables to copy, with all digits."""

from collections.abc import Iterator

from lstm_course.course import Page
from lstm_course.figures import Cell, Curves, Equations, Heat, Table
from lstm_tui.kit.copying import CopyTable


def figure_copies(page: Page) -> Iterator[CopyTable]:
    """A table for each figure that contains numbers."""
    for figure in page.figures:
        match figure:
            case Table():
                rows = [[_value(cell) for cell in row] for row in figure.rows]
                yield CopyTable(figure.title, figure.head, rows)
            case Equations():
                columns = ("symbol", "formula", "numbers", "value")
                lines = [(one.symbol, one.formula, one.numbers, _value(one.value)) for one in figure.lines]
                yield CopyTable(figure.title, columns, lines)
            case Heat():
                named = zip(figure.rows, figure.values, strict=True)
                yield CopyTable(figure.title, ("", *figure.columns), [(name, *row) for name, row in named])
            case Curves():
                points = [
                    (line.name, *point) for line in figure.lines for point in zip(line.x, line.y, strict=True)
                ]
                yield CopyTable(figure.title, ("line", figure.x, figure.y or "value"), points)


def _value(cell: Cell) -> object:
    return cell.text if cell.value is None else cell.value
