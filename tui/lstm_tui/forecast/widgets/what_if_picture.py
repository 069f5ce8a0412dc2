"""The picture of a forecast beside the one for other values of what is known ahead."""

import numpy as np
from rich.text import Text

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.figures.looks import TRUTH_SAMPLE
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule, limits
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import number_ticks
from lstm_tui.kit.palette import Palette

_BEFORE = 3
"""The picture shows this many times the length of the forecast before it."""


def what_if_picture(
    table: SeriesTable, target: int, backend: str, forecasts: tuple[Array, Array], palette: Palette
) -> Picture:
    """The end of the series, the forecast as it was `[steps]`, and the one for other values."""
    usual, other = forecasts
    truth, steps = table.observed_values(target), len(usual)
    right = float(table.rows - 1 + steps)
    left = max(0.0, table.rows - max(float(_BEFORE * steps), 20.0))
    rows = np.arange(table.rows - 1, table.rows + steps, dtype=np.float64)
    look, colour = palette.look(backend), palette.line(backend)
    lines = (
        Line(np.arange(table.rows, dtype=np.float64), truth, palette.truth, thick=True),
        Line(rows, np.concatenate([truth[-1:], usual]), palette.quiet, "dash-dotted"),
        Line(rows, np.concatenate([truth[-1:], other]), colour, look.pattern, thick=True),
    )
    legend = Text(f"{TRUTH_SAMPLE} ", palette.truth)
    legend.append(f"{table.targets[target]}  ", f"bold {palette.truth}")
    legend.append("━╸·━", palette.quiet).append(" forecast  ", palette.label)
    legend.append(look.sample, colour).append(" what if", palette.label)
    future = table.future_times(steps)
    times = None if table.times is None or future is None else np.concatenate([table.times, future])
    return Picture(
        x=(left, right),
        y=limits(lines, (), left, right),
        lines=lines,
        legend=legend,
        x_ticks=row_ticks(times),
        y_ticks=lambda bottom, top, height: number_ticks(bottom, top, max(2, height // 3)),
        rules=(Rule(table.rows - 0.5, ("future",), "future →"),),
    )
