"""History, test part and future of one target: the truth, and what every backend made of it."""

import numpy as np
from rich.text import Text

from lstm_forecasting.experiment.lines import band_of_future, line_of_future, line_on_test
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.figures.looks import TRUTH_SAMPLE
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Band, Picture, Rule, limits
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import number_ticks
from lstm_tui.kit.palette import Palette


def forecast_picture(result: ExperimentResult, target: int, left: float, palette: Palette) -> Picture:
    """The picture of one target.

    On the test part a backend's line is made of forecasts that follow each other without overlap, each as
    long as the horizon, the last of them ending with the series.

    Args:
        result: of the experiment.
        target: its index.
        left: the row where it begins before the user zooms.
        palette: the colours of the theme.
    """
    experiment = result.experiment
    table = experiment.table
    truth = table.values[:, table.target_indices[target]]
    right = float(table.rows - 1 + experiment.steps)
    lines = [Line(np.arange(table.rows, dtype=np.float64), truth, palette.truth, thick=True)]
    for backend in result.backends:
        look, colour = palette.look(backend.backend), palette.line(backend.backend)
        lines.append(Line(*line_on_test(result, backend, target), colour, look.pattern))
        lines.append(Line(*line_of_future(result, backend, target), colour, look.pattern, thick=True))
    bands = _bands(result, target, palette)
    future = table.future_times(experiment.steps)
    times = None if table.times is None or future is None else np.concatenate([table.times, future])
    return Picture(
        x=(left, right),
        y=limits(lines, bands, left, right),
        lines=tuple(lines),
        legend=_legend(result, target, palette),
        x_ticks=row_ticks(times),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(2, rows // 3)),
        rules=(Rule(experiment.split.test.start, ("test",)), Rule(table.rows - 0.5, ("future",), "future →")),
        bands=bands,
    )


def _bands(result: ExperimentResult, target: int, palette: Palette) -> tuple[Band, ...]:
    band = band_of_future(result, target)
    return () if band is None else (Band(*band, palette.band),)


def _legend(result: ExperimentResult, target: int, palette: Palette) -> Text:
    legend = Text()
    legend.append(f"{TRUTH_SAMPLE} ", palette.truth)
    legend.append(f"{result.experiment.table.targets[target]}  ", f"bold {palette.truth}")
    for backend in result.backends:
        legend.append(palette.look(backend.backend).sample, palette.line(backend.backend))
        legend.append(f" {backend.evaluation.name}  ", palette.label)
    return legend
