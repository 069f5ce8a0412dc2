"""The colour and line pattern of each backend, the same on screens and in print.

The colours are those of Okabe and Ito ("Color Universal Design", 2008), which colour-blind people can tell
apart, and darker ones for light backgrounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Pattern = Literal["solid", "dashed", "dotted", "dash-dotted"]


@dataclass(frozen=True)
class Look:
    """The lines of one backend: the colours on `dark` and `light` backgrounds, and the pattern."""

    dark: str
    light: str
    pattern: Pattern

    def colour(self, dark: bool) -> str:
        """The colour for a dark or a light background."""
        return self.dark if dark else self.light

    @property
    def sample(self) -> str:
        """The line in four cells, for legends and tables."""
        return SAMPLES[self.pattern]


SAMPLES: dict[Pattern, str] = {"solid": "━━━━", "dashed": "╺╸╺╸", "dotted": "····", "dash-dotted": "━╸·━"}
TRUTH_SAMPLE = "▄▄▄▄"
"""The truth is a thick solid line behind the thin lines of the backends."""
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
    """Backends in the order of all screens: built-in ones first."""
    known = list(_BUILT_IN)
    return sorted(names, key=lambda name: known.index(name) if name in known else len(known))


def looks(names: Sequence[str]) -> dict[str, Look]:
    """The look of every backend: fixed for built-in ones, by order of discovery for others.

    Pass all backends, selected or not, so that a selection never changes a colour.
    """
    further = [name for name in names if name not in _BUILT_IN]
    return {name: _BUILT_IN.get(name) or _FURTHER[further.index(name) % len(_FURTHER)] for name in names}
