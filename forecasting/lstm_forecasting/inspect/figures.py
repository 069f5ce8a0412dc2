"""Printed pictures of a window: heatmaps over one time axis, one unit as lines, two backends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.figures.drawing import INK, Format, content_of, drawing, new_figure, whole_numbers
from lstm_forecasting.figures.looks import looks
from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow
from lstm_forecasting.inspect.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

Units = Sequence[int] | NDArray[np.int64]
"""The units to draw, from the top."""
WIDTH = 10.0
_HEATMAP, _PLOT, _LINES = 1.15, 1.5, 2.0
"""Inches."""
GATE, SIGNED = "cividis", "RdBu_r"
"""Colour maps of values from 0 to 1, and of values with a sign."""
_STROKES = ("solid", (0, (5, 1.6)), (0, (1, 1.2)))


def window_figure(inspected: InspectedWindow, layer_index: int, units: Units, form: Format) -> bytes:
    """Draws the window above the heatmaps, attention and gradients of one layer, on one time axis."""
    layer = inspected.layers[layer_index]
    with drawing():
        plots = 4 if inspected.attention is not None else 3
        heights = [_PLOT, *[_HEATMAP] * len(QUANTITIES), *[_PLOT] * (plots - 1)]
        figure = new_figure(WIDTH, sum(heights) + 0.6)
        grid = figure.add_gridspec(len(heights), 2, height_ratios=heights, width_ratios=(50, 1))
        top = figure.add_subplot(grid[0, 0])
        _draw_values(top, inspected)
        rows = [figure.add_subplot(grid[row, 0], sharex=top) for row in range(1, len(heights))]
        for row, (axes, quantity) in enumerate(zip(rows, QUANTITIES, strict=False), 1):
            values = getattr(layer, quantity.name)
            image = _heatmap(axes, values[:, list(units)].T, *_limits(quantity, values), quantity.signed)
            _name_units(axes, units)
            axes.set_ylabel(f"{quantity.title} {quantity.symbol}".replace(" ", "\n", 1))
            figure.colorbar(image, cax=figure.add_subplot(grid[row, 1]))
        below = rows[len(QUANTITIES) :]
        if inspected.attention is not None:
            below[0].bar(_steps(layer), inspected.attention, color=INK, width=0.8, zorder=2)
            below[0].set_ylabel("attention")
        _draw_flow(below[-2], layer)
        _draw_contributions(below[-1], inspected, layer)
        for axes in (top, *rows[:-1]):
            axes.tick_params(labelbottom=False)
        rows[-1].set_xlabel("time step")
        whole_numbers(rows[-1].xaxis)
        _entitle(figure, inspected, f"{layer.name} · {inspected.backend}")
        return content_of(figure, form, f"{inspected.subject.run.name} inside")


def comparison_figure(comparison: Comparison, layer_index: int, units: Units, form: Format) -> bytes:
    """Draws the heatmaps of one layer by two backends side by side, with their difference."""
    one, other = comparison.one.layers[layer_index], comparison.other.layers[layer_index]
    differences = comparison.layers[layer_index].differences
    with drawing():
        figure = new_figure(WIDTH + 4, (_HEATMAP + 0.3) * len(QUANTITIES) + 0.8)
        grid = figure.subplots(len(QUANTITIES), 3, sharex=True, sharey=True, squeeze=False)
        names = _names(comparison)
        titles = (*names, f"{names[1]} − {names[0]}")
        for axes, title in zip(grid[0], titles, strict=True):
            axes.set_title(title)
        for row, quantity in zip(grid, QUANTITIES, strict=True):
            values = [getattr(side, quantity.name) for side in (one, other)]
            low, high = _limits(quantity, np.concatenate(values))
            for axes, shown in zip(row, values, strict=False):
                image = _heatmap(axes, shown[:, list(units)].T, low, high, quantity.signed)
                figure.colorbar(image, ax=axes)
            difference = differences[quantity.name]
            size = float(np.abs(difference).max()) or 1.0
            image = _heatmap(row[2], difference[:, list(units)].T, -size, size, signed=True)
            figure.colorbar(image, ax=row[2])
            row[0].set_ylabel(f"{quantity.title} {quantity.symbol}".replace(" ", "\n", 1))
            _name_units(row[0], units)
        for axes in grid[-1]:
            axes.set_xlabel("time step")
            whole_numbers(axes.xaxis)
        _entitle(figure, comparison.one, one.name)
        return content_of(figure, form, f"{comparison.one.subject.run.name} on two backends")


def unit_figure(inspected: InspectedWindow, layer_index: int, unit: int, form: Format) -> bytes:
    """Draws one unit, from 0, as lines over the window: its gates, its candidate and its states."""
    layer = inspected.layers[layer_index]
    with drawing():
        figure = new_figure(WIDTH, 3 * _LINES + 0.6)
        rows = figure.subplots(3, 1, sharex=True)
        _draw_values(rows[0], inspected)
        for axes, gates in ((rows[1], True), (rows[2], False)):
            shown = [quantity for quantity in QUANTITIES if (quantity.low == 0.0) == gates]
            for quantity, stroke in zip(shown, _STROKES, strict=True):
                values = getattr(layer, quantity.name)[:, unit]
                label = f"{quantity.title} {quantity.symbol}"
                axes.plot(_steps(layer), values, color=INK, linestyle=stroke, label=label)
            axes.legend(loc="upper left", fontsize=8)
        rows[1].set_ylim(0.0, 1.0)
        rows[1].set_ylabel("gates")
        rows[2].set_ylabel("candidate\nand states")
        rows[2].set_xlabel("time step")
        whole_numbers(rows[2].xaxis)
        _entitle(figure, inspected, f"{layer.name}, unit {unit} · {inspected.backend}")
        return content_of(figure, form, f"{inspected.subject.run.name} unit {unit}")


def _draw_values(axes: Axes, inspected: InspectedWindow) -> None:
    subject, colours = inspected.subject, ("#1B222B", "#8D979F", "#525E69")
    table, patch = subject.experiment.table, subject.config.patch
    look_back, horizon = subject.config.look_back, subject.config.horizon
    # A step is `patch` rows, and a heatmap draws it at their middle.
    rows = (np.arange(look_back + horizon) + 0.5) / patch + 0.5
    for target, name in enumerate(table.targets):
        window = slice(inspected.window.inputs.start, inspected.window.targets.stop)
        truth = table.observed_values(target)[window]
        # Several targets share one axis, each as a share of its largest value.
        by = (np.abs(table.values[window, target]).max() or 1.0) if len(table.targets) > 1 else 1.0
        axes.plot(rows, truth / by, color=colours[target % len(colours)], linewidth=1.6, label=name)
        look = looks([inspected.backend])[inspected.backend]
        point = inspected.point[:, target] / by
        style: dict[str, Any] = {"color": look.light, "linestyle": _STROKES[1], "marker": "."}
        axes.plot(rows[look_back:], point, **style, label=f"{name}, {inspected.backend}")
    axes.axvline(inspected.layers[0].steps + 0.5, color="#8D979F", linewidth=0.8, linestyle=(0, (2, 2)))
    axes.set_ylabel("share of largest" if len(table.targets) > 1 else table.targets[0])
    axes.set_xlim(0.5, float(rows[-1]) + 0.5)
    axes.legend(loc="upper left", fontsize=8)


def _draw_flow(axes: Axes, layer: InspectedLayer) -> None:
    flow = gradient_flow(layer)
    for norms, name, stroke in ((flow.hidden, "∂L/∂h", _STROKES[0]), (flow.cell, "∂L/∂C", _STROKES[1])):
        axes.plot(_steps(layer), np.where(norms > 0, norms, np.nan), color=INK, linestyle=stroke, label=name)
    axes.set_yscale("log")
    # The default labels of a log axis need mathematical text, which is off here.
    axes.yaxis.set_major_formatter(lambda norm, _: f"{norm:g}")
    axes.yaxis.set_minor_formatter("")
    axes.set_ylabel("norm of\ngradient")
    axes.legend(loc="upper left", fontsize=8)


def _draw_contributions(axes: Axes, inspected: InspectedWindow, layer: InspectedLayer) -> None:
    for found, stroke in zip(step_contributions(inspected, layer), _STROKES, strict=True):
        name = found.name.rpartition(".")[2]
        axes.plot(_steps(layer), found.norms, color=INK, linestyle=stroke, label=name)
    axes.set_ylabel("contribution\nto gradient")
    axes.legend(loc="upper left", fontsize=8)


def _heatmap(axes: Axes, values: Values, low: float, high: float, signed: bool) -> AxesImage:
    """Draws units from top to bottom and steps from left to right, the first step at 1."""
    rows, steps = values.shape
    axes.grid(visible=False)
    return axes.imshow(
        values,
        SIGNED if signed else GATE,
        vmin=low,
        vmax=high,
        aspect="auto",
        interpolation="nearest",
        extent=(0.5, steps + 0.5, rows - 0.5, -0.5),
    )


def _name_units(axes: Axes, units: Units) -> None:
    every = -(-len(units) // 8)
    places: list[int] = list(range(0, len(units), every))
    axes.set_yticks(places, [str(int(units[place])) for place in places])
    axes.set_autoscalex_on(False)


def _limits(quantity: Quantity, values: Values) -> tuple[float, float]:
    if quantity.low is not None and quantity.high is not None:
        return quantity.low, quantity.high
    size = float(np.abs(values).max()) or 1.0
    return -size, size


def _steps(layer: InspectedLayer) -> NDArray[Any]:
    return np.arange(1, layer.steps + 1)


def _names(comparison: Comparison) -> list[str]:
    """The names of the two sides: their backends, or their weights if these differ."""
    sides = (comparison.one, comparison.other)
    if sides[0].subject.model.path == sides[1].subject.model.path:
        return [side.backend for side in sides]
    headers = [side.subject.model.header for side in sides]
    return [f"{header.maker.backend} after epoch {header.epoch}" for header in headers]


def _entitle(figure: Figure, inspected: InspectedWindow, more: str) -> None:
    table, window = inspected.subject.experiment.table, inspected.window
    text = f"{table.name} · {window.part} window {window.number + 1}, forecast from "
    text += f"{table.row_text(window.targets.start)} · {more}"
    figure.suptitle(text, x=0.01, ha="left", fontweight="bold")
