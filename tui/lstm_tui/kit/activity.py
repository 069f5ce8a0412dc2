"""What the app is busy with: one record that every feature may read, and that those who work keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lstm_tui.kit.controller import Controller

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True)
class Activity:
    """What is under way.

    Attributes:
        status: one line for the header.
        here: kinds of work of this program that leave no room for more, such as "training".
        elsewhere: kinds of work of another program that are shown live.
    """

    status: str = ""
    here: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    @property
    def busy(self) -> bool:
        """Whether a training or a cross-check is under way; two would slow each other down."""
        return bool(self.here)

    @property
    def stoppable(self) -> bool:
        """Whether anything is under way, here or in another program that is watched."""
        return bool(self.here or self.elsewhere)


class ActivityController(Controller[Activity]):
    """Keeps what the features report."""

    def __init__(self, app: App[Any]) -> None:
        super().__init__(app, Activity())

    def tell(self, status: str) -> None:
        """Puts another line into the header."""
        self.publish(replace(self.state, status=status))

    def note(self, work: str, *, running: bool, elsewhere: bool = False) -> None:
        """Notes whether a kind of work is under way, here or in another program."""
        kind = frozenset({work})
        self.publish(
            replace(
                self.state,
                here=self.state.here - kind | (kind if running and not elsewhere else frozenset()),
                elsewhere=self.state.elsewhere - kind | (kind if running and elsewhere else frozenset()),
            )
        )
