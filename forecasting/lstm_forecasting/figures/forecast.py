"""The printed picture of a forecast: the end of the series, the test part and the future."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.experiment.lines import (
    bands_of_future,
    bands_on_test,
    line_of_future,
    line_on_test,
    offered_baseline,
)
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.figures.drawing import INK, Format, content_of, drawing, new_figure, whole_numbers
from lstm_forecasting.figures.looks import Look, Pattern

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Values = NDArray[np.float64]

WIDTH, HEIGHT = 10.0, 3.8
"""Inches of a picture with one target; each further target adds the height."""
_BAND = "#1F6583"
_FAINT = 0.16
"""How much of its colour an interval has."""
_BASELINE = "#525E69"
_STROKES: dict[Pattern, Any] = {
    "solid": "solid",
    "dashed": (0, (5, 1.6)),
    "dotted": (0, (1, 1.2)),
    "dash-dotted": (0, (5, 1.6, 1, 1.6)),
}
_LAST_YEAR = np.datetime64("9990-01-01")


def forecast_figure(
    result: ExperimentResult, looks: Mapping[str, Look], targets: Sequence[int], first: float, form: Format
) -> bytes:
    """A picture with a row for each of these targets, at least one, from the row `first` of the series on.

    It has the same bytes every time.
    """
    with drawing():
        figure = new_figure(WIDTH, HEIGHT * len(targets) + 0.4)
        rows = figure.subplots(len(targets), 1, sharex=True, squeeze=False)[:, 0]
        for axes, target in zip(rows, targets, strict=True):
            _draw(axes, result, looks, target, first)
        table = result.experiment.table
        if not np.issubdtype(_places(result).dtype, np.datetime64):
            whole_numbers(rows[-1].xaxis)
            rows[-1].set_xlabel("row")
        figure.suptitle(f"{table.name} · {table.frequency.name}", x=0.01, ha="left", fontweight="bold")
        # Another baseline may be offered for each target.
        named = {
            label: line
            for axes in rows
            for line, label in zip(*axes.get_legend_handles_labels(), strict=True)
        }
        figure.legend(named.values(), named.keys(), loc="outside upper right", ncols=min(len(named), 5))
        return content_of(figure, form, f"{table.name} forecast")


def _draw(axes: Axes, result: ExperimentResult, looks: Mapping[str, Look], target: int, first: float) -> None:
    experiment = result.experiment
    table = experiment.table
    truth = table.observed_values(table.target_indices[target])
    where = _places(result)
    _draw_line(axes, where, np.arange(table.rows, dtype=np.float64), truth, first, color=INK, label="truth")
    if result.offers:
        offered = result.intervals.of(result.offers[target].name, target)
        _shade(axes, where, *bands_on_test(result, offered.test), first)
        _shade(axes, where, *bands_of_future(table, offered.future, target), first)
    for backend in result.backends:
        look = looks[backend.backend]
        style = {"color": look.light, "linestyle": _STROKES[look.pattern]}
        name = backend.evaluation.name
        _draw_line(axes, where, *line_on_test(result, backend.evaluation, target), first, **style, label=name)
        future = line_of_future(table, backend.future[:, target], target)
        _draw_line(axes, where, *future, first, **style, linewidth=2.2)
    baseline = offered_baseline(result, target)
    if baseline is not None:
        style = {"color": _BASELINE, "linestyle": _STROKES["dash-dotted"]}
        _draw_line(axes, where, *line_on_test(result, baseline, target), first, **style, label=baseline.name)
        future = line_of_future(table, baseline.future[:, target], target)
        _draw_line(axes, where, *future, first, **style, linewidth=2.2)
    for row, label in ((experiment.split.test.start, "test"), (table.rows - 1, "future")):
        if row >= first:
            axes.axvline(where[row], color="#8D979F", linewidth=0.8, linestyle=(0, (2, 2)))
            axes.annotate(
                label,
                (where[row], 1.0),
                (3, -2),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="top",
                color="#525E69",
                fontsize=9,
            )
    axes.set_ylabel(table.targets[target])
    axes.margins(x=0.01)


def _shade(axes: Axes, where: NDArray[Any], rows: Values, intervals: Bands, first: float) -> None:
    """Draws intervals `[rows, levels]` as areas, the narrower darker since they lie on the wider."""
    shown = rows >= first
    places = where[rows[shown].astype(np.int64)]
    for index, level in reversed(list(enumerate(intervals.levels))):
        ends = intervals.low[shown, index], intervals.high[shown, index]
        label = f"{in_percent(level)} % interval"
        axes.fill_between(places, *ends, color=_BAND, alpha=_FAINT, linewidth=0, label=label)


def _draw_line(
    axes: Axes, where: NDArray[Any], rows: Values, values: Values, first: float, **style: Any
) -> None:
    shown = rows >= first
    values = values[shown]
    known = np.concatenate(([False], np.isfinite(values), [False]))
    # A line through a single value between two gaps has no length, so it is drawn as a dot.
    alone = np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])
    if len(alone):
        style = {"marker": ".", "markersize": 3.0, "markevery": alone.tolist(), **style}
    axes.plot(where[rows[shown].astype(np.int64)], values, **{"linewidth": 1.2, **style})


def _places(result: ExperimentResult) -> NDArray[Any]:
    """The x of each row: its time, or its number if there are no times or they exceed the calendar."""
    table, steps = result.experiment.table, result.experiment.steps
    future = table.future_times(steps)
    if table.times is None or future is None or future[-1] > _LAST_YEAR:
        return np.arange(table.rows + steps)
    return np.concatenate([table.times, future])
