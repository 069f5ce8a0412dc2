"""Heatmaps and bars over one time axis, with a cursor; a row of the terminal shows two of a heatmap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_plugins.weights import GATES
from lstm_tui.inspect.bands import Band, Kind
from lstm_tui.inspect.widgets.picked import Picked
from lstm_tui.kit.charts.shades import NEGATIVE, POSITIVE, bars, cell_width, furthest, shaded
from lstm_tui.kit.heatmap import BINS, half_blocks, ramp, scale_bar
from lstm_tui.kit.palette import theme_colour

_GUTTER = 6
_WIDEST = 8
_TALLEST = 6
"""The most half rows of the terminal for a row of a heatmap."""
_SCALES: dict[Kind, tuple[str, str]] = {
    "gate": ("0 ", " 1 gates   "),
    "signed": ("− ", " + each to its largest"),
}
_SYMBOLS = {quantity.name: quantity.symbol for quantity in QUANTITIES}
_TITLES = {quantity.name: quantity.title for quantity in QUANTITIES}


@dataclass(frozen=True)
class Cursor:
    """The chosen column, from 0, or None; the chosen row of the bands of units; and the names of both."""

    step: int | None = None
    place: int = 0
    unit: str = ""
    word: str = "step"


class BandStack(Widget):
    """Bands from top to bottom; heatmaps share the room that bars leave."""

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
        """Draws again when the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.on_resize())

    def on_resize(self) -> None:
        """Draws again."""
        self._strips = None
        self.refresh()

    def show(self, bands: Sequence[Band], cursor: Cursor) -> None:
        """Shows the bands, with the cursor at a step and unit."""
        self._bands, self._cursor = bands, cursor
        self.on_resize()

    def scale(self) -> Text:
        """The scales of the heatmaps."""
        line = Text(no_wrap=True)
        shown = {band.kind for band in self._bands}
        for kind, (low, high) in _SCALES.items():
            if kind in shown:
                shades = Text(POSITIVE if kind == "gate" else f"{NEGATIVE[::-1]}0{POSITIVE}")
                scale = shades if self.app.no_color else scale_bar(self._colours(kind)[::2])
                line.append(low).append_text(scale).append(high)
        return line

    def render_line(self, y: int) -> Strip:
        """One row of the terminal."""
        if self._strips is None:
            self._strips = self._drawn()
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)
        return strip.apply_style(self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Picks the column and unit under the pointer."""
        place = event.get_content_offset(self)
        if place is None or place.y not in self._rows_at:
            return
        band, first = self._rows_at[place.y]
        if band.columns != "cursor":
            return
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
        """The number of heatmap rows in one row of the terminal."""
        return 1 if self.app.no_color else 2

    def _drawn(self) -> list[Strip]:
        strips: list[Strip] = []
        self._rows_at = {}
        heights, tall = self._heights()
        axes = {band.columns: number for number, band in enumerate(self._bands)}
        for number, (band, height) in enumerate(zip(self._bands, heights, strict=True)):
            if band.kind == "bars":
                self._rows_at[len(strips)] = (band, 0)
                strips += self._bars(band)
            else:
                strips += self._heatmap(band, height, tall, len(strips))
            if axes[band.columns] == number:
                strips += self._axis(band)
        return strips

    def _heights(self) -> tuple[list[int], int]:
        """The terminal rows of each band, and the half rows of a heatmap row."""
        halves = self._halves
        maps = [number for number, band in enumerate(self._bands) if band.kind != "bars"]
        axes = len({band.columns for band in self._bands} & {"cursor", "gates"})
        left = self.size.height - axes - (len(self._bands) - len(maps))
        rows = {number: len(self._bands[number].values) for number in maps}
        free = left * halves - len(maps) * halves
        tall = max(1, min(_TALLEST, free // max(1, sum(rows.values()))))
        needed = {number: -(-(rows[number] * tall + halves - 1) // halves) for number in maps}
        heights = [1] * len(self._bands)
        # Bands that need little room leave the rest to the others.
        for done, number in enumerate(sorted(maps, key=lambda one: needed[one])):
            heights[number] = max(1, min(needed[number], left // (len(maps) - done)))
            left -= heights[number]
        return heights, tall

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

    def _heatmap(self, band: Band, height: int, tall: int, y: int) -> list[Strip]:
        """Strips of a heatmap; below one of several rows, half a row stays empty."""
        halves = self._halves
        fit = max(1, (height * halves - (halves - 1 if height > 1 else 0)) // tall)
        first = self._first_row(band, fit)
        values = band.values[first : first + fit] if band.units else furthest(band.values.T, fit).T
        rows = np.repeat(furthest(values, self._columns), tall, axis=0)
        wide = cell_width(band.values.shape[1], self._columns, _WIDEST)
        lines = shaded(rows, band.high, self._columns, _WIDEST) if halves == 1 else []
        colours = [] if lines else self._colours(band.kind)
        label, strips = self._style("chart-label"), []
        chosen = (self._cursor.place - first) * tall
        for number in range(-(-len(rows) // halves)):
            top = number * halves
            self._rows_at[y + number] = (band, first + top // tall)
            inside = band.units and top <= chosen < top + halves
            gutter = band.symbol if number == 0 else ""
            if band.units:
                gutter = set_cell_size(gutter, 2) + (f"▸{self._cursor.unit:>3}" if inside else "")
            style = self._style("accent") if inside else label
            segments = [Segment(set_cell_size(gutter, _GUTTER), style)]
            if lines:
                segments.append(Segment(lines[number]))
            else:
                low = -band.high if band.kind == "signed" else 0.0
                places = np.clip((rows[top : top + 2] - low) / (band.high - low), 0.0, 1.0)
                segments += half_blocks(np.rint(places * (len(colours) - 1)).astype(int), colours, wide)
            strips.append(Strip(segments))
        return strips

    def _first_row(self, band: Band, fit: int) -> int:
        """The first visible row, on the page that has the unit of the cursor."""
        if not band.units or len(band.values) <= fit:
            return 0
        page = self._cursor.place // fit * fit
        return min(page, len(band.values) - fit)

    def _axis(self, band: Band) -> list[Strip]:
        """The row that names the columns, under the last band that has them."""
        columns = band.values.shape[1]
        if band.columns == "gates":
            return [self._gate_axis(columns)]
        start, _ = self._cursor_columns(columns)
        if band.columns != "cursor" or start is None or self._cursor.step is None:
            return []
        name = f"{self._cursor.word} {self._cursor.step + 1}"
        text, room = f"▲ {name}", max(0, self._columns - len(name) - 2)
        if start > room:
            text = f"{name} ▲"
            start = max(0, start - len(text) + 1)
        return [Strip([Segment(" " * (_GUTTER + start)), Segment(text, self._style("accent"))])]

    def _gate_axis(self, columns: int) -> Strip:
        """The row that shows where the columns of each gate begin."""
        wide, shown = cell_width(columns, self._columns, _WIDEST), min(columns, self._columns)
        block = shown * wide / len(GATES)
        text = ""
        for number, gate in enumerate(GATES):
            short = f"└ {_SYMBOLS[gate]}"
            title = f"{short} {_TITLES[gate]}"
            text = set_cell_size(text, round(number * block))
            text += title if cell_len(title) < block else short
        return Strip([Segment(" " * _GUTTER), Segment(text, self._style("chart-label"))])

    def _cursor_columns(self, count: int) -> tuple[int | None, int]:
        """The first column of the cursor (None without one), and the width of a column."""
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
        """The colours of a heatmap, from low to high."""
        nothing, most, positive = (theme_colour(self.app, name) for name in ("panel", "primary", "accent"))
        if kind == "gate":
            return ramp(nothing, most, [step / (BINS - 1) for step in range(BINS)])
        # An odd number, so that zero has a colour of its own.
        half = [step / (BINS // 2 - 1) for step in range(BINS // 2)]
        return [*ramp(nothing, most, half[:0:-1]), *ramp(nothing, positive, half)]
