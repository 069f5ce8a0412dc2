"""The errors of a tensor as a heatmap, or as shades without colours."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from lstm_conformance.wording import in_eps
from lstm_tui.kit.heatmap import BINS, half_blocks, ramp, scale_bar
from lstm_tui.kit.palette import theme_colour

SHADES = " ░▒▓"
BEYOND = "█"
WIDEST = 4
"""The most columns for one number; with more, points would look like blocks."""
TALLEST = 4
"""The most half rows for one number."""
_GUTTER = 5

Floats = NDArray[np.float64]


class Heatmap(Widget):
    """Errors `[rows, columns]` in eps. The scale ends at the tolerance; larger errors are red.

    `rows` and `columns` name the axes.
    """

    DEFAULT_CSS = """
    Heatmap { height: 1fr; width: 1fr; min-height: 3; }
    """

    def __init__(self, errors: Floats, allowed: float, rows: str, columns: str) -> None:
        super().__init__()
        self._errors = errors
        self._allowed = allowed
        self._rows = rows
        self._columns = columns
        # Textual asks for each line separately.
        self._fitted = lru_cache(maxsize=1)(self._lay_out)

    def on_mount(self) -> None:
        """Draws again when the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    @property
    def _halves(self) -> int:
        """The number of heatmap rows in one row of the terminal."""
        return 1 if self.app.no_color else 2

    def render_line(self, y: int) -> Strip:
        """One row of the terminal: the picture, then the numbers of the columns, then the axes."""
        return self._line(y).apply_style(self.rich_style)

    def _line(self, y: int) -> Strip:
        places, wide, tall = self._fitted(self.size, self._halves)
        rows = places[y * self._halves : (y + 1) * self._halves]
        label = Style.parse(theme_colour(self.app, "chart-label"))
        if len(rows):
            gutter = Segment(self._row_label(y * self._halves, len(places) // tall, tall), label)
            if self.app.no_color:
                return Strip([gutter, *(Segment(_shade(place) * wide) for place in rows[0].tolist())])
            return Strip([gutter, *self._blocks(rows, wide)])
        below = y - -(-len(places) // self._halves)
        if below < 2:
            axes = f"→ {self._columns}" + (f"   ↓ {self._rows}" if self._rows else "")
            text = axes if below else self._column_labels(places.shape[1], wide)
            return Strip([Segment(" " * _GUTTER + text, label)])
        return Strip.blank(self.size.width)

    def _lay_out(self, size: Size, halves: int) -> tuple[Floats, int, int]:
        """The rows of the picture, `scaled`, and the columns and rows of each number."""
        room = max(1, size.height - 2)
        numbers, wide, tall = fitted(self._errors, max(1, size.width - _GUTTER), halves * room)
        return np.repeat(scaled(numbers, self._allowed), tall, axis=0), wide, tall

    def _row_label(self, row: int, count: int, tall: int) -> str:
        """The number of the tensor's row that begins here; of two in a line, the upper one."""
        number, rest = divmod(row, tall)
        if not self._rows or rest:
            return " " * _GUTTER
        return f"{number * len(self._errors) // count:>{_GUTTER - 1}} "

    def _column_labels(self, count: int, wide: int) -> str:
        line, actual = "", self._errors.shape[1]
        for number in range(count):
            text = str(number * actual // count)
            if number * wide >= len(line) + (1 if line else 0) and (number % 5 == 0 or wide > 3):
                line = line.ljust(number * wide) + text
        return line

    def _colours(self) -> tuple[list[Style], list[Style]]:
        """The colours up to the tolerance, and beyond it."""
        ground, bright, red = (theme_colour(self.app, name) for name in ("panel", "primary", "error"))
        shares = [step / (BINS - 1) for step in range(BINS)]
        return ramp(ground, bright, shares), ramp(ground, red, [0.4 + 0.6 * share for share in shares])

    def _blocks(self, places: Floats, wide: int) -> list[Segment]:
        within, beyond = self._colours()
        bins = np.rint(np.where(places > 1, places - 1, places) * (BINS - 1)) + BINS * (places > 1)
        return half_blocks(bins.astype(np.int64), [*within, *beyond], wide)

    def scale(self) -> Text:
        """The scale of the picture."""
        if self.app.no_color:
            return Text(f"0 eps {SHADES} to {in_eps(self._allowed)} allowed, {BEYOND} beyond")
        within, beyond = self._colours()
        line = Text.assemble("0 eps ", scale_bar(within), f" {in_eps(self._allowed)} allowed")
        worst = float(self._errors.max())
        if worst > self._allowed:
            line.append(" ").append_text(scale_bar(beyond)).append(f" {in_eps(worst)}")
        return line


def _shade(place: float) -> str:
    return BEYOND if place > 1 else SHADES[min(len(SHADES) - 1, round(place * (len(SHADES) - 1)))]


def fitted(values: Floats, columns: int, half_rows: int) -> tuple[Floats, int, int]:
    """The numbers that fit into a terminal, and the columns and half rows that each of them takes.

    If there is no room for all, the largest represents its neighbours, so that no error is hidden.
    """
    shrunk = _shrunk(_shrunk(values, half_rows).T, columns).T
    wide = max(1, min(WIDEST, columns // shrunk.shape[1]))
    tall = max(1, min(TALLEST, half_rows // shrunk.shape[0]))
    return shrunk, wide, tall


def _shrunk(values: Floats, most: int) -> Floats:
    """At most so many rows, each the largest of the rows it represents."""
    rows = len(values)
    if rows <= max(most, 1):
        return values
    starts = np.arange(most) * rows // most
    return np.asarray(np.maximum.reduceat(values, starts, axis=0))


def scaled(errors: Floats, allowed: float) -> Floats:
    """Errors in eps as places on two scales: from 0 to 1 up to the tolerance, and from 1 to 2 beyond it.

    The first scale is logarithmic and starts at a tenth of an eps, which is negligible. The second is linear
    up to the worst error, so that a bug shows its shape.
    """
    top = max(allowed, 1.0)
    with np.errstate(all="ignore"):
        places = np.log10(np.maximum(errors, 0.1) / 0.1) / np.log10(top / 0.1)
        finite = errors[np.isfinite(errors)]
        beyond = 1.0 + np.clip(errors / finite.max(initial=0.0), 0.05, 1.0)
    within = np.where(errors > 0, np.clip(places, 0.05, 1.0), 0.0)
    # Without a finite error, there is no largest one to divide by.
    return np.where(errors > allowed, np.where(np.isnan(beyond) | np.isinf(errors), 2.0, beyond), within)
