"""The picture of a forecast beside the one for other values of what is known ahead."""

from collections.abc import Mapping

import numpy as np
from rich.text import Text

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.experiment.lines import bands_of_future, line_of_future
from lstm_forecasting.figures.looks import SAMPLES, TRUTH_SAMPLE, Pattern
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.intervals import add_intervals, shaded_intervals
from lstm_tui.kit.charts.picture import Picture, Rule, limits
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.palette import Palette

_BEFORE = 3
"""The picture shows this many times the length of the forecast before it."""


def what_if_picture(
    table: SeriesTable,
    target: int,
    backend: str,
    forecasts: Mapping[str, Array],
    palette: Palette,
    intervals: Bands | None = None,
) -> Picture:
    """The end of the series, and forecasts `[steps]` by their titles.

    They are the forecast for other values, the one as it was and, where the first two are a baseline's, the
    LSTM's for other values; `backend` computed the LSTM. The intervals are those of the first forecast.
    """
    other, usual, *beside = forecasts
    steps = len(forecasts[other])
    truth, look = table.observed_values(target), palette.look(backend)
    right = float(table.rows - 1 + steps)
    left = max(0.0, table.rows - max(float(_BEFORE * steps), 20.0))
    colour = palette.line(backend)
    looks: dict[str, tuple[str, Pattern]] = {usual: (palette.quiet, "dash-dotted")}
    looks |= dict.fromkeys(beside, (colour, look.pattern))
    # Amber marks what the user has changed, here as in forms.
    looks[other] = (palette.named("accent"), "solid") if beside else (colour, look.pattern)
    ahead = [
        Line(*line_of_future(table, forecasts[title], target), *looks[title], thick=title == other)
        for title in looks
    ]
    lines = (Line(np.arange(table.rows, dtype=np.float64), truth, palette.truth, thick=True), *ahead)
    legend = Text(f"{TRUTH_SAMPLE} ", palette.truth)
    legend.append(f"{table.targets[target]}", f"bold {palette.truth}")
    for title, (ink, pattern) in looks.items():
        legend.append(f"  {SAMPLES[pattern]}", ink).append(f" {title}", palette.label)
    bands = []
    if intervals is not None:
        bands = shaded_intervals(*bands_of_future(table, intervals, target), palette)
        add_intervals(legend, intervals.levels, palette)
    future = table.future_times(steps)
    times = None if table.times is None or future is None else np.concatenate([table.times, future])
    return Picture(
        x=(left, right),
        y=limits(lines, bands, left, right),
        lines=lines,
        legend=legend,
        x_ticks=row_ticks(times),
        rules=(Rule(table.rows - 0.5, ("future",), "future →"),),
        bands=tuple(bands),
    )
