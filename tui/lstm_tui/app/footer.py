"""The last line of every tab: the keys that work now."""

from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from lstm_tui.kit.tab_screen import WIDE
from lstm_tui.kit.textual_internals.screens import CalmFooter, FooterKey

HELP = "keys"
"""The action that shows all keys."""


class KeyLine(CalmFooter):
    """Textual's footer, rebuilt only if its keys have changed.

    Textual rebuilds it twice whenever the user goes to another tab, one widget for each key, which takes most
    of the time of such a step. In a narrow terminal the key for help is always visible on the right.
    """

    _shown: object = None
    _narrow = False

    def compose(self) -> ComposeResult:
        """The keys; in a narrow terminal, the key for help is on the right."""
        if self.keys_known:
            self._shown = self._keys()
        self._narrow = self.app.size.width < WIDE
        self.set_reactive(Footer.show_command_palette, not self._narrow)
        for key in super().compose():
            if self._narrow and isinstance(key, FooterKey) and key.action == HELP:
                key.add_class("-command-palette")
            yield key

    def on_resize(self) -> None:
        """Adapts to the new width."""
        if self._narrow != (self.app.size.width < WIDE):
            self.refresh(recompose=True)

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Rebuilds the footer if other keys work now."""
        if self._shown is None or self._keys() != self._shown:
            super().bindings_changed(screen)

    def _keys(self) -> list[tuple[object, ...]]:
        return [
            (binding, enabled, tooltip, self.app.get_key_display(binding))
            for _, binding, enabled, tooltip in self.screen.active_bindings.values()
            if binding.show
        ]
