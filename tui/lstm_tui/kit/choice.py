"""A field with one of a few values; a single widget, where Textual's Select needs eight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import OptionList

from lstm_tui.kit.dialog import Dialog

Value = TypeVar("Value")


class Choice(Widget, Generic[Value], can_focus=True):
    """Shows one of several labelled values; arrows step through them, Enter or a click lists them."""

    DEFAULT_CSS = """
    Choice {
        height: 1; width: 1fr; padding: 0 1; background: $panel;
        &:focus { background: $block-cursor-background; }
        &:hover { background: $block-cursor-background 60%; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("left", "step(-1)", "Change", show=False),
        Binding("right,space", "step(1)", "Change", show=False),
        Binding("enter", "pick", "Change", key_display="← → ⏎"),
    ]

    position = reactive(0)

    @dataclass
    class Changed(Message):
        """Posted when the user chooses another value."""

        choice: Choice[Any]
        value: object

    def __init__(self, options: Sequence[tuple[str, Value]], value: Value, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._options = list(options)
        self.set_reactive(Choice.position, self._position_of(value))

    @property
    def value(self) -> Value:
        """The selected value."""
        return self._options[self.position][1]

    def set_options(self, options: Sequence[tuple[str, Value]], value: Value) -> None:
        """Replaces the offered values without reporting a change."""
        self._options = list(options)
        self.set_value(value)
        self.refresh()

    def set_value(self, value: Value) -> None:
        """Selects a value without reporting a change."""
        self.position = self._position_of(value)

    def _position_of(self, value: Value) -> int:
        return next((index for index, option in enumerate(self._options) if option[1] == value), 0)

    def render(self) -> RenderResult:
        """Returns the label, and a sign if there are other values."""
        label = self._options[self.position][0] if self._options else ""
        room = max(1, self.content_size.width - 2)
        text = Text(label, no_wrap=True)
        text.truncate(room, overflow="ellipsis", pad=True)
        return text.append(" ▾") if len(self._options) > 1 else text

    def action_step(self, by: int) -> None:
        """Selects the next value, or the previous one."""
        if len(self._options) > 1:
            self._choose((self.position + by) % len(self._options))

    def action_pick(self) -> None:
        """Lists the values."""
        if len(self._options) > 1:
            labels = [label for label, _ in self._options]
            self.app.push_screen(ChoiceList(labels, self.position, self.region), self._picked)

    def on_click(self, event: events.Click) -> None:
        """Lists the values."""
        event.stop()
        self.action_pick()

    def _picked(self, position: int | None) -> None:
        if position is not None:
            self._choose(position)

    def _choose(self, position: int) -> None:
        if position != self.position:
            self.position = position
            self.post_message(self.Changed(self, self.value))


class ChoiceList(Dialog["int | None"]):
    """The list of values below their field; typing a letter goes to the next value that begins with it."""

    def __init__(self, labels: Sequence[str], position: int, field: Region) -> None:
        super().__init__()
        self._labels = labels
        self._position = position
        self._field = field

    def compose(self) -> ComposeResult:
        """Yields the list."""
        yield OptionList(*self._labels, markup=False)

    def on_mount(self) -> None:
        """Places the list below the field, or above it if there is no room."""
        options = self.query_one(OptionList)
        options.highlighted = self._position
        height = min(len(self._labels), 12) + 2
        below = self._field.bottom
        fits = below + height <= self.app.size.height
        options.styles.offset = (self._field.x, below if fits else max(0, self._field.y - height))
        options.styles.width = max(self._field.width, max(map(len, self._labels)) + 4)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Selects the value."""
        self.dismiss(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """Goes to the next value that begins with the typed letter."""
        options = self.query_one(OptionList)
        now = options.highlighted or 0
        order = [*range(now + 1, len(self._labels)), *range(now + 1)]
        if event.character and event.character.isalnum():
            found = (index for index in order if self._labels[index].startswith(event.character))
            options.highlighted = next(found, now)

    def on_click(self, event: events.Click) -> None:
        """Closes the list on a click beside it."""
        if event.widget is self:
            self.dismiss(None)
