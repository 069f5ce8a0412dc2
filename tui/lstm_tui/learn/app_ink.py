"""The colours of the app's theme for pages of the course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_forecasting.figures.looks import looks
from lstm_tui.kit.charts.drawing import Ink as ChartInk
from lstm_tui.kit.palette import theme_colour
from lstm_tui.learn.ink import Ink

if TYPE_CHECKING:
    from lstm_tui.app.workbench import Workbench


def app_ink(app: Workbench) -> Ink:
    """The colours of the theme that is on."""
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
        looks=looks([found.name for found in app.found]),
        dark=dark,
        chart=ChartInk(*(theme_colour(app, f"chart-{name}") for name in ("axis", "grid", "label"))),
    )
