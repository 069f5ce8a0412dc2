"""The charts of a backtest: errors over time and by step, coverage, and the forecasts from an origin."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from rich.text import Text

from lstm_forecasting.backtest.results import BacktestResult, ModelResult
from lstm_forecasting.backtest.scoring import over_time, worst_origins
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.figures.looks import SAMPLES, Pattern
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule, Sign, limits
from lstm_tui.kit.charts.raster import Floats, Line
from lstm_tui.kit.charts.shading import Band
from lstm_tui.kit.charts.ticks import whole_ticks
from lstm_tui.kit.palette import Palette

ChartName = Literal["time", "steps", "coverage"]
"""Name of a chart."""
CHARTS: dict[ChartName, str] = {
    "time": "Error over time",
    "steps": "Error by step ahead",
    "coverage": "Coverage over time",
}
"""What the chart shows, in the order of its key."""
WORST = 5
"""Origins that are marked as the worst."""
_FEWEST = 8
"""Origins of a period, or else coverage would be all or nothing."""
_BEFORE = 3
"""Horizons before an origin that are shown with its forecasts."""


def picture_of(
    chart: ChartName, result: BacktestResult, model: ModelResult, target: int, palette: Palette, columns: int
) -> Picture:
    """A chart; of over_time only as many periods as there are columns for."""
    if chart == "steps":
        return _steps(result, target, palette)
    if chart == "coverage":
        return _coverage(result, model, target, palette, columns)
    return _time(result, model, target, palette, columns)


def _time(result: BacktestResult, model: ModelResult, target: int, palette: Palette, columns: int) -> Picture:
    origins = result.backtest.origins.astype(np.float64)
    periods = over_time(result, target, max(2, columns // 2))
    rows = np.array([origins[period.first : period.last + 1].mean() for period in periods])
    lines = tuple(
        Line(
            rows, np.array([period.errors[one.key] for period in periods]), *_look(one, palette), layer=layer
        )
        for layer, one in enumerate(reversed(result.models))
    )
    left, right = float(origins[0]), float(max(origins[-1], origins[0] + 1))
    worst = worst_origins(result, model, target, WORST)
    signs = tuple(Sign(float(origins[origin]), None, "▼", palette.named("error")) for origin in worst)
    legend = _legend(result.models, palette)
    legend.append("▼ ", palette.named("error"))
    legend.append(f"worst of {model.name}", palette.label)
    return Picture(
        x=(left, right),
        y=_from_zero(lines, left, right),
        lines=lines,
        legend=legend,
        x_ticks=row_ticks(result.backtest.table.times),
        signs=signs,
    )


def _steps(result: BacktestResult, target: int, palette: Palette) -> Picture:
    steps = np.arange(1.0, result.backtest.horizon + 1)
    lines = tuple(
        Line(
            steps,
            np.array([step[target].mae for step in one.scores_by_step]),
            *_look(one, palette),
            layer=layer,
        )
        for layer, one in enumerate(reversed(result.models))
    )
    left, right = 1.0, float(max(2, result.backtest.horizon))
    return Picture(
        x=(left, right),
        y=_from_zero(lines, left, right),
        lines=lines,
        legend=_legend(result.models, palette),
        x_ticks=whole_ticks,
    )


def _coverage(
    result: BacktestResult, model: ModelResult, target: int, palette: Palette, columns: int
) -> Picture:
    origins = result.backtest.origins.astype(np.float64)
    count = max(2, min(columns // 2, len(origins) // _FEWEST))
    periods = over_time(result, target, count)
    rows = np.array([origins[period.first : period.last + 1].mean() for period in periods])
    colour, pattern = _look(model, palette)
    left, right = float(origins[0]), float(max(origins[-1], origins[0] + 1))
    lines, legend = [], Text(f"{model.name}: ", palette.label)
    for level in model.intervals[target].levels:
        measured = np.array([period.coverage[model.key][level] for period in periods])
        lines.append(Line(np.array([left, right]), np.array([level, level]), palette.quiet, "dotted"))
        lines.append(Line(rows, measured, colour, pattern, layer=1))
        legend.append(f"in the {in_percent(level)} % interval  ", palette.label)
    legend.append(f"{SAMPLES['dotted']} nominal", palette.quiet)
    return Picture(
        x=(left, right),
        y=(0.0, 105.0),
        lines=tuple(lines),
        legend=legend,
        x_ticks=row_ticks(result.backtest.table.times),
    )


def origin_picture(
    result: BacktestResult, model: ModelResult, origin: int, target: int, palette: Palette
) -> Picture:
    """The truth around an origin, every model's forecast from there, and the intervals of one model."""
    backtest = result.backtest
    table, first = backtest.table, int(backtest.origins[origin])
    start = max(0, first - max(_BEFORE * backtest.horizon, 40))
    rows = np.arange(start, first + backtest.horizon)
    ahead = np.arange(first - 1, first + backtest.horizon, dtype=np.float64)
    truth = table.observed_values(target)[rows]
    lines = [Line(rows.astype(np.float64), truth, palette.truth)]
    for layer, one in enumerate(reversed(result.models), 1):
        values = np.concatenate(([table.values[first - 1, target]], one.forecasts[origin, :, target]))
        lines.append(Line(ahead, values, *_look(one, palette), thick=one is model, layer=layer))
    bands = tuple(_bands(model, origin, target, ahead[1:], palette))
    left, right = float(start), float(first + backtest.horizon - 1)
    legend = Text("━━ ", palette.truth)
    legend.append(f"{table.targets[target]}  ", palette.label)
    return Picture(
        x=(left, right),
        y=limits(lines, bands, left, right),
        lines=tuple(lines),
        legend=legend.append_text(_legend(result.models, palette)),
        x_ticks=row_ticks(table.times),
        rules=(Rule(first - 0.5, ("forecast",), "inputs → "),),
        bands=bands,
    )


def _bands(model: ModelResult, origin: int, target: int, rows: Floats, palette: Palette) -> Iterator[Band]:
    """The intervals of a model from an origin, the widest first."""
    intervals = model.intervals[target]
    count = len(intervals.levels)
    for place in range(count - 1, -1, -1):
        low, high = (ends[origin, :, place] for ends in (intervals.test.low, intervals.test.high))
        if np.isfinite(low).all():
            yield Band(rows, low, high, palette.interval(count - 1 - place, count))


def _look(model: ModelResult, palette: Palette) -> tuple[str, Pattern]:
    return palette.line(model.key), palette.look(model.key).pattern


def _legend(models: tuple[ModelResult, ...], palette: Palette) -> Text:
    legend = Text()
    for model in models:
        legend.append(f"{palette.look(model.key).sample} ", palette.line(model.key))
        legend.append(f"{model.name}  ", palette.label)
    return legend


def _from_zero(lines: tuple[Line, ...], left: float, right: float) -> tuple[float, float]:
    """The range of the y axis for errors."""
    return 0.0, limits(lines, (), left, right)[1]
