"""The charts of a forecast: the whole series, one test window, residuals, and their autocorrelation."""

from collections.abc import Sequence

import numpy as np
from rich.text import Text

from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.residuals import Residuals
from lstm_forecasting.evaluation.single_forecasts import forecast_rows, input_rows
from lstm_forecasting.experiment.lines import (
    bands_of_future,
    bands_of_residuals,
    bands_of_window,
    bands_on_test,
    line_of_future,
    line_of_window,
    line_on_test,
    offered_baseline,
)
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_forecasting.figures.looks import SAMPLES, TRUTH_SAMPLE
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.intervals import add_intervals, shaded_intervals
from lstm_tui.kit.charts.picture import Picture, Rule, limits
from lstm_tui.kit.charts.raster import Floats, Line
from lstm_tui.kit.charts.shading import Band
from lstm_tui.kit.charts.ticks import number_ticks, whole_ticks
from lstm_tui.kit.palette import Palette

_FEWEST_INPUTS = 40
"""Input rows of a single forecast that are always visible at first, if there are so many."""


def forecast_picture(
    result: ExperimentResult,
    target: int,
    left: float,
    palette: Palette,
    intervals: ModelIntervals | None = None,
) -> Picture:
    """History, test part and future of one target, from row `left` on until the user zooms.

    The intervals are those of the model that is offered; None leaves them out.

    On the test part, the line of a backend or of the offered baseline joins forecasts that follow each other
    without overlap, each as long as the horizon; the last one ends with the series.
    """
    experiment = result.experiment
    table = experiment.table
    truth = table.observed_values(table.target_indices[target])
    right = float(table.rows - 1 + experiment.steps)
    lines = [Line(np.arange(table.rows, dtype=np.float64), truth, palette.truth, thick=True)]
    for backend in result.backends:
        look, colour = palette.look(backend.backend), palette.line(backend.backend)
        ahead = line_of_future(table, backend.future[:, target], target)
        lines.append(Line(*line_on_test(result, backend.evaluation, target), colour, look.pattern))
        lines.append(Line(*ahead, colour, look.pattern, thick=True))
    baseline = offered_baseline(result, target)
    if baseline is not None:
        ahead = line_of_future(table, baseline.future[:, target], target)
        lines.append(Line(*line_on_test(result, baseline, target), palette.label, "dash-dotted"))
        lines.append(Line(*ahead, palette.label, "dash-dotted", thick=True))
    bands: list[Band] = []
    if intervals is not None:
        bands += shaded_intervals(*bands_on_test(result, intervals.test), palette)
        bands += shaded_intervals(*bands_of_future(table, intervals.future, target), palette)
    future = table.future_times(experiment.steps)
    times = None if table.times is None or future is None else np.concatenate([table.times, future])
    return Picture(
        x=(left, right),
        y=limits(lines, bands, left, right),
        lines=tuple(lines),
        legend=_legend(
            result,
            palette,
            f"{TRUTH_SAMPLE} ",
            f"{table.targets[target]}  ",
            baseline,
            levels=_levels(intervals),
        ),
        x_ticks=row_ticks(times),
        rules=(Rule(experiment.split.test.start, ("test",)), Rule(table.rows - 0.5, ("future",), "future →")),
        bands=tuple(bands),
    )


def single_picture(
    result: ExperimentResult,
    window: int,
    target: int,
    palette: Palette,
    baseline: Evaluation | None,
    intervals: ModelIntervals | None = None,
) -> Picture:
    """The inputs of one test window, the truth, and the forecasts of the backends and of a baseline.

    The intervals are those of one of them; None leaves them out.
    """
    table = result.experiment.table
    inputs, forecast = input_rows(result, window), forecast_rows(result, window)
    rows = np.arange(inputs.start, forecast.stop)
    truth = table.observed_values(table.target_indices[target])[rows]
    lines = [Line(rows.astype(np.float64), truth, palette.truth)]
    if baseline is not None:
        points = line_of_window(result, baseline, window, target)
        lines.append(Line(*points, palette.label, "dash-dotted"))
    for backend in result.backends:
        look, colour = palette.look(backend.backend), palette.line(backend.backend)
        points = line_of_window(result, backend.evaluation, window, target)
        lines.append(Line(*points, colour, look.pattern, thick=True))
    left = float(max(inputs.start, forecast.start - max(_FEWEST_INPUTS, 3 * len(forecast))))
    right = float(forecast.stop - 1)
    bands: list[Band] = []
    if intervals is not None:
        bands += shaded_intervals(*bands_of_window(result, intervals.test, window, target), palette)
    return Picture(
        x=(left, right),
        y=limits(lines, bands, left, right),
        lines=tuple(lines),
        # Short, so that all names fit on 80 columns.
        legend=_legend(
            result,
            palette,
            "━━ ",
            f"{table.targets[target]} ",
            baseline,
            gap=" ",
            levels=_levels(intervals),
        ),
        x_ticks=row_ticks(table.times),
        rules=(Rule(forecast.start - 0.5, ("forecast",), "inputs → "),),
        bands=tuple(bands),
    )


