"""The values of a step, to be changed with arrow keys or the mouse."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from lstm_plugins.options import Option
from lstm_tui.kit.palette import theme_colour
from lstm_tui.learn.reader import Reader

_LESS, _MORE = "◂", "▸"
_GAP = 3


@dataclass(frozen=True)
class _Place:
    """The place where a value is drawn: name, ◂, value, ▸."""

    change: Option
    number: int
    column: int
    row: int
    value: str

    @property
    def width(self) -> int:
        return len(self.change.name) + len(self.value) + 5

    def steps_at(self, column: int) -> int | None:
        """Effect of a click: one step less (−1) or more (1), 0 to select the value; None outside."""
        if not self.column <= column < self.column + self.width:
            return None
        less = self.column + len(self.change.name) + 1
        if less <= column <= less + 1:
            return -1
        return 1 if column >= self.column + self.width - 2 else 0


class ChangeLines(Widget):
    """All values of a step, one per line with their description, or one after the other."""

    DEFAULT_CSS = """
    ChangeLines { height: auto; width: 1fr; }
    """

    @dataclass
    class Altered(Message):
        """A click on a value, by number from 0: change it by so many steps; 0 only selects it."""

        number: int
        steps: int

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
        places = list(self._places(width))
        return max((place.row for place in places), default=0) + (2 if self._listed else 1)

    def render(self) -> RenderResult:
        """The values; the one that the arrow keys act on is highlighted."""
        if self._reader is None:
            return Text()
        lines: list[Text] = []
        for place in self._places(self.content_size.width):
            while len(lines) <= place.row + self._listed:
                lines.append(Text(no_wrap=True))
            line = lines[place.row]
            line.append(" " * (place.column - line.cell_len))
            line.append_text(self._drawn(place))
            if self._listed:
                lines[place.row + 1].append(f"  {place.change.help}", theme_colour(self.app, "quiet"))
        return Text("\n").join(lines)

    def _drawn(self, place: _Place) -> Text:
        picked = self._reader is not None and place.number == self._reader.picked
        names = ("accent", "footer-key-foreground", "block-cursor-background", "block-cursor-foreground")
        own, key, back, fore = (theme_colour(self.app, name) for name in names)
        ground = f" on {back}" if picked else ""
        changed = place.value != place.change.text(place.change.default)
        text = Text(f"{place.change.name} ", f"bold {fore}{ground}" if picked else "")
        text.append(f"{_LESS} ", f"{key}{ground}")
        style = f"bold {own}" if changed else f"bold {fore}" if picked else "bold"
        text.append(place.value, style + ground)
        text.append(f" {_MORE}", f"{key}{ground}")
        return text

    def on_click(self, event: events.Click) -> None:
        """Changes or selects the value under the pointer."""
        at = event.get_content_offset(self)
        if at is None:
            return
        for place in self._places(self.content_size.width):
            steps = place.steps_at(at.x) if place.row == at.y else None
            if steps is not None:
                self.post_message(self.Altered(place.number, steps))

    def _places(self, width: int) -> Iterator[_Place]:
        if self._reader is None:
            return
        values = self._reader.values
        column = row = 0
        for number, change in enumerate(self._reader.now.changes):
            place = _Place(change, number, column, row, change.text(values[change.name]))
            if self._listed:
                yield place
                row += 2
                continue
            if column and column + place.width > width:
                column, row = 0, row + 1
                place = _Place(change, number, column, row, place.value)
            yield place
            column += place.width + _GAP
