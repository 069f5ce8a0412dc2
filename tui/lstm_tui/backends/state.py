"""The backends as the app knows them: which there are, how their processes are, and what checks found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_plugins.discovery import Found
    from lstm_tui.backends.warmth import Warmths


class Titles(dict[str, str]):
    """The backends' names for people, by short name; a run may know one that is not installed here."""

    def __missing__(self, name: str) -> str:
        return name


@dataclass(frozen=True)
class BackendsState:
    """What is known of the backends.

    Attributes:
        ready: the engine is imported and the backends are known.
        found: every backend that is declared, in the order of the screens.
        warmths: how far their processes are.
        verdicts: of the last cross-check of each, by short name.
    """

    ready: bool = False
    found: tuple[Found, ...] = ()
    warmths: Warmths = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> tuple[str, ...]:
        """Short names of the backends that can compute."""
        return tuple(one.name for one in self.found if one.state == "available")

    @property
    def titles(self) -> Titles:
        """The backends' names for people, by short name."""
        return Titles({one.name: one.backend.title if one.backend else one.name for one in self.found})
