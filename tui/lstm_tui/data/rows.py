"""The rows of a series as a table of any length; only visible lines are formatted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lstm_forecasting.data.table import SeriesTable
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.numbers import MADE
from lstm_tui.kit.palette import theme_colour

_GAP = "  "
_WIDEST_TITLE = 24
_MOST_DECIMALS = 6
_SAMPLED = 10_000
_LARGEST, _SMALLEST = 1e12, 1e-4
_MOST_COPIED = 1000
"""Terminals accept only tens of kilobytes for the clipboard."""


@dataclass(frozen=True)
class _Digits:
    """The format of a column: the decimals of each number (None: an exponent), and the greatest width."""

    decimals: int | None
    width: int

    def text(self, value: float) -> str:
        return _written(value, self.decimals)


def _digits_of(values: NDArray[np.float64], filled: NDArray[np.bool_]) -> _Digits:
    """The decimals that show a column `[rows]` as in its file, at most 6; filled values do not count."""
    real = values if filled.all() else values[~filled]
    sample = real[:: max(1, len(real) // _SAMPLED)]
    sizes = np.abs(sample[sample != 0])
    decimals: int | None = None
    if not len(sizes) or (sizes.max() < _LARGEST and np.median(sizes) >= _SMALLEST):
        decimals = next(
            (count for count in range(_MOST_DECIMALS) if (np.round(sample, count) == sample).all()),
            _MOST_DECIMALS,
        )
    ends = (float(values.min()), float(values.max()), float(sample[0]))
    return _Digits(decimals, max(len(_written(value, decimals)) for value in ends))


def _written(value: float, decimals: int | None) -> str:
    return f"{value:.5e}" if decimals is None else f"{value:,.{decimals}f}"


def rows_copy(table: SeriesTable) -> CopyTable:
    """The last rows of the columns in use; 1 in further columns marks values that were filled."""
    first = max(0, table.rows - _MOST_COPIED)
    holed = np.flatnonzero(table.filled.any(axis=0))
    marks = table.filled[:, holed].astype(int)
    rows = [
        (table.row_text(row), *table.values[row].tolist(), *marks[row].tolist())
        for row in range(first, table.rows)
    ]
    title = f"the last {_MOST_COPIED:,} of {table.rows:,} rows" if first else "the rows"
    names = (*table.columns, *(f"{table.columns[column]} filled" for column in holed))
    return CopyTable(title, ("row" if table.times is None else "time", *names), rows)


class RowsTable(ScrollView, can_focus=True):
    """The times on the left, which do not scroll away, and the columns in use."""

    DEFAULT_CSS = """
    RowsTable {
        height: 1fr; width: 1fr; background: $background;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
    }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._table: SeriesTable | None = None
        self._digits: tuple[_Digits, ...] = ()
        self._widths: tuple[int, ...] = ()
        self._time_width = 0

    def on_mount(self) -> None:
        """Watches the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def show(self, table: SeriesTable) -> None:
        """Shows a series; the same series keeps its scroll position."""
        before, self._table = self._table, table
        self._digits = tuple(
            _digits_of(table.values[:, index], table.filled[:, index]) for index in range(len(table.columns))
        )
        self._widths = tuple(
            max(min(len(name), _WIDEST_TITLE), digits.width + len(MADE) + 1)
            for name, digits in zip(table.columns, self._digits, strict=True)
        )
        ends = (table.row_text(row) for row in (0, min(1, table.rows - 1), table.rows - 1))
        self._time_width = max(4, *map(len, ends))
        width = self._time_width + sum(len(_GAP) + width for width in self._widths)
        self.virtual_size = Size(width, table.rows + 1)
        if before is None or (before.source, before.rows) != (table.source, table.rows):
            self.scroll_to(0, 0, animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The titles, or a row of the series."""
        table = self._table
        left, top = self.scroll_offset
        row = top + y - 1
        width = self.size.width
        if table is None or row >= table.rows:
            return Strip.blank(width, self.rich_style)
        time, numbers = self._titles(table) if y == 0 else self._row(table, row)
        shown = Strip(numbers).crop(left, left + max(0, width - self._time_width))
        line = Strip([time, *shown]).crop(0, width).adjust_cell_length(width)
        return line.apply_style(self.rich_style)

    def _titles(self, table: SeriesTable) -> tuple[Segment, list[Segment]]:
        quiet = self._style("quiet")
        target = self._style("foreground", bold=True)
        segments = []
        for name, width in zip(table.columns, self._widths, strict=True):
            title = name if len(name) <= width else f"{name[: width - 1]}…"
            segments.append(Segment(_GAP + title.rjust(width), target if name in table.targets else quiet))
        head = "row" if table.times is None else "time"
        return Segment(head.ljust(self._time_width), quiet), segments

    def _row(self, table: SeriesTable, row: int) -> tuple[Segment, list[Segment]]:
        truth, made = self._style("foreground"), self._style("accent")
        segments = []
        for index, (digits, width) in enumerate(zip(self._digits, self._widths, strict=True)):
            text = digits.text(float(table.values[row, index]))
            is_made = bool(table.filled[row, index])
            text = f"{MADE} {text}" if is_made else text
            segments.append(Segment(_GAP + text.rjust(width), made if is_made else truth))
        return Segment(table.row_text(row).ljust(self._time_width), self._style("quiet")), segments

    def _style(self, colour: str, *, bold: bool = False) -> Style:
        return Style(color=theme_colour(self.app, colour), bold=bold)
