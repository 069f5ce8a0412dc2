"""What a chart is asked to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from lstm_tui.kit.charts.raster import Floats, Line
from lstm_tui.kit.charts.ticks import Tick

Ticks = Callable[[float, float, int], list[Tick]]
"""Makes the ticks of an axis from one end of what is shown to the other, on so many cells."""


@dataclass(frozen=True, eq=False)
class Band:
    """An area under the lines, for an interval: where x lies between two ends, y does too."""

    x: Floats
    low: Floats
    high: Floats
    colour: str


@dataclass(frozen=True)
class Rule:
    """A vertical line with a word at its top.

    Attributes:
        x: where.
        labels: for its right; the first that has room is written.
        before: for its left, where none has.
    """

    x: float
    labels: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True)
class Sign:
    """A character at a point; at the top of the chart, when y is None."""

    x: float
    y: float | None
    character: str
    colour: str


@dataclass(frozen=True, eq=False)
class Picture:
    """All that a chart shows.

    Attributes:
        x: from and to.
        y: from and to, in the coordinate of the lines' y (logarithms on a log scale).
        lines: see `Line`.
        legend: the line above, in the styles of the lines.
        x_ticks: of the axis below.
        y_ticks: of the axis at the left.
        rules: vertical lines.
        bands: areas.
        signs: characters over the lines.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    lines: tuple[Line, ...]
    legend: Text
    x_ticks: Ticks
    y_ticks: Ticks
    rules: tuple[Rule, ...] = ()
    bands: tuple[Band, ...] = ()
    signs: tuple[Sign, ...] = ()


def limits(lines: Sequence[Line], bands: Sequence[Band], left: float, right: float) -> tuple[float, float]:
    """The y axis around what is between two rows, with a margin."""
    shown = [line.y[(line.x >= left) & (line.x <= right)] for line in lines]
    shown += [ends for band in bands for ends in (band.low, band.high)]
    values = np.concatenate(shown)
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.05 or max(abs(high) * 0.05, 1.0)
    return low - margin, high + margin
