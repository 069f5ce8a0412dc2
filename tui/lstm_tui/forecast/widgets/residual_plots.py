"""The residuals of all backends over time, and the autocorrelation of one model."""

from collections.abc import Sequence

import numpy as np
from rich.text import Text

from lstm_forecasting.evaluation.residuals import Residuals
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule, limits
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import number_ticks, whole_ticks
from lstm_tui.kit.palette import Palette


def residual_picture(
    result: ExperimentResult, residuals: Sequence[Residuals], shown: int, palette: Palette
) -> Picture:
    """The residuals over time of all backends, and of a baseline where one is shown.

    Args:
        result: of the experiment.
        residuals: of every model, backends first.
        shown: the index of the model that the screen is about.
        palette: the colours of the theme.
    """
    rows = residuals[0].rows.astype(np.float64)
    lines, legend = [], Text()
    for index, backend in enumerate(result.backends):
        look, colour = palette.look(backend.backend), palette.line(backend.backend)
        lines.append(Line(rows, residuals[index].values, colour, look.pattern, layer=1))
        legend.append(look.sample, colour)
        legend.append(f" {backend.evaluation.name}  ", palette.label)
    if shown >= len(result.backends):
        lines.append(Line(rows, residuals[shown].values, palette.quiet, "dash-dotted", layer=1))
        legend.append("━╸·━", palette.quiet)
        legend.append(f" {result.baselines[shown - len(result.backends)].name}", palette.label)
    left, right = float(rows[0]), float(max(rows[-1], rows[0] + 1))
    zero = Line(np.array([left, right]), np.zeros(2), palette.label)
    return Picture(
        x=(left, right),
        y=limits([zero, *lines], (), left, right),
        lines=(zero, *lines),
        legend=legend,
        x_ticks=row_ticks(result.experiment.table.times),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(2, rows // 3)),
    )


def correlation_picture(
    result: ExperimentResult, residuals: Residuals, shown: int, palette: Palette
) -> Picture:
    """A stem for every lag between the bounds that chance keeps to in 95 % of all cases.

    Args:
        result: of the experiment.
        residuals: of the model that is shown, with correlations.
        shown: its index.
        palette: the colours of the theme.
    """
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
    legend = Text()
    legend.append("┃ ", colour)
    legend.append(f"{name}  ", palette.label)
    legend.append("╺╸╺╸", palette.label)
    legend.append(" 95 % of what chance gives", palette.label)
    rules = (Rule(float(season), (f"one season ({season})", "season")),) if 1 < season <= len(lags) else ()
    return Picture(
        x=(0.0, right),
        y=(low * 1.15, high * 1.3),  # room for the word at the season
        lines=(zero, *bounds, stem),
        legend=legend,
        x_ticks=lambda left, right, columns: whole_ticks(left, right, max(2, columns // 8)),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(3, rows // 3)),
        rules=rules,
    )
