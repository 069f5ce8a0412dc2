"""What the Inspect screen has: the runs there are, what was found in one, and what of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_forecasting.runs.listing import RunStanding
    from lstm_tui.inspect.look import Look, View
    from lstm_tui.inspect.seeing import Seen

VIEWS: tuple[View, ...] = ("gates", "unit", "gradients", "batch", "backends", "weights")


@dataclass(frozen=True, eq=False)
class Listing:
    """The runs in which something was trained, the last one first, as they were a moment ago."""

    runs: tuple[RunStanding, ...]


@dataclass(frozen=True, eq=False)
class InspectState:
    """What there is to be seen.

    Attributes:
        hint: what to say while there is nothing.
        listing: the runs; None before there are any.
        seen: what was found last; None before there is anything.
        look: what of it is shown.
        note: title of the picture while something is looked for, or was not found; "" for the look's own.
    """

    hint: str = ""
    listing: Listing | None = None
    seen: Seen | None = None
    look: Look | None = None
    note: str = ""

    @property
    def run(self) -> str:
        """Name of the run that is seen."""
        return self.seen.asked.run.name if self.seen is not None else ""

    @property
    def views(self) -> list[View]:
        """The views there are to go to: two backends need a second one."""
        alone = self.seen is None or self.seen.asked.other is None
        return [view for view in VIEWS if view != "backends" or not alone]
