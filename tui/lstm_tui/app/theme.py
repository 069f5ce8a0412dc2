"""The colours of the app. Green, yellow and red are reserved for verdicts."""

from typing import Any

from textual.theme import Theme

from lstm_tui.kit.theme_names import SHORT

_COLOURS = {
    "primary": ("#7FB4CA", "#1F6583"),
    "secondary": ("#5F7A8A", "#6B8797"),
    "accent": ("#E6C384", "#8A5A00"),
    "foreground": ("#D5DBE3", "#1B222B"),
    "background": ("#11151C", "#FAFAF8"),
    "surface": ("#171C25", "#F1F1EE"),
    "panel": ("#1F2632", "#E6E7E4"),
    "success": ("#7BC47F", "#1E7A34"),
    "warning": ("#E5C454", "#7A5B00"),
    "error": ("#F0716B", "#B3261E"),
}
"""The colours of the dark and of the light theme."""
_VARIABLES = {
    "border": ("#7FB4CA", "#1F6583"),
    "border-blurred": ("#303A49", "#C3C8CC"),
    "footer-background": ("#171C25", "#ECECE8"),
    "footer-key-foreground": ("#E6C384", "#8A5A00"),
    "footer-description-foreground": ("#9AA7B6", "#4F5B67"),
    "block-cursor-background": ("#2C4A5C", "#BFDCE8"),
    "block-cursor-foreground": ("#F2F6FA", "#10161D"),
    "input-selection-background": ("#2C4A5C", "#BFDCE8"),
    "chart-axis": ("#566375", "#8D979F"),
    "chart-grid": ("#262E3B", "#E2E4E2"),
    "chart-label": ("#93A1B1", "#525E69"),
    "chart-band": ("#23323F", "#DDE8EC"),
    "chart-band-narrow": ("#33506A", "#BDD6E1"),
    "quiet": ("#8795A6", "#5C6873"),
}
OWN_VARIABLES = ("chart-axis", "chart-grid", "chart-label", "chart-band", "chart-band-narrow", "quiet")
"""Variables that Textual's own themes do not have."""


def _theme(short: str, *, dark: bool) -> Theme:
    own = 0 if dark else 1
    colours: dict[str, Any] = {name: pair[own] for name, pair in _COLOURS.items()}
    variables = {name: pair[own] for name, pair in _VARIABLES.items()}
    variables["block-cursor-text-style"] = "bold"
    return Theme(SHORT[short], dark=dark, variables=variables, **colours)


DARK, LIGHT = _theme("dark", dark=True), _theme("light", dark=False)
