"""One forecast of the test part: what it was made from, what came, and what every model said."""

import numpy as np
from rich.text import Text

from lstm_forecasting.evaluation.single_forecasts import forecast_rows, input_rows
from lstm_forecasting.experiment.lines import line_of_window
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule, limits
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import number_ticks
from lstm_tui.kit.palette import Palette

_FEWEST_INPUTS = 40
"""Of long inputs so many are shown at least before the user zooms out."""


def single_picture(
    result: ExperimentResult, window: int, target: int, palette: Palette, baseline: Evaluation | None
) -> Picture:
    """The picture of one test window and target.

    Args:
        result: of the experiment.
        window: its number.
        target: its index.
        palette: the colours of the theme.
        baseline: to be drawn beside the backends, if any.
    """
    table = result.experiment.table
    inputs, forecast = input_rows(result, window), forecast_rows(result, window)
    rows = np.arange(inputs.start, forecast.stop)
    truth = table.values[rows, table.target_indices[target]]
    lines = [Line(rows.astype(np.float64), truth, palette.truth)]
    legend = Text()
    legend.append("━━ ", palette.truth)  # short, so that all names have room on 80 columns
    legend.append(f"{table.targets[target]} ", f"bold {palette.truth}")
    if baseline is not None:
        points = line_of_window(result, baseline, window, target)
        lines.append(Line(*points, palette.quiet, "dash-dotted"))
    for backend in result.backends:
        look, colour = palette.look(backend.backend), palette.line(backend.backend)
        points = line_of_window(result, backend.evaluation, window, target)
        lines.append(Line(*points, colour, look.pattern, thick=True))
        legend.append(look.sample, colour)
        legend.append(f" {backend.evaluation.name} ", palette.label)
    if baseline is not None:
        legend.append("━╸·━", palette.quiet)
        legend.append(f" {baseline.name}", palette.label)
    left = float(max(inputs.start, forecast.start - max(_FEWEST_INPUTS, 3 * len(forecast))))
    right = float(forecast.stop - 1)
    return Picture(
        x=(left, right),
        y=limits(lines, (), left, right),
        lines=tuple(lines),
        legend=legend,
        x_ticks=row_ticks(table.times),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(2, rows // 3)),
        rules=(Rule(forecast.start - 0.5, ("forecast",), "inputs → "),),
    )