def residual_picture(
    result: ExperimentResult,
    residuals: Sequence[Residuals],
    shown: int,
    palette: Palette,
    target: int = 0,
    intervals: ModelIntervals | None = None,
) -> Picture:
    """The residuals of all backends over time, and of model `shown` if it is a baseline.

    The intervals are those of model `shown`; None leaves them out.
    """
    test = result.experiment.split.test
    own = residuals[0].rows.astype(np.float64)
    gaps = np.flatnonzero(np.diff(own) > 1) + 1
    rows = np.insert(own, gaps, own[gaps - 1] + 0.5)

    def values_of(index: int) -> Floats:
        return np.insert(residuals[index].values, gaps, np.nan)

    lines = []
    for index, backend in enumerate(result.backends):
        look, colour = palette.look(backend.backend), palette.line(backend.backend)
        lines.append(Line(rows, values_of(index), colour, look.pattern, layer=1))
    baseline = None if shown < len(result.backends) else result.baselines[shown - len(result.backends)]
    if baseline is not None:
        lines.append(Line(rows, values_of(shown), palette.quiet, "dash-dotted", layer=1))
    left, right = (float(own[0]), float(own[-1])) if len(own) else (float(test.start), float(test.stop - 1))
    right = max(right, left + 1)
    zero = Line(np.array([left, right]), np.zeros(2), palette.label)
    bands: list[Band] = []
    if intervals is not None:
        model = result.models[shown]
        around = bands_of_residuals(result, model, intervals.test, target, residuals[0].step)
        bands += shaded_intervals(*around, palette)
    return Picture(
        x=(left, right),
        y=limits([zero, *lines], bands, left, right),
        lines=(zero, *lines),
        legend=_legend(result, palette, baseline=baseline, levels=_levels(intervals)),
        x_ticks=row_ticks(result.experiment.table.times),
        bands=tuple(bands),
    )


def correlation_picture(
    result: ExperimentResult, residuals: Residuals, shown: int, palette: Palette
) -> Picture:
    """The autocorrelation of model `shown` at each lag, with the bounds of 95 % of noise."""
    lags = np.arange(1, len(residuals.correlations) + 1, dtype=np.float64)
    if shown < len(result.backends):
        backend = result.backends[shown]
        colour, name = palette.line(backend.backend), backend.evaluation.name
    else:
        colour, name = palette.quiet, result.baselines[shown - len(result.backends)].name
    stems = np.stack([np.zeros(len(lags)), residuals.correlations, np.full(len(lags), np.nan)], axis=1)
    right = float(len(lags) + 1)
    bounds = [Line(lags, sign * residuals.bounds, palette.label, "dashed") for sign in (1, -1)]
    zero = Line(np.array([0.0, right]), np.zeros(2), palette.label)
    stem = Line(np.repeat(lags, 3), stems.reshape(-1), colour, layer=1)
    high = max(float(residuals.correlations.max()), float(residuals.bounds.max()))
    low = min(float(residuals.correlations.min()), -float(residuals.bounds.max()))
    season = result.experiment.season
    return Picture(
        x=(0.0, right),
        y=(low * 1.15, high * 1.3),  # room for the word at the season
        lines=(zero, *bounds, stem),
        legend=Text.assemble(("┃ ", colour), (f"{name}  ╺╸╺╸ 95 % bounds of noise", palette.label)),
        x_ticks=lambda left, right, columns: whole_ticks(left, right, max(2, columns // 8)),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(3, rows // 3)),
        rules=(Rule(float(season), (f"one season ({season})", "season")),) if 1 < season <= len(lags) else (),
    )


def _legend(
    result: ExperimentResult,
    palette: Palette,
    truth: str = "",
    target: str = "",
    baseline: Evaluation | None = None,
    *,
    gap: str = "  ",
    levels: tuple[float, ...] = (),
) -> Text:
    # With a baseline or intervals there are many names, and little room between them.
    gap = gap if baseline is None and not levels else " "
    legend = Text.assemble((truth, palette.truth), (target, f"bold {palette.truth}"))
    for backend in result.backends:
        legend.append(palette.look(backend.backend).sample, palette.line(backend.backend))
        legend.append(f" {backend.evaluation.name}{gap}", palette.label)
    if baseline is not None:
        legend.append(SAMPLES["dash-dotted"], palette.label)
        legend.append(f" {baseline.name}", palette.label)
    add_intervals(legend, levels, palette)
    return legend


def _levels(intervals: ModelIntervals | None) -> tuple[float, ...]:
    return () if intervals is None else intervals.levels
