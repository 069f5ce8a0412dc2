"""The values of a step, to be changed with arrow keys or the mouse."""

from rich.text import Text
from textual.app import RenderResult
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget

from lstm_tui.kit.clickable import clickable
from lstm_tui.kit.palette import theme_colour
from lstm_tui.learn.reader import Reader

_GAP = "   "


class ChangeLines(Widget):
    """All values of a step, one per line with their description, or one after the other."""

    DEFAULT_CSS = """
    ChangeLines { height: auto; width: 1fr; }
    """

    auto_links = Reactive(False)

    def __init__(self) -> None:
        super().__init__()
        self._reader: Reader | None = None
        self._listed = False

    def show(self, reader: Reader, *, listed: bool) -> None:
        """Shows the values of the current step; `listed` gives each its own line and a description."""
        before, self._reader, self._listed = self._reader, reader, listed
        self.display = bool(reader.now.changes)
        same = before is not None and len(before.now.changes) == len(reader.now.changes)
        self.refresh(layout=not same or not listed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Number of lines."""
        return max(1, len(self._lines(width)))

    def render(self) -> RenderResult:
        """The values; the one that the arrow keys act on is highlighted."""
        return Text("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Text]:
        lines: list[Text] = []
        if self._reader is None:
            return lines
        for number, change in enumerate(self._reader.now.changes):
            shown = self._drawn(self._reader, number)
            if self._listed:
                lines += [shown, Text(f"  {change.help}", theme_colour(self.app, "quiet"), no_wrap=True)]
            elif lines and lines[-1].cell_len + len(_GAP) + shown.cell_len <= width:
                lines[-1].append(_GAP).append_text(shown)
            else:
                lines.append(shown)
        return lines

    def _drawn(self, reader: Reader, number: int) -> Text:
        """The name, ◂, the value and ▸; a click selects the value, decreases or increases it."""
        change = reader.now.changes[number]
        value, picked = change.text(reader.values[change.name]), number == reader.picked
        names = ("accent", "footer-key-foreground", "block-cursor-background", "block-cursor-foreground")
        own, key, back, fore = (theme_colour(self.app, name) for name in names)
        ground = f" on {back}" if picked else ""
        changed = value != change.text(change.default)
        style = f"bold {own}" if changed else f"bold {fore}" if picked else "bold"
        parts = (
            (f"{change.name} ", f"bold {fore}{ground}" if picked else "", 0),
            ("◂ ", f"{key}{ground}", -1),
            (value, style + ground, 0),
            (" ▸", f"{key}{ground}", 1),
        )
        texts = (clickable(Text(text, look), f"screen.change({number}, {by})") for text, look, by in parts)
        return Text(no_wrap=True).join(texts)
