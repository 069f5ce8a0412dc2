"""A line of words to click, for users who prefer the mouse to single keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.app import RenderResult
from textual.reactive import Reactive, reactive
from textual.widget import Widget

from lstm_tui.kit.palette import theme_colour

_GAP = "  "


@dataclass(frozen=True)
class Word:
    """One entry of the line.

    Attributes:
        text: to show.
        style: for Rich.
        action: of a click, such as "screen.forward"; empty for none.
        key: shown before the text, if a key does the same; empty for none.
    """

    text: str
    style: str = ""
    action: str = ""
    key: str = ""


def clickable(text: Text, action: str) -> Text:
    """Makes a text run an action when it is clicked; its widget needs `auto_links = Reactive(False)`."""
    text.apply_meta({"@click": action})
    return text


class ClickLine(Widget):
    """Words with two spaces between them; words that do not fit are left out."""

    DEFAULT_CSS = """
    ClickLine { height: 1; width: 1fr; }
    """

    auto_links = Reactive(False)
    words: reactive[Sequence[Word]] = reactive((), init=False)

    def render(self) -> RenderResult:
        """One line."""
        key_style = f"bold {theme_colour(self.app, 'footer-key-foreground')}"
        line = Text(no_wrap=True)
        for word in self.words:
            shown = Text.assemble((f"{word.key} ", key_style) if word.key else "", (word.text, word.style))
            gap = _GAP if line else ""
            if line.cell_len + len(gap) + shown.cell_len > self.content_size.width:
                break
            line.append(gap)
            line.append_text(clickable(shown, word.action) if word.action else shown)
        return line
