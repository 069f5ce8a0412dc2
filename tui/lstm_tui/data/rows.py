"""The rows of a series as a table of any length; only visible lines are formatted."""

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lstm_forecasting.data.table import SeriesTable
from lstm_tui.data.shown import ShownColumn, rows_after, shown_columns
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.numbers import MADE
from lstm_tui.kit.palette import theme_colour

AHEAD = "▷"
"""Marks a value after the end of the series, which is known ahead."""
_GAP = "  "
_WIDEST_TITLE = 24
_MOST_COPIED = 1000
"""Terminals accept only tens of kilobytes for the clipboard."""


def rows_copy(table: SeriesTable) -> CopyTable:
    """The last rows of the columns in use; 1 in further columns marks values that were filled."""
    end, columns = table.rows + rows_after(table), shown_columns(table)
    first = max(0, end - _MOST_COPIED)
    holed = np.flatnonzero(table.filled.any(axis=0))
    rows = [
        (
            table.row_text(row),
            *(column.number(row) for column in columns),
            *(int(row < table.rows and table.filled[row, place]) for place in holed),
        )
        for row in range(first, end)
    ]
    title = f"the last {_MOST_COPIED:,} of {end:,} rows" if first else "the rows"
    names = (*(column.name for column in columns), *(f"{table.columns[place]} filled" for place in holed))
    return CopyTable(title, ("row" if table.times is None else "time", *names), rows)


class RowsTable(ScrollView, can_focus=True):
    """The times on the left, which do not scroll away, and the columns in use.

    Rows after the end of the series follow where something is known ahead.
    """

    DEFAULT_CSS = """
    RowsTable {
        height: 1fr; width: 1fr; background: $background;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
    }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._table: SeriesTable | None = None
        self._columns: tuple[ShownColumn, ...] = ()
        self._widths: tuple[int, ...] = ()
        self._time_width = 0
        self._rows = 0

    def on_mount(self) -> None:
        """Watches the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def show(self, table: SeriesTable) -> None:
        """Shows a series; the same series keeps its scroll position."""
        before, self._table = self._table, table
        self._columns = shown_columns(table)
        self._rows = table.rows + rows_after(table)
        self._widths = tuple(
            max(min(len(column.name), _WIDEST_TITLE), column.width + len(MADE) + 1)
            for column in self._columns
        )
        ends = (table.row_text(row) for row in (0, min(1, table.rows - 1), self._rows - 1))
        self._time_width = max(4, *map(len, ends))
        width = self._time_width + sum(len(_GAP) + width for width in self._widths)
        self.virtual_size = Size(width, self._rows + 1)
        if before is None or (before.source, before.rows) != (table.source, table.rows):
            self.scroll_to(0, 0, animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The titles, or a row of the series."""
        table = self._table
        left, top = self.scroll_offset
        row = top + y - 1
        width = self.size.width
        if table is None or row >= self._rows:
            return Strip.blank(width, self.rich_style)
        time, numbers = self._titles(table) if y == 0 else self._row(table, row)
        shown = Strip(numbers).crop(left, left + max(0, width - self._time_width))
        line = Strip([time, *shown]).crop(0, width).adjust_cell_length(width)
        return line.apply_style(self.rich_style)

    def _titles(self, table: SeriesTable) -> tuple[Segment, list[Segment]]:
        quiet = self._style("quiet")
        target = self._style("foreground", bold=True)
        segments = []
        for column, width in zip(self._columns, self._widths, strict=True):
            name = column.name
            title = name if len(name) <= width else f"{name[: width - 1]}…"
            segments.append(Segment(_GAP + title.rjust(width), target if column.role == "target" else quiet))
        head = "row" if table.times is None else "time"
        return Segment(head.ljust(self._time_width), quiet), segments

    def _row(self, table: SeriesTable, row: int) -> tuple[Segment, list[Segment]]:
        truth, made, ahead = self._style("foreground"), self._style("accent"), self._style("primary")
        segments, is_ahead = [], row >= table.rows
        for column, width in zip(self._columns, self._widths, strict=True):
            text, style = column.text(row), truth
            if is_ahead:
                text, style = f"{AHEAD} {text}" if text else "", ahead
            elif column.filled[row]:
                text, style = f"{MADE} {text}", made
            segments.append(Segment(_GAP + text.rjust(width), style))
        time = table.row_text(row).ljust(self._time_width)
        return Segment(time, ahead if is_ahead else self._style("quiet")), segments

    def _style(self, colour: str, *, bold: bool = False) -> Style:
        return Style(color=theme_colour(self.app, colour), bold=bold)
