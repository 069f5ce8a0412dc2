"""Curves of a page as a chart."""

import math
from collections.abc import Iterator

import numpy as np
from rich.console import Console, ConsoleOptions
from rich.text import Text

from lstm_course.figures import Curves, Line, Stroke
from lstm_forecasting.figures.looks import SAMPLES, TRUTH_SAMPLE, Pattern
from lstm_tui.kit.charts import raster
from lstm_tui.kit.charts.drawing import picture_lines
from lstm_tui.kit.charts.picture import Picture, Rule
from lstm_tui.kit.charts.ticks import linear_limits, log_limits, log_ticks, number_ticks, whole_ticks
from lstm_tui.learn.ink import Ink

_LABELS = 6
_WIDEST = 100
_PATTERNS: dict[Stroke, Pattern] = {
    "truth": "solid",
    "forecast": "solid",
    "other": "dashed",
    "mark": "dotted",
}


class TextChart:
    """A chart of curves in `rows` lines, as wide as the console but at most 100 columns."""

    def __init__(self, curves: Curves, rows: int, ink: Ink) -> None:
        self._curves, self._rows, self._ink = curves, rows, ink

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Draws the chart."""
        columns = min(options.max_width, _WIDEST)
        picture = curves_picture(self._curves, self._ink)
        for line in picture_lines(picture, columns, self._rows, _LABELS, self._ink.chart):
            line.no_wrap = True
            yield line


def curves_picture(curves: Curves, ink: Ink) -> Picture:
    """The curves with ticks, a legend and axis labels."""
    x = curves.x_range or [value for line in curves.lines for value in line.x]
    y = curves.y_range or [value for line in curves.lines for value in line.y]
    first, last = min(x), max(x)
    whole = all(value == round(value) for value in x)
    y_ticks = log_ticks if curves.log else number_ticks
    return Picture(
        x=(first, last if last > first else first + 1.0),
        y=log_limits(y) if curves.log else linear_limits(y),
        lines=tuple(_line(line, curves, ink) for line in curves.lines),
        legend=_legend(curves, ink),
        x_ticks=lambda left, right, columns: (whole_ticks if whole else number_ticks)(
            left, right, max(2, columns // 6)
        ),
        y_ticks=lambda low, high, rows: y_ticks(low, high, max(2, min(7, rows // 2))),
        rules=tuple(Rule(place, (label,), label) for place, label in curves.marks),
    )


def _line(line: Line, curves: Curves, ink: Ink) -> raster.Line:
    y = [(math.log10(value) if value > 0 else math.nan) if curves.log else value for value in line.y]
    look = ink.looks.get(line.backend)
    return raster.Line(
        np.array(line.x),
        np.array(y),
        ink.line(line.stroke, line.backend),
        look.pattern if look else _PATTERNS[line.stroke],
        thick=line.stroke == "truth",
        layer=0 if line.stroke == "truth" else 1,
    )


def _legend(curves: Curves, ink: Ink) -> Text:
    legend = Text()
    for line in (one for one in curves.lines if one.name):
        look = ink.looks.get(line.backend)
        sample = TRUTH_SAMPLE if line.stroke == "truth" else SAMPLES[_PATTERNS[line.stroke]]
        legend.append(look.sample if look else sample, ink.line(line.stroke, line.backend))
        legend.append(f" {line.name}  ", ink.chart.label)
    legend.append(f"→ {curves.x}", ink.chart.label)
    if curves.y and curves.y not in [line.name for line in curves.lines]:
        legend.append(f"   ↑ {curves.y}", ink.chart.label)
    return legend
