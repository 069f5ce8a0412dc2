"""Private names of Textual: screens, style sheets, the footer and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from textual.widgets import Footer, Input
from textual.widgets._footer import FooterKey

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.widget import Widget

__all__ = ["CalmFooter", "CalmScreen", "FooterKey", "SteadyStylesheet", "TextInput", "is_closing"]
# Textual does not export the widget of one key.

Result = TypeVar("Result")


def is_closing(node: DOMNode) -> bool:
    """Whether a node is being removed, so that nothing may be shown on it any more.

    Textual's signals look here too. What is public, `is_running` and `is_attached`, is still true for a
    moment after `remove`, while the children of the node end.
    """
    return node._pruning or node._closing


class CalmScreen(Screen[Result]):
    """A screen that matches styles anew only for widgets that look different with the focus elsewhere.

    Textual does so for everything in the panels around the old and the new focus: for the whole form of
    settings at every step from one field to the next.
    """

    def _update_focus_styles(self, focused: Widget | None = None, blurred: Widget | None = None) -> None:
        """Does nothing if the same panels have the focus within them."""
        if focused is None or blurred is None or _focused_panels(focused) != _focused_panels(blurred):
            super()._update_focus_styles(focused, blurred)


def _focused_panels(widget: Widget) -> list[DOMNode]:
    """The nodes around a widget whose looks depend on the focus being inside."""
    return [node for node in widget.ancestors if node._has_focus_within]


class CalmFooter(Footer):
    """Textual's footer, which says whether the keys that work are known yet."""

    @property
    def keys_known(self) -> bool:
        """False before the first keys; what the footer is composed of then is not the keys of its screen."""
        return self._bindings_ready


class SteadyStylesheet(Stylesheet):
    """Style sheets that are parsed once, and again only when a theme gives them other colours.

    Textual parses all sheets four times before the first paint, and again whenever a tab is first shown, with
    the variables that it has had before; once takes a tenth of the whole start.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Takes other variables; the sheets are parsed with them when they are needed."""
        if variables != self._variables:
            super().set_variables(variables)
            self._require_parse = True

    def reparse(self) -> None:
        """Parses everything if a variable or a sheet has changed."""
        if self._require_parse:
            # Here and not in a copy, as Textual does it: what is parsed stays known when a sheet is added.
            self.parse()


class TextInput(Input):
    """Textual's Input for users who type fast, paste, or have a slow connection.

    Textual inserts a character where it arrives, but lets a key with a binding, such as Backspace, climb to
    the app and back first: in a burst what is typed after it overtakes it, and is deleted in its place.
    """

    async def _on_key(self, event: events.Key) -> None:
        """Does at once what the field's own keys do; characters are Textual's to insert."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return
