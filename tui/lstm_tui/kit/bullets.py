"""A list of sentences, each with a bullet."""

import textwrap
from collections.abc import Sequence

from textual import events
from textual.widgets import Static

_NARROWEST, _WIDE = 8, 1000


class Bullets(Static):
    """Indents the further lines of a sentence, and keeps its first word beside the bullet."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__("", id=id, markup=False)
        self.sentences: tuple[str, ...] = ()

    def show(self, sentences: Sequence[str]) -> None:
        """Replaces the sentences."""
        self.sentences = tuple(sentences)
        self._wrap(self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Wraps the sentences to the new width."""
        self._wrap(event.size.width)

    def _wrap(self, width: int) -> None:
        # Before the first layout there is no width.
        room = max(width, _NARROWEST) if width else _WIDE
        wrapped = (
            textwrap.fill(one, room, initial_indent="· ", subsequent_indent="  ") for one in self.sentences
        )
        self.update("\n".join(wrapped))
