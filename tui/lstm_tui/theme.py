"""The colours of the app, and the colour and line pattern that a backend keeps on every screen.

The colours of lines are Okabe and Ito's ("Color Universal Design", 2008), which the colour-blind can tell
apart, darkened on light themes. Green, yellow and red belong to verdicts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.theme import Theme

from lstm_tui.theme_names import SHORT

Pattern = Literal["solid", "dashed", "dotted", "dash-dotted"]

DARK = Theme(
    name=SHORT["dark"],
    primary="#7FB4CA",
    secondary="#5F7A8A",
    accent="#E6C384",
    foreground="#D5DBE3",
    background="#11151C",
    surface="#171C25",
    panel="#1F2632",
    success="#7BC47F",
    warning="#E5C454",
    error="#F0716B",
    dark=True,
    variables={
        "border": "#7FB4CA",
        "border-blurred": "#303A49",
        "footer-background": "#171C25",
        "footer-key-foreground": "#E6C384",
        "footer-description-foreground": "#9AA7B6",
        "block-cursor-background": "#2C4A5C",
        "block-cursor-foreground": "#F2F6FA",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#2C4A5C",
        "chart-axis": "#566375",
        "chart-grid": "#262E3B",
        "chart-label": "#93A1B1",
        "chart-band": "#23323F",
        "quiet": "#8795A6",
    },
)
LIGHT = Theme(
    name=SHORT["light"],
    primary="#1F6583",
    secondary="#6B8797",
    accent="#8A5A00",
    foreground="#1B222B",
    background="#FAFAF8",
    surface="#F1F1EE",
    panel="#E6E7E4",
    success="#1E7A34",
    warning="#7A5B00",
    error="#B3261E",
    dark=False,
    variables={
        "border": "#1F6583",
        "border-blurred": "#C3C8CC",
        "footer-background": "#ECECE8",
        "footer-key-foreground": "#8A5A00",
        "footer-description-foreground": "#4F5B67",
        "block-cursor-background": "#BFDCE8",
        "block-cursor-foreground": "#10161D",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#BFDCE8",
        "chart-axis": "#8D979F",
        "chart-grid": "#E2E4E2",
        "chart-label": "#525E69",
        "chart-band": "#DDE8EC",
        "quiet": "#5C6873",
    },
)


OWN_VARIABLES = ("chart-axis", "chart-grid", "chart-label", "chart-band", "quiet")
"""Variables that Textual's own themes do not have."""


@dataclass(frozen=True)
class Look:
    """How the lines of one backend are drawn.

    Attributes:
        dark: colour on dark themes.
        light: the same hue on light ones, dark enough to be read there.
        pattern: of the line, for those who see no colour.
    """

    dark: str
    light: str
    pattern: Pattern

    def colour(self, dark: bool) -> str:
        """The colour for a dark or a light theme."""
        return self.dark if dark else self.light

    @property
    def sample(self) -> str:
        """Four cells of the line, for legends and tables."""
        return SAMPLES[self.pattern]


SAMPLES: dict[Pattern, str] = {"solid": "━━━━", "dashed": "╺╸╺╸", "dotted": "····", "dash-dotted": "━╸·━"}
TRUTH_SAMPLE = "▄▄▄▄"
"""The truth is a thick solid line, under the thin ones of the backends."""
_SKY_BLUE = Look("#56B4E9", "#1874A8", "solid")
_ORANGE = Look("#E69F00", "#A85F00", "dashed")
_REDDISH_PURPLE = Look("#CC79A7", "#A3397A", "dotted")
_BLUE = Look("#5B8DEF", "#00437A", "dash-dotted")
_BUILT_IN = {"numpy": _SKY_BLUE, "torch": _ORANGE, "tensorflow": _REDDISH_PURPLE}
_FURTHER = (
    _BLUE,
    Look("#F0E442", "#6E6600", "dashed"),
    Look("#B0B7C0", "#4C555E", "dotted"),
    Look("#56B4E9", "#1874A8", "dash-dotted"),
)


def in_order(names: Sequence[str]) -> list[str]:
    """The backends as every screen lists them: the built-in ones as they are known, then the others."""
    known = list(_BUILT_IN)
    return sorted(names, key=lambda name: known.index(name) if name in known else len(known))


def looks(names: Sequence[str]) -> dict[str, Look]:
    """The look of every backend: fixed for the built-in ones, by order of discovery for further ones.

    Args:
        names: all backends that are known, chosen or not, so that a choice never changes a colour.
    """
    further = [name for name in names if name not in _BUILT_IN]
    return {name: _BUILT_IN.get(name) or _FURTHER[further.index(name) % len(_FURTHER)] for name in names}
