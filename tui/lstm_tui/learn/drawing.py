"""Pages of the course as Rich renderables, the same when printed and in the app."""

from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import Console, ConsoleOptions, RenderableType
from rich.style import Style
from rich.syntax import Syntax, SyntaxTheme
from rich.table import Table as Grid
from rich.text import Text

from lstm_course import figures
from lstm_course.course import spans
from lstm_tui.inspect.widgets.cell import diagram
from lstm_tui.kit.charts.shades import shaded
from lstm_tui.learn.charts import TextChart
from lstm_tui.learn.ink import Ink

_SHADE = 2
"""Columns of the shading beside a number."""


def paragraph(text: str, ink: Ink) -> Text:
    """A paragraph with its terms highlighted."""
    return Text.assemble(*((piece, ink.term if strong else "") for piece, strong in spans(text)))


def drawn(figure: figures.Figure, rows: int, ink: Ink) -> RenderableType:
    """A figure without its title; a chart takes `rows` lines."""
    match figure:
        case figures.Table():
            return _table(figure, ink)
        case figures.Equations():
            return _Formulas(figure.lines, ink)
        case figures.Heat():
            return _heat(figure, ink)
        case figures.Curves():
            return TextChart(figure, rows, ink)
        case figures.Wiring():
            return diagram(figure.cell, ink.roles["strong"])
        case figures.Source():
            return _source(figure, ink)


def side_by_side(sources: Sequence[figures.Source], ink: Ink) -> Grid:
    """Sources side by side, each below its title."""
    grid = Grid.grid(padding=(0, 1), expand=True)
    for _ in sources:
        grid.add_column(ratio=1)
    grid.add_row(*(source_title(source, ink) for source in sources))
    grid.add_row(*(_source(source, ink) for source in sources))
    return grid


def source_title(source: figures.Source, ink: Ink) -> Text:
    """The backend and the path of a source, in the backend's colour."""
    style = f"bold {ink.line('forecast', source.backend)}" if source.backend else ink.term
    title = Text(source.title, style)
    title.append(f" {source.path}", ink.roles["quiet"])
    return title


def _table(figure: figures.Table, ink: Ink) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    for place in range(len(figure.head)):
        grid.add_column(justify="left" if place == 0 else "right", no_wrap=True)
    grid.add_row(*(Text(name, ink.roles["quiet"]) for name in figure.head))
    for row in figure.rows:
        grid.add_row(*(Text(cell.text, ink.roles[cell.role]) for cell in row))
    return grid


def _heat(figure: figures.Heat, ink: Ink) -> Grid:
    values = np.array(figure.values)
    size = 1.0 if figure.scale == "share" else float(np.abs(values).max()) or 1.0
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    for _ in figure.columns:
        grid.add_column(justify="right", no_wrap=True)
    grid.add_row("", *(Text(name, ink.roles["quiet"]) for name in figure.columns))
    lines = shaded(values, size, values.shape[1] * _SHADE, _SHADE)
    for name, row, line in zip(figure.rows, figure.values, lines, strict=True):
        shades = (line[place : place + _SHADE] for place in range(0, len(line), _SHADE))
        cells = (
            Text.assemble(
                (shade, ink.strokes["other" if value < 0 else "forecast"]), f" {figures.decimal(value):>6}"
            )
            for shade, value in zip(shades, row, strict=True)
        )
        grid.add_row(Text(name), *cells)
    return grid


def _source(figure: figures.Source, ink: Ink) -> Syntax:
    return Syntax(
        figure.text,
        figure.language,
        theme=_CodeColours(ink),
        line_numbers=True,
        start_line=figure.first,
        word_wrap=True,
    )


class _CodeColours(SyntaxTheme):
    """Syntax colours from the page's own colours; green and red are reserved for verdicts."""

    def __init__(self, ink: Ink) -> None:
        plain, quiet = (Style.parse(ink.roles[role]) for role in ("plain", "quiet"))
        self._plain = plain
        self._styles = {
            ("Comment",): quiet + Style(italic=True),
            ("Literal", "String", "Doc"): quiet + Style(italic=True),
            ("Literal",): Style.parse(ink.roles["changed"]),
            ("Keyword",): Style.parse(ink.term),
            ("Operator", "Word"): Style.parse(ink.term),
            ("Name", "Function"): Style.parse(ink.roles["strong"]),
        }

    def get_style_for_token(self, token_type: tuple[str, ...]) -> Style:
        """The style of the most specific kind of a token."""
        kinds = sorted(self._styles, key=len, reverse=True)
        return next((self._styles[kind] for kind in kinds if token_type[: len(kind)] == kind), self._plain)

    def get_background_style(self) -> Style:
        """No background."""
        return Style()


class _Formulas:
    """Formulas, each on one line if it fits, else on two."""

    def __init__(self, lines: Sequence[figures.Equation], ink: Ink) -> None:
        self._lines, self._ink = lines, ink

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Draws: symbol = formula = numbers = value."""
        wide = max(Text(line.symbol).cell_len for line in self._lines)
        for line in self._lines:
            begin = Text(line.symbol.rjust(wide), self._ink.roles["strong"])
            begin.append(" = ", "not bold")
            rest = Text()
            if line.numbers:
                rest.append(f"{line.numbers} = ")
            rest.append(line.value.text, self._ink.roles[line.value.role])
            formula = Text(line.formula, self._ink.roles["quiet"])
            if begin.cell_len + formula.cell_len + 3 + rest.cell_len <= options.max_width:
                yield Text.assemble(begin, formula, " = ", rest)
            else:
                yield Text.assemble(begin, formula)
                yield Text.assemble(" " * (wide + 1) + "= ", rest)
