"""The frame that all screens with a tab have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from lstm_tui.app.actions import TABS
from lstm_tui.app.footer import KeyLine
from lstm_tui.app.header import Header, TabLine
from lstm_tui.kit.room import WIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_tui.app.workbench import Workbench
    from lstm_tui.kit.copying import CopyTable


class TabScreen(Screen[None]):
    """A screen with header, tabs and footer; subclasses give the content.

    Below 120 columns it has the class `-narrow`, from there on `-wide`; below 34 rows `-low`, else `-high`.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012
    AUTO_FOCUS = ""
    TAB: ClassVar[str]

    @property
    def place(self) -> str:
        """The title of the tab, which is the place of this screen's actions."""
        return next(tab.title for tab in TABS if tab.name == self.TAB)

    @property
    def workbench(self) -> Workbench:
        """The app, in its own type."""
        return cast("Workbench", self.app)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keeps the styles, which Textual would match anew for every widget of the tab.

        They are right: other colours reach a screen that is not shown when the app changes to it.
        """
        event.refresh_styles = False

    def _update_focus_styles(self, focused: Widget | None = None, blurred: Widget | None = None) -> None:
        """Leaves alone what has the focus within it as before.

        Textual matches the styles of all that is in a panel anew, the whole form at every step to a field.
        """
        if focused is None or blurred is None or _showing_focus(focused) != _showing_focus(blurred):
            super()._update_focus_styles(focused, blurred)

    def compose(self) -> ComposeResult:
        """Header, tabs, content, footer."""
        yield Header()
        yield TabLine(self.TAB)
        yield from self.compose_content()
        yield KeyLine()

    @abstractmethod
    def compose_content(self) -> ComposeResult:
        """What is between tabs and footer."""

    def tables(self) -> Sequence[CopyTable]:
        """What can be copied now: the tables of this screen, with all their digits."""
        return ()


def _showing_focus(widget: Widget) -> list[DOMNode]:
    """What looks otherwise while the focus is on this widget, without the widget's own looks."""
    return [node for node in widget.ancestors if node._has_focus_within]
