"""The last line of every tab: the keys that work right now."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer


class KeyLine(Footer):
    """Textual's footer, made anew only when it shows something else.

    Textual makes it anew twice whenever the user goes to another tab: a widget for each key, most of the time
    that such a step takes.
    """

    _shown: object = None

    def compose(self) -> ComposeResult:
        """As in Textual."""
        if self._bindings_ready:
            self._shown = self._keys()
        yield from super().compose()

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
