"""Heatmaps and bars over one axis of time, with a cursor; a row of the terminal has two of a heatmap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from lstm_tui.charts.shades import NEGATIVE, POSITIVE, bars, cell_width, furthest, shaded
from lstm_tui.inspection.bands import Band, Kind
from lstm_tui.palette import theme_colour
from lstm_tui.widgets.inspection.picked import Picked

_GUTTER = 6
_WIDEST = 8
_BINS = 16
"""Colours of a scale; more cannot be told apart."""


@dataclass(frozen=True)
class Cursor:
    """What is pointed at.

    Attributes:
        step: column, from 0; None for none.
        place: row of the bands of units, from 0.
        unit: what that row is called.
    """

    step: int | None = None
    place: int = 0
    unit: str = ""


class BandStack(Widget):
    """Bands from top to bottom; what is not a bar shares the room that is left."""

    DEFAULT_CSS = """
    BandStack { height: 1fr; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._bands: Sequence[Band] = ()
        self._cursor = Cursor()
        self._strips: list[Strip] | None = None
        self._rows_at: dict[int, tuple[Band, int]] = {}

    def on_mount(self) -> None:
        """Follows the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_anew())

    def on_resize(self) -> None:
        """Other rows fit now."""
        self._draw_anew()

    def show(self, bands: Sequence[Band], cursor: Cursor) -> None:
        """Shows the bands, with the cursor at a step and unit."""
        self._bands, self._cursor = bands, cursor
        self._draw_anew()

    def scale(self) -> Text:
        """The scales, to be shown beside the picture."""
        if self.app.no_color:
            return Text(f"0{POSITIVE}1 gates   −{NEGATIVE[::-1]}0{POSITIVE}+ to the largest of a heatmap")
        line = Text(no_wrap=True)
        kinds: tuple[tuple[Kind, str, str], ...] = (
            ("gate", "0 ", " 1 gates   "),
            ("signed", "− ", " + to the largest of a heatmap"),
        )
        for kind, low, high in kinds:
            line.append(low)
            for colour in self._colours(kind):
                line.append("█", colour)
            line.append(high)
        return line

    def _draw_anew(self) -> None:
        self._strips = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the terminal."""
        if self._strips is None:
            self._strips = self._drawn()
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)
        return strip.apply_style(self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Picks what is under the pointer."""
        place = event.get_content_offset(self)
        if place is None or place.y not in self._rows_at:
            return
        band, first = self._rows_at[place.y]
        count = band.values.shape[1]
        wide = cell_width(count, self._columns, _WIDEST)
        column = (place.x - _GUTTER) // wide
        shown = min(count, self._columns)
        if 0 <= column < shown:
            step = int(np.array_split(np.arange(count), shown)[column][0])
            self.post_message(Picked(step, first if band.units else None))

    @property
    def _columns(self) -> int:
        return max(1, self.size.width - _GUTTER)

    @property
    def _halves(self) -> int:
        """Rows of a heatmap in one row of the terminal."""
        return 1 if self.app.no_color else 2

    def _drawn(self) -> list[Strip]:
        strips: list[Strip] = []
        self._rows_at = {}
        heights = self._heights()
        for band, height in zip(self._bands, heights, strict=True):
            drawn = self._bars(band) if band.kind == "bars" else self._heatmap(band, height, len(strips))
            strips += drawn
        strips.append(self._axis())
        return strips

    def _heights(self) -> list[int]:
        """Rows of the terminal that each band takes."""
        needed = [1 if band.kind == "bars" else -(-len(band.values) // self._halves) for band in self._bands]
        room = self.size.height - 1
        maps = [number for number, band in enumerate(self._bands) if band.kind != "bars"]
        left = room - (len(needed) - len(maps))
        heights = [1 if band.kind == "bars" else 0 for band in self._bands]
        # Those that need little leave the rest to the others.
        for done, number in enumerate(sorted(maps, key=lambda one: needed[one])):
            heights[number] = max(1, min(needed[number], left // (len(maps) - done)))
            left -= heights[number]
        return heights

    def _bars(self, band: Band) -> list[Strip]:
        columns = self._columns
        text = bars(band.values[0], columns, band.low, band.high, _WIDEST)
        label, line = self._style("chart-label"), self._style("foreground")
        start, wide = self._cursor_columns(band.values.shape[1])
        segments = [Segment(set_cell_size(band.symbol, _GUTTER), label)]
        if start is None:
            return [Strip([*segments, Segment(text, line)])]
        chosen = self._style("accent")
        parts = ((text[:start], line), (text[start : start + wide], chosen), (text[start + wide :], line))
        return [Strip([*segments, *(Segment(part, style) for part, style in parts if part)])]

    def _heatmap(self, band: Band, height: int, y: int) -> list[Strip]:
        halves = self._halves
        fit = height * halves
        first = self._first_row(band, fit)
        rows = furthest(band.values[first : first + fit], self._columns)
        wide = cell_width(band.values.shape[1], self._columns, _WIDEST)
        lines = shaded(rows, band.high, self._columns, _WIDEST) if halves == 1 else []
        colours = [] if lines else self._colours(band.kind)
        label, strips = self._style("chart-label"), []
        for number in range(-(-len(rows) // halves)):
            top = number * halves
            self._rows_at[y + number] = (band, first + top)
            inside = band.units and top <= self._cursor.place - first < top + halves
            gutter = set_cell_size(band.symbol if number == 0 else "", 2)
            gutter += f"▸{self._cursor.unit:>3}" if inside else ""
            style = self._style("accent") if inside else label
            segments = [Segment(set_cell_size(gutter, _GUTTER), style)]
            if lines:
                segments.append(Segment(lines[number]))
            else:
                segments += _half_blocks(rows[top : top + 2], band, colours, wide)
            strips.append(Strip(segments))
        return strips

    def _first_row(self, band: Band, fit: int) -> int:
        """Where the rows that are shown begin, so that the unit of the cursor is among them."""
        if not band.units or len(band.values) <= fit:
            return 0
        page = self._cursor.place // fit * fit
        return min(page, len(band.values) - fit)

    def _axis(self) -> Strip:
        if self._cursor.step is None or not self._bands:
            return Strip([])
        start, _ = self._cursor_columns(self._bands[0].values.shape[1])
        if start is None:
            return Strip([])
        text = f"▲ step {self._cursor.step + 1}"
        room = max(0, self._columns - len(text))
        if start > room:
            text = f"step {self._cursor.step + 1} ▲"
            start = max(0, start - len(text) + 1)
        return Strip([Segment(" " * (_GUTTER + start)), Segment(text, self._style("accent"))])

    def _cursor_columns(self, count: int) -> tuple[int | None, int]:
        """The first column under the cursor, and how many there are."""
        wide = cell_width(count, self._columns, _WIDEST)
        if self._cursor.step is None:
            return None, wide
        shown = min(count, self._columns)
        groups = np.array_split(np.arange(count), shown)
        column = next(number for number, group in enumerate(groups) if self._cursor.step <= group[-1])
        return column * wide, wide

    def _style(self, name: str) -> Style:
        return Style.parse(theme_colour(self.app, name))

    def _colours(self, kind: Kind) -> list[Style]:
        """The scale of a heatmap, from its low to its high end."""
        nothing, most = (Color.parse(theme_colour(self.app, name)) for name in ("panel", "primary"))
        if kind == "gate":
            shares = [step / (_BINS - 1) for step in range(_BINS)]
            return [Style.parse(nothing.blend(most, share).hex) for share in shares]
        positive = Color.parse(theme_colour(self.app, "accent"))
        shares = [2 * step / (_BINS - 2) - 1 for step in range(_BINS - 1)]
        return [
            Style.parse(nothing.blend(positive if share > 0 else most, abs(share)).hex) for share in shares
        ]


def _half_blocks(rows: NDArray[np.float64], band: Band, colours: Sequence[Style], wide: int) -> list[Segment]:
    low = -band.high if band.kind == "signed" else 0.0
    places = np.clip((rows - low) / (band.high - low), 0.0, 1.0)
    bins = np.rint(places * (len(colours) - 1)).astype(int)
    segments = []
    for column in range(bins.shape[1]):
        above = colours[bins[0, column]]
        below = colours[bins[1, column]] if len(bins) > 1 else None
        style = above if below is None else above + Style(bgcolor=below.color)
        segments.append(Segment("▀" * wide, style))
    return segments
