"""The colours of the app's theme, for pages of the course."""

from typing import Any

from textual.app import App

from lstm_forecasting.figures.looks import looks
from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.charts.drawing import Ink as ChartInk
from lstm_tui.kit.controller import controller
from lstm_tui.kit.palette import theme_colour
from lstm_tui.learn.ink import Ink


def app_ink(app: App[Any]) -> Ink:
    """The colours of the current theme."""
    found = controller(app, BackendsController).state.found
    text, primary, accent, quiet, good, bad = (
        theme_colour(app, name) for name in ("foreground", "primary", "accent", "quiet", "success", "error")
    )
    dark = app.current_theme.dark
    return Ink(
        term=f"bold {primary}",
        title=f"bold {primary}",
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
        chart=ChartInk(*(theme_colour(app, f"chart-{name}") for name in ("axis", "grid", "label"))),
    )
