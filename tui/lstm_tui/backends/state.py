"""The state of the backends: which are installed, their processes, and their last cross-checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_plugins.discovery import Found
    from lstm_tui.backends.warmth import Warmths


class Titles(dict[str, str]):
    """Titles of backends by short name; a backend that is not installed here has its short name."""

    def __missing__(self, name: str) -> str:
        return name


@dataclass(frozen=True)
class BackendsState:
    """The state of all backends.

    Attributes:
        ready: whether the engine is imported and the backends are known.
        found: every declared backend, in the order of the screens.
        warmths: state of their processes.
        verdicts: of the last cross-check of each, by short name.
    """

    ready: bool = False
    found: tuple[Found, ...] = ()
    warmths: Warmths = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> tuple[str, ...]:
        """Short names of the backends that can run."""
        return tuple(one.name for one in self.found if one.state == "available")

    @property
    def titles(self) -> Titles:
        """Titles of the backends by short name."""
        return Titles({one.name: one.backend.title if one.backend else one.name for one in self.found})
