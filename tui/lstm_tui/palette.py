"""The colours of the theme that is on, for what is drawn rather than styled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.color import Color, ColorParseError

from lstm_tui.theme import Look, looks

if TYPE_CHECKING:
    from textual.app import App


class Palette:
    """Colours as "#rrggbb".

    Args:
        app: whose theme.
        backends: all that are known, in their order.
    """

    def __init__(self, app: App[Any], backends: Sequence[str]) -> None:
        variables = app.theme_variables
        self.dark = app.current_theme.dark
        self.background = _hex(variables["background"], "#000000" if self.dark else "#ffffff")
        self.truth = _hex(variables["foreground"], "#ffffff" if self.dark else "#000000")
        self.label = _hex(variables["chart-label"], self.truth)
        self.quiet = _hex(variables["quiet"], self.truth)
        self.band = variables["chart-band"]
        self._looks = looks(backends)

    def look(self, backend: str) -> Look:
        """How a backend's lines are drawn."""
        return self._looks[backend]

    def line(self, backend: str) -> str:
        """The colour of a backend's lines."""
        return self._looks[backend].colour(self.dark)

    def pale(self, colour: str) -> str:
        """The colour half way to the background."""
        return Color.parse(colour).blend(Color.parse(self.background), 0.5).hex


def _hex(value: str, otherwise: str) -> str:
    """The colour, or `otherwise` where the theme leaves it to the terminal."""
    try:
        colour = Color.parse(value)
    except ColorParseError:
        return otherwise
    return otherwise if colour.ansi is not None else Color(*colour.rgb).hex
