"""A plane of errors as colours, two in each cell of the terminal; as shades where there are none."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from lstm_conformance.wording import in_eps
from lstm_tui.kit.charts.plane import fitted, scaled
from lstm_tui.kit.palette import theme_colour

SHADES = " ░▒▓"
BEYOND = "█"
_GUTTER = 5
_BINS = 16
"""Colours of the scale; more cannot be told apart."""


class Heatmap(Widget):
    """Errors in eps over two axes, the tolerance at the bright end of the scale, what is beyond it in red.

    Args:
        errors: `[rows, columns]`, in eps.
        allowed: the tolerance, in eps.
        rows: what is counted from top to bottom.
        columns: what is counted from left to right.
    """

    DEFAULT_CSS = """
    Heatmap { height: 1fr; width: 1fr; min-height: 3; }
    """

    def __init__(self, errors: NDArray[np.float64], allowed: float, rows: str, columns: str) -> None:
        super().__init__()
        self._errors = errors
        self._allowed = allowed
        self._rows = rows
        self._columns = columns
        # Every line of the terminal is asked for on its own, of the same picture.
        self._fitted = lru_cache(maxsize=1)(self._lay_out)

    def on_mount(self) -> None:
        """Follows the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def render_line(self, y: int) -> Strip:
        """One row of the terminal: the picture, then the numbers of the columns, then their name."""
        return self._line(y).apply_style(self.rich_style)

    def _line(self, y: int) -> Strip:
        shades = self.app.no_color
        places, wide, tall = self._fitted(self.size, 1 if shades else 2)
        drawn = -(-len(places) * tall // (1 if shades else 2))
        label = Style.parse(theme_colour(self.app, "chart-label"))
        if y < drawn:
            gutter = Segment(self._row_label(y, len(places), tall, halves=not shades), label)
            cells = self._shades(places, y, wide, tall) if shades else self._halves(places, y, wide, tall)
            return Strip([gutter, *cells])
        if y == drawn:
            return Strip([Segment(" " * _GUTTER + self._column_labels(places.shape[1], wide), label)])
        if y == drawn + 1:
            return Strip([Segment(" " * _GUTTER + self._axes_in_words(), label)])
        return Strip.blank(self.size.width)

    def _lay_out(self, size: Size, halves: int) -> tuple[NDArray[np.float64], int, int]:
        room = max(1, size.height - 2)
        numbers, wide, tall = fitted(self._errors, max(1, size.width - _GUTTER), halves * room)
        return scaled(numbers, self._allowed), wide, tall

    def _axes_in_words(self) -> str:
        return f"→ {self._columns}" + (f"   ↓ {self._rows}" if self._rows else "")

    def _row_label(self, y: int, count: int, tall: int, *, halves: bool) -> str:
        half = y * (2 if halves else 1)
        number, rest = divmod(half, tall)
        if not self._rows or number >= count or (rest and not (halves and tall == 1)) or rest >= tall:
            return " " * _GUTTER
        return f"{number * len(self._errors) // count:>{_GUTTER - 1}} "

    def _column_labels(self, count: int, wide: int) -> str:
        line, actual = "", self._errors.shape[1]
        for number in range(count):
            text = str(number * actual // count)
            if number * wide >= len(line) + (1 if line else 0) and (number % 5 == 0 or wide > 3):
                line = line.ljust(number * wide) + text
        return line

    def _colours(self) -> list[Style]:
        background = Color.parse(theme_colour(self.app, "panel"))
        bright = Color.parse(theme_colour(self.app, "primary"))
        red = Color.parse(theme_colour(self.app, "error"))
        within = [background.blend(bright, step / (_BINS - 1)).hex for step in range(_BINS)]
        beyond = [background.blend(red, 0.4 + 0.6 * step / (_BINS - 1)).hex for step in range(_BINS)]
        return [Style.parse(colour) for colour in (*within, *beyond)]

    def _halves(self, places: NDArray[np.float64], y: int, wide: int, tall: int) -> list[Segment]:
        colours = self._colours()
        upper, lower = (self._row(places, 2 * y + half, tall) for half in (0, 1))
        segments = []
        for column in range(places.shape[1]):
            above, below = (colours[_bin(row[column])] if row is not None else None for row in (upper, lower))
            if below is None and above is not None:
                segments.append(Segment("▀" * wide, above))
            elif above is not None and below is not None:
                segments.append(Segment("▀" * wide, above + Style(bgcolor=below.color)))
        return segments

    def _shades(self, places: NDArray[np.float64], y: int, wide: int, tall: int) -> list[Segment]:
        row = self._row(places, y, tall)
        return [] if row is None else [Segment(_shade(place) * wide) for place in row]

    def _row(self, places: NDArray[np.float64], half: int, tall: int) -> NDArray[np.float64] | None:
        number = half // tall
        return places[number] if number < len(places) else None

    def scale(self) -> Text:
        """The scale, to be shown beside the picture."""
        line = Text("0 eps ")
        if self.app.no_color:
            line.append(f"{SHADES} to {in_eps(self._allowed)} allowed, {BEYOND} beyond")
            return line
        colours = self._colours()
        for colour in colours[:_BINS]:
            line.append("█", colour)
        line.append(f" {in_eps(self._allowed)} allowed")
        worst = float(self._errors.max())
        if worst > self._allowed:
            line.append(" ")
            for colour in colours[_BINS:]:
                line.append("█", colour)
            line.append(f" {in_eps(worst)}")
        return line


def _bin(place: float) -> int:
    """Which colour: those up to the tolerance first, then those beyond it."""
    if place > 1:
        return _BINS + round((float(place) - 1) * (_BINS - 1))
    return round(float(place) * (_BINS - 1))


def _shade(place: float) -> str:
    return BEYOND if place > 1 else SHADES[min(len(SHADES) - 1, round(float(place) * (len(SHADES) - 1)))]
