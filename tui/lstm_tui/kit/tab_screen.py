"""The base class of all screens with a tab."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from lstm_tui.kit.actions import Action
from lstm_tui.kit.textual_internals.screens import CalmScreen

if TYPE_CHECKING:
    from lstm_tui.kit.copying import CopyTable

WIDE = 120
"""Columns from which a terminal counts as wide: room for side panels and for the keys of every tab."""


class TabScreen(CalmScreen[None]):
    """A screen with the app's header and tabs above its content and the footer below.

    It has the class `-narrow` below 120 columns, else `-wide`; and `-low` below 34 rows, else `-high`.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012
    AUTO_FOCUS = ""
    ACTIONS: ClassVar[tuple[Action, ...]]
    """The actions of the tab."""
    PARTS: ClassVar[tuple[str, ...]] = ()
    """Modules that the screen needs only later; the app imports them in advance."""

    def __init__(self, above: Sequence[Widget] = (), below: Sequence[Widget] = ()) -> None:
        super().__init__()
        self._above, self._below = above, below
        self._usable: object = None

    @property
    def place(self) -> str:
        """The title of the tab, which is the place of its actions."""
        return self.ACTIONS[0].place

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keeps the styles, which Textual would match again for every widget of the tab.

        They are up to date: a hidden screen gets the colours of a new theme when the app switches to it.
        """
        event.refresh_styles = False

    def compose(self) -> ComposeResult:
        """The header and tabs, the content, and the footer."""
        yield from self._above
        yield from self.compose_content()
        yield from self._below

    @abstractmethod
    def compose_content(self) -> ComposeResult:
        """The widgets between tabs and footer."""

    def show_keys(self) -> None:
        """Rebuilds the footer, which takes a while, if other keys work now."""
        usable = [self.check_action(action.base, action.parameters) for action in self.ACTIONS]
        if usable != self._usable:
            self._usable = usable
            self.refresh_bindings()

    def tables(self) -> Sequence[CopyTable]:
        """The tables of this screen that can be copied now, with all their digits."""
        return ()
