"""The content of a chart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.shading import Band
from lstm_tui.kit.charts.ticks import Tick, number_ticks

Ticks = Callable[[float, float, int], list[Tick]]
"""Makes the ticks of an axis for a visible range and a number of cells."""


@dataclass(frozen=True)
class Rule:
    """A vertical line with a label at its top.

    Attributes:
        x: position.
        labels: for its right side; the first that fits is written.
        before: for its left side, if none of them fits.
    """

    x: float
    labels: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True)
class Sign:
    """A character at a point; at the top of the chart if y is None."""

    x: float
    y: float | None
    character: str
    colour: str


def round_numbers(low: float, high: float, rows: int) -> list[Tick]:
    """Ticks of a y axis: at most one in three rows, but more on a low chart."""
    return number_ticks(low, high, max(3, rows // 3))


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything that a chart shows.

    Attributes:
        x: range of the x axis.
        y: range of the y axis, in the coordinate of the lines (logarithms on a log scale).
        lines: to draw.
        legend: text above the plot, in the styles of the lines.
        x_ticks: of the x axis.
        y_ticks: of the y axis.
        rules: vertical lines.
        bands: areas under the lines; later ones cover earlier ones.
        signs: characters on top of the lines.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    lines: tuple[Line, ...]
    legend: Text
    x_ticks: Ticks
    y_ticks: Ticks = round_numbers
    rules: tuple[Rule, ...] = ()
    bands: tuple[Band, ...] = ()
    signs: tuple[Sign, ...] = ()


def limits(lines: Sequence[Line], bands: Sequence[Band], left: float, right: float) -> tuple[float, float]:
    """The range of the y axis that shows everything between two rows, with a margin."""
    shown = [line.y[(line.x >= left) & (line.x <= right)] for line in lines]
    inside = [(band, (band.x >= left) & (band.x <= right)) for band in bands]
    shown += [ends[seen] for band, seen in inside for ends in (band.low, band.high)]
    values = np.concatenate(shown)
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.05 or max(abs(high) * 0.05, 1.0)
    return low - margin, high + margin
