"""A field for text that takes keys in the order in which they come."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class TextInput(Input):
    """Textual's Input for those who type fast, paste, or sit at the end of a slow line.

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
