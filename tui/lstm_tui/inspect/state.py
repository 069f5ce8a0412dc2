"""The state of the Inspect screen: the runs, what was computed for one of them, and what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from lstm_forecasting.runs.listing import RunStanding
    from lstm_tui.inspect.look import Look, View
    from lstm_tui.inspect.seeing import Seen

VIEWS: tuple[View, ...] = ("gates", "unit", "gradients", "batch", "backends", "weights")

Choice = TypeVar("Choice")


def next_of(choices: Sequence[Choice], one: object, count: int = 1) -> Choice:
    """The choice that is `count` places further on, in a circle; the first if `one` is no choice."""
    return choices[(choices.index(one) + count) % len(choices)] if one in choices else choices[0]


@dataclass(frozen=True, eq=False)
class InspectState:
    """What the screen can show.

    Attributes:
        hint: text for an empty screen.
        runs: all runs with trained weights, the latest first; None before they are listed.
        seen: the latest answer; None before the first one.
        look: which part of it is shown.
        note: title of the picture during a computation or after a failure; "" for the usual title.
    """

    hint: str = ""
    runs: tuple[RunStanding, ...] | None = None
    seen: Seen | None = None
    look: Look | None = None
    note: str = ""

    @property
    def run(self) -> str:
        """Name of the run that is shown; "" if none is."""
        return self.seen.asked.run.name if self.seen is not None else ""

    @property
    def views(self) -> list[View]:
        """The available views; comparing backends needs two of them."""
        alone = self.seen is None or self.seen.asked.other is None
        return [view for view in VIEWS if view != "backends" or not alone]
