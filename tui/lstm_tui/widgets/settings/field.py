"""One setting of a forecaster as a line of a form, with its error under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Switch

from lstm_plugins import ConfigError, Setting

DATA_MARK = "◆ data"
OWN_MARK = "✎ yours"


class SettingField(Vertical):
    """The name, the control and the mark of one setting: where its value comes from.

    A value that cannot be used stays in the control and its error stands under it.
    """

    DEFAULT_CSS = """
    SettingField {
        height: auto;
        & > Horizontal { height: 1; }
        .name { width: 16; color: $foreground; text-wrap: nowrap; }
        .mark { width: 8; padding-left: 1; color: $quiet; text-wrap: nowrap; }
        .mark.-own { color: $accent; }
        .problem { display: none; color: $error; padding-left: 2; height: auto; width: 1fr; }
        &.-wrong .problem { display: block; }
        &.-wrong .name { color: $error; }
        &.-unused .name { color: $quiet; text-style: dim; }
        Input, Select { width: 1fr; height: 1; }
        Input { background: $panel; }
        Input.-textual-compact { padding: 0 1; }
        Input:focus { background: $block-cursor-background; background-tint: transparent; }
        Input:disabled, Select:disabled { opacity: 50%; }
        Select.-textual-compact > SelectCurrent { background: $panel; padding: 0 1; }
        Select:focus > SelectCurrent {
            background: $block-cursor-background; background-tint: transparent;
        }
        Switch { border: none; padding: 0; height: 1; background: transparent; }
        Switch .switch--slider { color: $quiet; background: $panel; }
        Switch.-on .switch--slider { color: $primary; background: $panel; }
        Switch:focus { border: none; background: $block-cursor-background; }
        .switch-room { width: 1fr; height: 1; }
    }
    """

    @dataclass
    class Changed(Message):
        """The user gave the setting a value, or took it back (`value` None)."""

        name: str
        value: Any

    @dataclass
    class Mistaken(Message):
        """What the user wrote is no value of the setting."""

        name: str

    def __init__(self, setting: Setting) -> None:
        super().__init__(id=f"setting-{setting.name}")
        self.setting = setting
        self._value: Any = setting.default

    def compose(self) -> ComposeResult:
        """Name, control and mark in a line; the error under it."""
        with Horizontal():
            yield Label(self.setting.name, classes="name")
            yield from self._control()
            yield Label("", classes="mark")
        yield Label("", classes="problem", markup=False)

    def _control(self) -> ComposeResult:
        if self.setting.kind is bool:
            with Horizontal(classes="switch-room"):
                yield Switch(self.setting.default, animate=False)
        elif self.setting.choices:
            choices = [(choice, choice) for choice in self.setting.choices]
            yield Select(choices, value=self.setting.default, allow_blank=False, compact=True)
        else:
            yield Input(self._text(self.setting.default), compact=True)

    @property
    def control(self) -> Widget:
        """The widget that takes the value."""
        return self.query(Input if self._is_text else Switch if self.setting.kind is bool else Select).first()

    @property
    def _is_text(self) -> bool:
        return self.setting.kind is not bool and not self.setting.choices

    def show(self, value: Any, mark: str) -> None:
        """Shows a value that holds, and in the mark where it comes from.

        What the user is typing at this moment is left as it is.
        """
        self._value = value
        with self.prevent(Input.Changed, Select.Changed, Switch.Changed):
            if self._is_text:
                field = self.query_one(Input)
                field.placeholder = self._text(value)
                if not field.has_focus and not self.has_class("-wrong"):
                    field.value = self._text(value)
            elif self.setting.kind is bool:
                self.query_one(Switch).value = value
            else:
                self.query_one(Select).value = value
        label = self.query_one(".mark", Label)
        label.update(mark)
        label.set_class(mark == OWN_MARK, "-own")

    def show_problem(self, message: str) -> None:
        """Puts an error under the field; an empty one takes it away."""
        self.query_one(".problem", Label).update(f"✗ {message}" if message else "")
        self.set_class(bool(message), "-wrong")

    def show_used(self, used: bool) -> None:
        """Dims a setting that has no effect beside the others."""
        self.set_class(not used, "-unused")
        self.control.disabled = not used and not self.has_class("-wrong")

    def forget(self) -> None:
        """Takes what the user wrote out of the control."""
        self.show_problem("")
        if self._is_text:
            with self.prevent(Input.Changed):
                self.query_one(Input).value = self._text(self._value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if not event.value.strip():
            self.show_problem("")
            self.post_message(self.Changed(self.setting.name, None))
            return
        try:
            value = self.setting.parse(event.value)
        except ConfigError as error:
            self.show_problem(error.message)
            self.post_message(self.Mistaken(self.setting.name))
        else:
            mended = self.has_class("-wrong")
            self.show_problem("")
            self._tell(value, mended)

    @on(Select.Changed)
    def _chosen(self, event: Select.Changed) -> None:
        event.stop()
        self._tell(event.value)

    @on(Switch.Changed)
    def _switched(self, event: Switch.Changed) -> None:
        event.stop()
        self._tell(event.value)

    def _tell(self, value: Any, mended: bool = False) -> None:
        # Controls also report the value that they begin with.
        if mended or value != self._value:
            self._value = value
            self.post_message(self.Changed(self.setting.name, value))

    @on(Input.Blurred)
    def _left(self) -> None:
        field = self.query_one(Input)
        if not field.value.strip():
            with self.prevent(Input.Changed):
                field.value = self._text(self._value)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    def _text(self, value: Any) -> str:
        if self.setting.kind is tuple:
            return ", ".join(f"{level:g}" for level in value)
        return f"{value:g}" if self.setting.kind is float else str(value)
