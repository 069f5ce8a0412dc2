"""One unit as lines over the time steps of the window."""

import numpy as np
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from lstm_forecasting.figures.looks import SAMPLES, Pattern
from lstm_forecasting.inspect.quantities import QUANTITIES, Quantity
from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, Values
from lstm_tui.inspect.widgets.picked import Picked
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.charts.picture import Picture, Rule, Sign
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import linear_limits, number_ticks, whole_ticks
from lstm_tui.kit.numbers import fixed, in_one_form
from lstm_tui.kit.palette import Palette

GATES = tuple(quantity for quantity in QUANTITIES if not quantity.signed)
STATES = tuple(quantity for quantity in QUANTITIES if quantity.signed)
_PATTERNS: dict[str, Pattern] = {
    "forget": "solid",
    "input": "dashed",
    "output": "dotted",
    "candidate": "dotted",
    "cell": "dashed",
    "hidden": "solid",
}
_INKS = {"solid": "foreground", "dashed": "primary", "dotted": "accent"}
_DECIMALS = 4
_TICK = 6
"""Columns for a number on the time axis."""


class StepChart(Chart, can_focus=False):
    """A chart over time steps; a click picks a step."""

    def __init__(self, id: str) -> None:  # noqa: A002
        # With `moves`, a click would also move the visible part.
        super().__init__(label_width=6, moves=False, id=id)

    def on_click(self, event: events.Click) -> None:
        """Picks the step under the pointer."""
        plot = self.query_one("#plot")
        column = event.screen_x - plot.content_region.x
        step, _ = self.get_coordinate_from_pixel(column, 0)
        if self.picture is not None and self.picture.x[0] <= step < self.picture.x[1]:
            self.post_message(Picked(round(step) - 1, None))


class UnitLines(Vertical):
    """The target, the gates, and the candidate with the states."""

    DEFAULT_CSS = """
    UnitLines { height: 1fr; width: 1fr; }
    UnitLines #target-lines { height: 1fr; }
    UnitLines #gate-lines, UnitLines #state-lines { height: 2fr; }
    """

    def compose(self) -> ComposeResult:
        """Three charts over one time axis."""
        yield StepChart("target-lines")
        yield StepChart("gate-lines")
        yield StepChart("state-lines")

    def show(
        self, inspected: InspectedWindow, layer: InspectedLayer, unit: int, step: int, palette: Palette
    ) -> None:
        """Shows a unit, with the cursor at a step."""
        pictures = {
            "target-lines": target_picture(inspected, step, palette),
            "gate-lines": unit_picture(GATES, layer, unit, step, palette),
            "state-lines": unit_picture(STATES, layer, unit, step, palette),
        }
        for name, picture in pictures.items():
            self.query_one(f"#{name}", StepChart).show(picture)


def target_picture(inspected: InspectedWindow, step: int, palette: Palette) -> Picture:
    """The first target along the window, in the series' units."""
    series = inspected.target_by_step(0)
    name = inspected.subject.experiment.table.targets[0]
    legend = Text(f"{SAMPLES['solid']} ", palette.truth)
    legend.append(f"{name} {in_one_form([float(series[step])])[0]}", f"bold {palette.truth}")
    line = Line(_steps(series), series, palette.truth)
    return _picture((line,), legend, linear_limits(series.tolist()), step, palette)


def unit_picture(
    quantities: tuple[Quantity, ...], layer: InspectedLayer, unit: int, step: int, palette: Palette
) -> Picture:
    """The `GATES` of a unit, from 0 to 1, or its candidate and `STATES`."""
    lines, legend, reached = [], Text(), [0.0]
    for quantity in quantities:
        values, pattern = getattr(layer, quantity.name)[:, unit], _PATTERNS[quantity.name]
        colour = palette.named(_INKS[pattern])
        lines.append(Line(_steps(values), values, colour, pattern, layer=1))
        legend.append(f"{SAMPLES[pattern]} ", colour)
        legend.append(f"{quantity.symbol} {fixed(float(values[step]), _DECIMALS)}  ", f"bold {palette.truth}")
        reached += values.tolist()
    limits = (0.0, 1.0) if quantities is GATES else linear_limits(reached)
    if limits[0] < 0.0:
        ends = np.array([0.5, layer.steps + 0.5])
        lines.insert(0, Line(ends, np.zeros(2), palette.label))
    return _picture(tuple(lines), legend, limits, step, palette)


def _picture(
    lines: tuple[Line, ...], legend: Text, limits: tuple[float, float], step: int, palette: Palette
) -> Picture:
    accent = palette.named("accent")
    *_, last = lines
    return Picture(
        x=(0.5, len(last.x) + 0.5),
        y=limits,
        lines=lines,
        legend=legend,
        x_ticks=lambda left, right, columns: whole_ticks(left, right, columns // _TICK),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(2, rows // 2)),
        rules=(Rule(step + 1.0),),
        signs=tuple(
            Sign(step + 1.0, float(line.y[step]), "●", accent) for line in lines if len(line.y) == len(last.y)
        ),
    )


def _steps(values: Values) -> Values:
    return np.arange(1.0, len(values) + 1.0)
