"""The errors of a tensor as a heatmap; as shades where there are no colours."""

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
"""Columns that one number may take; more would make blocks of what are points."""
TALLEST = 4
"""Half rows that one number may take."""
_GUTTER = 5

Floats = NDArray[np.float64]


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

    def __init__(self, errors: Floats, allowed: float, rows: str, columns: str) -> None:
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

    @property
    def _halves(self) -> int:
        """Rows of the heatmap in one row of the terminal."""
        return 1 if self.app.no_color else 2

    def render_line(self, y: int) -> Strip:
        """One row of the terminal: the picture, then the numbers of the columns, then their name."""
        return self._line(y).apply_style(self.rich_style)

    def _line(self, y: int) -> Strip:
        places, wide, tall = self._fitted(self.size, self._halves)
        rows = places[y * self._halves : (y + 1) * self._halves]
        label = Style.parse(theme_colour(self.app, "chart-label"))
        if len(rows):
            gutter = Segment(self._row_label(y * self._halves, len(places) // tall, tall), label)
            cells = self._shades(rows[0], wide) if self.app.no_color else self._blocks(rows, wide)
            return Strip([gutter, *cells])
        below = y - -(-len(places) // self._halves)
        if below < 2:
            text = self._axes_in_words() if below else self._column_labels(places.shape[1], wide)
            return Strip([Segment(" " * _GUTTER + text, label)])
        return Strip.blank(self.size.width)

    def _lay_out(self, size: Size, halves: int) -> tuple[Floats, int, int]:
        """The rows of the picture as `scaled`, and the columns and rows that each number takes."""
        room = max(1, size.height - 2)
        numbers, wide, tall = fitted(self._errors, max(1, size.width - _GUTTER), halves * room)
        return np.repeat(scaled(numbers, self._allowed), tall, axis=0), wide, tall

    def _axes_in_words(self) -> str:
        return f"→ {self._columns}" + (f"   ↓ {self._rows}" if self._rows else "")

    def _row_label(self, row: int, count: int, tall: int) -> str:
        """The number that begins in a row of the picture; with two of them in a line, the upper one's."""
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
        """Those up to the tolerance, and those beyond it."""
        ground, bright, red = (theme_colour(self.app, name) for name in ("panel", "primary", "error"))
        shares = [step / (BINS - 1) for step in range(BINS)]
        return ramp(ground, bright, shares), ramp(ground, red, [0.4 + 0.6 * share for share in shares])

    def _blocks(self, places: Floats, wide: int) -> list[Segment]:
        within, beyond = self._colours()
        bins = np.rint(np.where(places > 1, places - 1, places) * (BINS - 1)) + BINS * (places > 1)
        return half_blocks(bins.astype(np.int64), [*within, *beyond], wide)

    def _shades(self, places: Floats, wide: int) -> list[Segment]:
        return [Segment(_shade(place) * wide) for place in places.tolist()]

    def scale(self) -> Text:
        """The scale, to be shown beside the picture."""
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
    """The numbers as many as there is room for, and how wide and tall each of them is drawn.

    Where there is no room for all, one stands for its neighbours: the largest, so that nothing bad is hidden.

    Args:
        values: `[rows, columns]`.
        columns: of the terminal.
        half_rows: twice the rows of the terminal.

    Returns:
        numbers `[at most half_rows, at most columns]`, columns and half rows that each takes.
    """
    shrunk = _shrunk(_shrunk(values, half_rows).T, columns).T
    wide = max(1, min(WIDEST, columns // shrunk.shape[1]))
    tall = max(1, min(TALLEST, half_rows // shrunk.shape[0]))
    return shrunk, wide, tall


def _shrunk(values: Floats, most: int) -> Floats:
    """At most so many rows, each the largest of those it stands for."""
    rows = len(values)
    if rows <= max(most, 1):
        return values
    starts = np.arange(most) * rows // most
    return np.asarray(np.maximum.reduceat(values, starts, axis=0))


def scaled(errors: Floats, allowed: float) -> Floats:
    """Errors in eps as places on two scales: 0 to 1 up to the tolerance, above 1 to 2 beyond it.

    The first is logarithmic and begins at a tenth of an eps; below, numbers are as good as equal.
    The second is linear up to the worst error, which is where a bug shows its shape.
    """
    top = max(allowed, 1.0)
    with np.errstate(all="ignore"):
        places = np.log10(np.maximum(errors, 0.1) / 0.1) / np.log10(top / 0.1)
        finite = errors[np.isfinite(errors)]
        beyond = 1.0 + np.clip(errors / finite.max(initial=0.0), 0.05, 1.0)
    within = np.where(errors > 0, np.clip(places, 0.05, 1.0), 0.0)
    # Without a finite error there is nothing to be a share of.
    return np.where(errors > allowed, np.where(np.isnan(beyond) | np.isinf(errors), 2.0, beyond), within)
