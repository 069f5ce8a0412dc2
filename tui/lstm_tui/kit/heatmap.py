"""Parts of heatmaps: numbers as colours, two above each other in each cell of the terminal."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.color import Color

BINS = 16
"""Number of colours of a scale; more could not be told apart."""


def ramp(start: str, end: str, shares: Iterable[float]) -> list[Style]:
    """Colours between two others, given as "#rrggbb": a share of 0 is the first, 1 the second."""
    first, last = Color.parse(start), Color.parse(end)
    return [Style.parse(first.blend(last, share).hex) for share in shares]


def half_blocks(bins: NDArray[np.int64], colours: Sequence[Style], wide: int) -> list[Segment]:
    """One row of the terminal, which shows one or two rows of a heatmap, each column `wide` cells wide.

    `bins` `[1 or 2, columns]` are indices of colours: the upper and the lower half, or the upper one alone.
    """
    upper = [colours[place] for place in bins[0]]
    if len(bins) > 1:
        upper = [
            above + Style(bgcolor=colours[place].color) for above, place in zip(upper, bins[1], strict=True)
        ]
    return [Segment("▀" * wide, style) for style in upper]


def scale_bar(colours: Iterable[Style]) -> Text:
    """The colours of a scale, one cell each."""
    return Text.assemble(*(("█", colour) for colour in colours))
