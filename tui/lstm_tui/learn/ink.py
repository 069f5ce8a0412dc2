"""The colours of pages of the course."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual.app import App

from lstm_course.figures import Role, Stroke
from lstm_forecasting.figures.looks import Look, looks
from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.charts.chart import chart_ink
from lstm_tui.kit.charts.drawing import Ink as ChartInk
from lstm_tui.kit.controller import controller
from lstm_tui.kit.palette import theme_colour


@dataclass(frozen=True)
class Ink:
    """Rich styles of a page.

    Attributes:
        term: highlighted terms in a text, and titles.
        roles: cells, by role.
        strokes: lines, by stroke.
        looks: backends, by short name.
        dark: whether the background is dark.
        chart: axes and labels.
    """

    term: str
    roles: Mapping[Role, str]
    strokes: Mapping[Stroke, str]
    looks: Mapping[str, Look]
    dark: bool
    chart: ChartInk

    def line(self, stroke: Stroke, backend: str) -> str:
        """The colour of a line."""
        if backend in self.looks:
            return self.looks[backend].colour(self.dark)
        return self.strokes[stroke]


def terminal_ink(backends: Mapping[str, Look]) -> Ink:
    """The terminal's own colours, for any background."""
    return Ink(
        term="bold",
        roles={
            "plain": "",
            "strong": "bold",
            "changed": "yellow",
            "quiet": "dim",
            "good": "green",
            "bad": "red",
            "input": "cyan",
            "target": "bold yellow",
        },
        strokes={"truth": "default", "forecast": "cyan", "other": "yellow", "mark": "bright_black"},
        looks=backends,
        dark=True,
        chart=ChartInk("bright_black", "bright_black", "default"),
    )


def app_ink(app: App[Any]) -> Ink:
    """The colours of the current theme."""
    found = controller(app, BackendsController).state.found
    text, primary, accent, quiet, good, bad = (
        theme_colour(app, name) for name in ("foreground", "primary", "accent", "quiet", "success", "error")
    )
    dark = app.current_theme.dark
    return Ink(
        term=f"bold {primary}",
        roles={
            "plain": "",
            "strong": "bold",
            "changed": accent,
            "quiet": quiet,
            "good": good,
            "bad": bad,
            "input": primary,
            "target": f"bold {accent}",
        },
        strokes={"truth": text, "forecast": primary, "other": accent, "mark": quiet},
        looks=looks([one.name for one in found]),
        dark=dark,
        chart=chart_ink(app),
    )
