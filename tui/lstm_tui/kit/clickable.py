"""A line of words to click, for users who prefer the mouse to single keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.reactive import var
from textual.widget import Widget

from lstm_tui.kit.palette import theme_colour

_GAP = 2


@dataclass(frozen=True)
class Word:
    """One entry of the line.

    Attributes:
        text: to show.
        style: for Rich.
        action: what a click does, such as "screen.forward"; empty for nothing.
        key: shown before the text, if a key does the same; empty for none.
    """

    text: str
    style: str = ""
    action: str = ""
    key: str = ""

    def shown(self, key_style: str) -> Text:
        """The key and the text."""
        line = Text(no_wrap=True)
        if self.key:
            line.append(f"{self.key} ", key_style)
        return line.append(self.text, self.style)


class ClickLine(Widget):
    """Words with two spaces between them. Words for which there is no room are left out, not cut."""

    DEFAULT_CSS = """
    ClickLine { height: 1; width: 1fr; }
    """

    words: var[Sequence[Word]] = var((), init=False)

    def watch_words(self) -> None:
        """Draws the new words."""
        self.refresh()

    def render(self) -> RenderResult:
        """One line."""
        key_style = f"bold {theme_colour(self.app, 'footer-key-foreground')}"
        line = Text(no_wrap=True)
        for start, word in self._placed():
            line.append(" " * (start - line.cell_len))
            line.append_text(word.shown(key_style))
        return line

    async def on_click(self, event: events.Click) -> None:
        """Runs the action of the word under the pointer."""
        place = event.get_content_offset(self)
        if place is None:
            return
        for start, word in self._placed():
            if start <= place.x < start + word.shown("").cell_len and word.action:
                await self.run_action(word.action)

    def _placed(self) -> Iterator[tuple[int, Word]]:
        """The words that fit, and the column where each begins."""
        start = 0
        for word in self.words:
            end = start + word.shown("").cell_len
            if end > self.content_size.width:
                return
            yield start, word
            start = end + _GAP
