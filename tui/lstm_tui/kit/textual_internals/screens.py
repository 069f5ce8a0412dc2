"""Private names of Textual: screens and style sheets."""

from typing import TypeVar

from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")


def is_closing(node: DOMNode) -> bool:
    """Whether a node is being removed, so that nothing may be shown on it any more.

    The public `is_running` and `is_attached` are still true for a moment after `remove`, while the children
    of the node are removed. Textual's own signals use these private names too.
    """
    return node._pruning or node._closing


class CalmScreen(Screen[Result]):
    """A screen that does less work for the same picture.

    After a change of focus it updates styles only if a panel gained or lost the focus. Textual updates
    everything in the panels around the old and the new focus, which is the whole form of settings at every
    step from one field to the next.

    While updates are put off, it is not drawn. Textual draws it and throws the result away, which is most of
    the work before the first paint.
    """

    def _compositor_refresh(self) -> None:
        """Draws what has changed, now or when updates are no longer put off."""
        if self.app._batch_count:
            self.refresh()
        else:
            super()._compositor_refresh()

    def _update_focus_styles(self, focused: Widget | None = None, blurred: Widget | None = None) -> None:
        """Does nothing if the focus stays inside the same panels."""
        if focused is None or blurred is None or _focused_panels(focused) != _focused_panels(blurred):
            super()._update_focus_styles(focused, blurred)


def _focused_panels(widget: Widget) -> list[DOMNode]:
    """The nodes around a widget whose style depends on having the focus inside."""
    return [node for node in widget.ancestors if node._has_focus_within]


class SteadyStylesheet(Stylesheet):
    """Style sheets that are parsed once, and again only for a theme with other colours.

    Textual parses all sheets four times before the first paint, and again when a tab is shown for the first
    time, each time with the same variables. Parsing them once takes a tenth of the whole start.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Sets the variables; if they differ, the sheets are parsed again before their next use."""
        if variables != self._variables:
            super().set_variables(variables)
            self._require_parse = True

    def reparse(self) -> None:
        """Parses everything if a variable or a sheet has changed."""
        if self._require_parse:
            # Textual parses a copy; here the parsed rules are still known when a sheet is added.
            self.parse()
