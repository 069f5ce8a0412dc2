"""The figures of a page, below each other or, of sources, beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text
from textual.widgets import Static

from lstm_forecasting.learning.course import Page
from lstm_forecasting.learning.figures import Equations, Heat, Source, Table
from lstm_tui.learning.drawing import BESIDE, drawn, side_by_side, source_title
from lstm_tui.learning.ink import Ink
from lstm_tui.learning.shown import sources_of


class Figures(Static):
    """Redraws itself when there is another page."""

    DEFAULT_CSS = """
    Figures { height: auto; width: 1fr; }
    """

    def show(self, page: Page, ink: Ink, room: tuple[int, int], source: int) -> Text:
        """Draws the figures of a page, and gives the title of the first one.

        Args:
            page: of a step.
            ink: its colours.
            room: columns and rows.
            source: which of several sources is shown where there is no room for all, from 0.
        """
        columns, rows = room
        titled = list(_titled(page, ink, columns, _chart_rows(page, rows), source))
        if not titled:
            self.update("")
            return Text()
        (first, drawing), *others = titled
        shown: list[RenderableType] = [drawing]
        for title, another in others:
            title.stylize(ink.title)
            shown += [Text(), title, another]
        self.update(Group(*shown))
        return first


def _titled(
    page: Page, ink: Ink, columns: int, chart_rows: int, source: int
) -> Iterator[tuple[Text, RenderableType]]:
    """Each figure with its title; several sources are one."""
    sources = sources_of(page)
    for figure in page.figures:
        if not isinstance(figure, Source):
            yield Text(figure.title), drawn(figure, chart_rows, ink)
        elif len(sources) == 1 or (figure is sources[0] and not fit_beside(sources, columns)):
            chosen = sources[source % len(sources)]
            yield source_title(chosen, ink), drawn(chosen, chart_rows, ink)
        elif figure is sources[0]:
            yield Text("Side by side"), side_by_side(sources, ink)


def _chart_rows(page: Page, rows: int) -> int:
    """Rows of a chart: what the other figures leave, within reason."""
    others = 0
    for figure in page.figures:
        match figure:
            case Table() | Heat():
                others += len(figure.rows) + 3
            case Equations():
                others += len(figure.lines) + 2
    return max(7, min(24, rows - others))


def fit_beside(sources: list[Source], columns: int) -> bool:
    """Whether there is room for all sources beside each other."""
    return columns >= BESIDE * len(sources)
