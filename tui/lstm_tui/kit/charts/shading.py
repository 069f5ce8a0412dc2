"""Areas as shades behind the lines of a chart, with edges to an eighth of a cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_tui.kit.charts.raster import Floats, View
from lstm_tui.kit.charts.shades import EIGHTHS, POSITIVE

Tones = NDArray[np.int64]
"""Numbers of bands, from 1; 0 where there is none."""

_PARTS = 8
"""Parts of a cell, from its top to its bottom."""


@dataclass(frozen=True, eq=False)
class Band:
    """An area under the lines, for a prediction interval: y from `low` to `high` at each x, nan at gaps."""

    x: Floats
    low: Floats
    high: Floats
    colour: str


@dataclass(frozen=True, eq=False)
class Shades:
    """The shades of all cells of a chart.

    Attributes:
        colours: of the bands.
        main: `[rows, columns]`, the shade of most of each cell.
        edges: for cells with an edge, by row and column: its character and its style.
        coloured: whether shades are colours; otherwise they are textures of characters.
    """

    colours: tuple[str, ...]
    main: Tones
    edges: dict[tuple[int, int], tuple[str, str]]
    coloured: bool

    @classmethod
    def of(cls, bands: Sequence[Band], view: View, *, coloured: bool = True) -> "Shades":
        """Later bands cover earlier ones."""
        colours = tuple(band.colour for band in bands)
        tones = np.zeros((view.rows * _PARTS, view.columns), dtype=np.int64)
        for number, band in enumerate(bands, 1):
            tones[_covered(band, view)] = number
        parts = tones.reshape(view.rows, _PARTS, view.columns)
        # How many of the first parts of each cell have each shade.
        counts = np.cumsum([parts == number for number in range(len(bands) + 1)], axis=2)
        main = counts[:, :, -1].argmax(axis=0)
        return cls(colours, main, _edges(parts, counts, colours) if coloured else {}, coloured)

    def behind(self, row: int, column: int, style: str) -> str:
        """The style of a character, with the shade of its cell behind it."""
        number = int(self.main[row, column])
        return f"{style} on {self.colours[number - 1]}".strip() if number and self.coloured else style

    def texture(self, row: int, column: int) -> str:
        """The character of a shade without colours; empty where there is none."""
        number = int(self.main[row, column])
        return POSITIVE[min(number, len(POSITIVE) - 1)] if number and not self.coloured else ""


def _covered(band: Band, view: View) -> NDArray[np.bool_]:
    """The parts of cells `[rows · 8, columns]` inside a band.

    A column shows the band's middle there and all of its points, however many there are.
    """
    dots, width = 2 * view.columns - 1, view.right - view.left
    middles = view.left + (2 * np.arange(view.columns) + 0.5) / dots * width
    low = np.interp(middles, band.x, band.low, left=np.nan, right=np.nan)
    high = np.interp(middles, band.x, band.high, left=np.nan, right=np.nan)
    column = np.rint((band.x - view.left) / width * dots).astype(np.int64) // 2
    shown = (column >= 0) & (column < view.columns) & np.isfinite(band.low) & np.isfinite(band.high)
    np.fmin.at(low, column[shown], band.low[shown])
    np.fmax.at(high, column[shown], band.high[shown])
    # The same places as the dots of lines, four of which are as high as a cell.
    down = (view.high - np.stack([high, low])) / (view.high - view.low) * (4 * view.rows - 1) + 0.5
    top, bottom = np.rint(np.nan_to_num(down) * (_PARTS // 4))
    parts = np.arange(view.rows * _PARTS)[:, np.newaxis]
    found: NDArray[np.bool_] = np.isfinite(low) & np.isfinite(high) & (parts >= top) & (parts < bottom)
    return found


def _edges(parts: Tones, counts: Tones, colours: tuple[str, ...]) -> dict[tuple[int, int], tuple[str, str]]:
    """Cells of more than one shade: one shade above another, as close as one character can show them."""
    rows, _, columns = parts.shape
    upper = np.concatenate([np.zeros((len(counts), rows, 1, columns), dtype=np.int64), counts], axis=2)
    lower = counts[:, :, -1:] - upper
    height = (upper.max(axis=0) + lower.max(axis=0)).argmax(axis=1)
    found = {}
    for row, column in zip(*np.nonzero((parts != parts[:, :1]).any(axis=1)), strict=True):
        split = height[row, column]
        above = int(upper[:, row, split, column].argmax())
        below = int(lower[:, row, split, column].argmax())
        if split == 0 or above == below:
            continue  # one shade shows it best
        # A reversed style has the colour of the terminal, whatever that is, in the block of the lower shade.
        style = f"reverse {colours[above - 1]}" if below == 0 else colours[below - 1]
        if above and below:
            style += f" on {colours[above - 1]}"
        found[int(row), int(column)] = EIGHTHS[_PARTS - split], style
    return found
