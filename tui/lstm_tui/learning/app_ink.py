"""The colours of the app's theme for pages of the course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_forecasting.looks import looks
from lstm_tui.charts.drawing import Ink as ChartInk
from lstm_tui.learning.ink import Ink
from lstm_tui.palette import theme_colour

if TYPE_CHECKING:
    from lstm_tui.workbench.workbench import Workbench


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
