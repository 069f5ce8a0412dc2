"""The activity of the app. Features that work update it; every feature may read it."""

from dataclasses import dataclass, replace
from typing import Any

from textual.app import App

from lstm_tui.kit.controller import Controller


@dataclass(frozen=True)
class Activity:
    """The work that is running.

    Attributes:
        status: text for the header.
        here: kinds of work that this program does now, such as "training".
        elsewhere: kinds of work of another program that this one shows live.
    """

    status: str = ""
    here: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    @property
    def busy(self) -> bool:
        """Whether a training or a cross-check is running; two at once would slow each other down."""
        return bool(self.here)

    @property
    def stoppable(self) -> bool:
        """Whether anything is running, here or in another program."""
        return bool(self.here or self.elsewhere)


class ActivityController(Controller[Activity]):
    """Collects what the features report."""

    def __init__(self, app: App[Any]) -> None:
        super().__init__(app, Activity())

    def tell(self, status: str) -> None:
        """Shows a status in the header."""
        self.publish(replace(self.state, status=status))

    def note(self, work: str, *, running: bool, elsewhere: bool = False) -> None:
        """Notes whether a kind of work is running, here or in another program."""
        kind = frozenset({work})
        self.publish(
            replace(
                self.state,
                here=self.state.here - kind | (kind if running and not elsewhere else frozenset()),
                elsewhere=self.state.elsewhere - kind | (kind if running and elsewhere else frozenset()),
            )
        )
