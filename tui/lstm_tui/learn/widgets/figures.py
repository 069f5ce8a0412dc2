"""The figures of a page, one below the other; sources side by side."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text
from textual.widgets import Static

from lstm_course.course import Page
from lstm_course.figures import Cell, Curves, Equations, Heat, Source, Table
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.scrolled import Scrolled
from lstm_tui.learn.drawing import drawn, side_by_side, source_title
from lstm_tui.learn.ink import Ink
from lstm_tui.learn.state import Shown, sources_of


class Figures(Scrolled):
    """Draws the figures to fit the available space, with the first title on the border."""

    _shown: Shown | None = None
    _ink: Ink | None = None

    def __init__(self) -> None:
        super().__init__(Static(id="figures"), id="figure", classes="panel")

    def show(self, shown: Shown, ink: Ink) -> None:
        """Draws the figures of a page."""
        self._shown, self._ink = shown, ink
        self._draw()

    def on_resize(self) -> None:
        """Redraws the figures at the new size."""
        self._draw()

    def _draw(self) -> None:
        if self._shown is None or self._shown.page is None or self._ink is None:
            return
        self.border_subtitle = self._shown.page.under_way
        shown: list[RenderableType] = []
        self.border_title = ""
        for title, drawing in self._titled(self._shown.page, self._shown.source, self._ink):
            if shown:
                title.stylize(self._ink.term)
                shown += [Text(), title]
            else:
                self.border_title = title
            shown.append(drawing)
        self.query_one("#figures", Static).update(Group(*shown))

    def _titled(self, page: Page, source: int, ink: Ink) -> Iterator[tuple[Text, RenderableType]]:
        """Each figure with its title; all sources together count as one."""
        sources, rows = sources_of(page), _chart_rows(page, self.scrollable_content_region.height)
        beside = self._shown is not None and self._shown.beside(self.app.size.width)
        for figure in page.figures:
            if not isinstance(figure, Source):
                yield Text(figure.title), drawn(figure, rows, ink)
            elif figure is sources[0] and beside:
                yield Text("Side by side"), side_by_side(sources, ink)
            elif figure is sources[0]:
                chosen = sources[source % len(sources)]
                yield source_title(chosen, ink), drawn(chosen, rows, ink)


def _chart_rows(page: Page, rows: int) -> int:
    """Height of a chart: the rows that the other figures leave, from 7 to 24."""
    others = 0
    for figure in page.figures:
        match figure:
            case Table() | Heat():
                others += len(figure.rows) + 3
            case Equations():
                others += len(figure.lines) + 2
    return max(7, min(24, rows - others))


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
