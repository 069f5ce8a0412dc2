"""Handles what is typed key by key, however fast it arrives."""

from collections import deque
from collections.abc import Sequence
from time import monotonic
from typing import TypeVar

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

Result = TypeVar("Result")

PATIENCE = 20.0
"""Seconds after which a key no longer delays the next ones."""


class KeysInTurn(App[Result]):
    """An app that handles a key completely before it looks at the next one.

    Textual sends a key to the widget with the focus, and from there up to the app, which looks for a binding.
    The keys typed meanwhile go to the same widget. So, if many arrive at once, the letters typed after a key
    that opens a dialog never reach it but run actions of the screen behind it, and letters typed after
    Backspace are deleted in place of those before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._last_began: float | None = None
        """When the key that is being handled began; None if none is."""

    @property
    def handles_keys(self) -> bool:
        """Whether a key is being handled; others may be waiting."""
        return self._last_began is not None

    async def on_event(self, event: events.Event) -> None:
        """Handles a key now, or when those before it have been handled."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        if self._last_began is None or monotonic() > self._last_began + PATIENCE:
            await self._handle_next()

    async def _handle_next(self) -> None:
        if not self._typed:
            self._last_began = None
            return
        self._last_began = monotonic()
        target = self.focused or self.screen
        await super().on_event(self._typed.popleft())
        self._pass_on([node for node in target.ancestors_with_self if isinstance(node, MessagePump)])

    def _pass_on(self, nodes: Sequence[MessagePump]) -> None:
        """Follows the key upwards: a node calls back after everything that it has received before."""
        for place, node in enumerate(nodes):
            if node.call_later(self._pass_on, nodes[place + 1 :]):
                return
        self._await_screen()

    def _await_screen(self) -> None:
        """Waits until the screen, which may be new, is mounted and has set the focus."""
        screen = self.screen
        screen.call_later(self.call_later, self._awaited, screen)

    async def _awaited(self, screen: MessagePump) -> None:
        if self.screen is screen:
            await self._handle_next()
        else:
            self._await_screen()
