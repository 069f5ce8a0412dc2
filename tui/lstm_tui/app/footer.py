"""The last line of every tab: the keys that work right now."""

from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from lstm_tui.kit.room import WIDE
from lstm_tui.kit.textual_internals.screens import CalmFooter, FooterKey

HELP = "keys"
"""The action that shows all keys."""


class KeyLine(CalmFooter):
    """Textual's footer, made anew only when it shows something else.

    Textual makes it anew twice whenever the user goes to another tab: a widget for each key, most of the time
    that such a step takes. Where there is no room for all keys the one for help has a place of its own at the
    right, since it tells the others.
    """

    _shown: object = None
    _narrow = False

    def compose(self) -> ComposeResult:
        """As in Textual where there is room."""
        if self.keys_known:
            self._shown = self._keys()
        self._narrow = self.app.size.width < WIDE
        self.set_reactive(Footer.show_command_palette, not self._narrow)
        for key in super().compose():
            if self._narrow and isinstance(key, FooterKey) and key.action == HELP:
                key.add_class("-command-palette")
            yield key

    def on_resize(self) -> None:
        """There may be room for all keys now, or no longer."""
        if self._narrow != (self.app.size.width < WIDE):
            self.refresh(recompose=True)

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Looks whether other keys work now."""
        if self._shown is None or self._keys() != self._shown:
            super().bindings_changed(screen)

    def _keys(self) -> list[tuple[object, ...]]:
        return [
            (binding, enabled, tooltip, self.app.get_key_display(binding))
            for _, binding, enabled, tooltip in self.screen.active_bindings.values()
            if binding.show
        ]
