"""The forecast of a trained model as a picture and as a table."""

import numpy as np
from rich.table import Table
from rich.text import Text

from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.experiment.lines import bands_of_future, line_of_future
from lstm_forecasting.figures.looks import SAMPLES, TRUTH_SAMPLE
from lstm_forecasting.runs.predicting import Prediction
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.intervals import add_intervals, shaded_intervals
from lstm_tui.kit.charts.picture import Picture, Rule, limits
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import number_ticks
from lstm_tui.kit.numbers import decimals_of_values, shown
from lstm_tui.kit.palette import Palette

_BEFORE = 6
"""The picture shows this many times the length of the forecast before it."""


def prediction_picture(prediction: Prediction, target: int, title: str, palette: Palette) -> Picture:
    """The end of the series and the future of one target; `title` is that of the backend that trained."""
    table, backend = prediction.table, prediction.model.header.maker.backend
    truth, steps = table.observed_values(target), len(prediction.future)
    right = float(table.rows - 1 + steps)
    left = max(0.0, table.rows - max(float(_BEFORE * steps), 40.0))
    look, colour, offer = palette.look(backend), palette.line(backend), prediction.offers[target]
    forecast = line_of_future(table, prediction.future[:, target], target)
    lines = [
        Line(np.arange(table.rows, dtype=np.float64), truth, palette.truth, thick=True),
        Line(*forecast, colour, look.pattern, thick=True),
    ]
    intervals = prediction.intervals[target] if prediction.intervals else None
    bands = []
    if intervals is not None:
        bands = shaded_intervals(*bands_of_future(table, intervals, target), palette)
    legend = Text(f"{TRUTH_SAMPLE} ", palette.truth)
    legend.append(f"{table.targets[target]}  ", f"bold {palette.truth}")
    legend.append(look.sample, colour)
    legend.append(f" {title}", palette.label)
    if offer.kind != "lstm":
        lines.append(
            Line(*line_of_future(table, offer.future, target), palette.label, "dash-dotted", thick=True)
        )
        legend.append(f"  {SAMPLES['dash-dotted']} {offer.name}", palette.label)
    if intervals is not None:
        add_intervals(legend, intervals.levels, palette)
    future = table.future_times(steps)
    times = None if table.times is None or future is None else np.concatenate([table.times, future])
    return Picture(
        x=(left, right),
        y=limits(lines, bands, left, right),
        lines=tuple(lines),
        legend=legend,
        x_ticks=row_ticks(times),
        y_ticks=lambda bottom, top, height: number_ticks(bottom, top, max(2, height // 3)),
        rules=(Rule(table.rows - 0.5, ("future",), "future →"),),
        bands=tuple(bands),
    )


def prediction_table(prediction: Prediction, target: int, title: str, palette: Palette) -> Table:
    """A row for every step: its time, the offered forecast, its narrowest interval, and the LSTM's forecast.

    `title` is that of the backend that trained.
    """
    table = prediction.table
    heads, columns, offer = [title], [prediction.future[:, target]], prediction.offers[target]
    if offer.kind != "lstm":
        heads, columns = [offer.name, *heads], [offer.future, *columns]
    decimals = decimals_of_values([float(value) for column in columns for value in column])
    intervals = prediction.intervals[target] if prediction.intervals else None
    if intervals is not None and intervals.levels:
        level = in_percent(intervals.levels[0])
        heads[1:1] = [f"lo-{level}", f"hi-{level}"]
        columns[1:1] = [intervals.low[:, 0], intervals.high[:, 0]]
    grid = Table.grid(padding=(0, 1, 0, 0), expand=True)
    grid.add_column(no_wrap=True)
    for _ in heads:
        grid.add_column(justify="right", no_wrap=True, ratio=1, overflow="ellipsis")
    grid.add_row(Text(table.frequency.step, palette.quiet), *(Text(head, palette.quiet) for head in heads))
    for step, numbers in enumerate(zip(*columns, strict=True)):
        cells = [Text(shown(float(value), decimals), palette.truth) for value in numbers]
        grid.add_row(Text(table.row_text(table.rows + step), palette.label), *cells)
    return grid
