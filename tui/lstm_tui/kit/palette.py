"""The colours of the current theme, for drawings without style sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.color import Color, ColorParseError

from lstm_forecasting.figures.looks import Look, looks

if TYPE_CHECKING:
    from textual.app import App


def theme_colour(app: App[Any], name: str) -> str:
    """A colour of the current theme as "#rrggbb".

    Where the theme uses the terminal's own colour or a transparent one, this is black or white.
    """
    behind = "background" in name
    otherwise = "#000000" if behind == app.current_theme.dark else "#ffffff"
    try:
        colour = Color.parse(app.theme_variables[name])
    except ColorParseError:
        return otherwise
    left_open = colour.ansi is not None or colour.auto
    return otherwise if left_open else Color(*colour.rgb).hex


class Palette:
    """Colours of the theme as "#rrggbb"; `backends` are the short names of all backends in display order."""

    def __init__(self, app: App[Any], backends: Sequence[str]) -> None:
        self._app = app
        self.dark = app.current_theme.dark
        self.coloured = not app.no_color
        self.background = theme_colour(app, "background")
        self.truth = theme_colour(app, "foreground")
        self.label = theme_colour(app, "chart-label")
        self.quiet = theme_colour(app, "quiet")
        self.band = theme_colour(app, "chart-band")
        self._looks = looks(backends)

    def named(self, name: str) -> str:
        """Another colour of the theme, such as "error"."""
        return theme_colour(self._app, name)

    def look(self, backend: str) -> Look:
        """The colour and pattern of a backend's lines."""
        return self._looks[backend]

    def line(self, backend: str) -> str:
        """The colour of a backend's lines."""
        return self._looks[backend].colour(self.dark)

    def interval(self, number: int, count: int) -> str:
        """The shade of an interval, of `count` that contain each other; number 0 is the widest and palest."""
        narrowest = Color.parse(self.named("chart-band-narrow"))
        return Color.parse(self.band).blend(narrowest, number / max(count - 1, 1)).hex

    def pale(self, colour: str) -> str:
        """A colour mixed half and half with the background."""
        return Color.parse(colour).blend(Color.parse(self.background), 0.5).hex
