"""One setting of a forecaster as a line of a form, with its error under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import on
from textual.message import Message
from textual.widgets import Input

from lstm_plugins import ConfigError, Setting
from lstm_tui.kit.text_input import TextInput
from lstm_tui.train.form.choice import Choice
from lstm_tui.train.form.line import FormLine


class SettingField(FormLine):
    """The line of one setting, which reports at every key.

    Attributes:
        setting: what it is about.
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
        self.setting = setting
        self._value: Any = setting.default
        super().__init__(setting.name, self._make_control(), id=f"setting-{setting.name}")

    def _make_control(self) -> Input | Choice[Any]:
        default = self.setting.default
        if self.setting.kind is bool:
            return Choice([("no", False), ("yes", True)], default)
        if self.setting.choices:
            return Choice([(choice, choice) for choice in self.setting.choices], default)
        return TextInput(self.text_of(default), compact=True)

    def show(self, value: Any, mark: str) -> None:
        """Shows a value that holds, and in the mark where it comes from."""
        self._value = value
        super().show(value, mark)

    def forget(self) -> None:
        """Takes what the user wrote out of the control."""
        self.show_problem("")
        self.write(self._value)

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
            return
        mended = bool(self.problem)
        self.show_problem("")
        # An Input also reports the value that it begins with.
        if mended or value != self._value:
            self._tell(value)

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        event.stop()
        self._tell(event.value)

    def _tell(self, value: Any) -> None:
        self._value = value
        self.post_message(self.Changed(self.setting.name, value))

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        if not event.value.strip():
            self.write(self._value)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    def text_of(self, value: Any) -> str:
        """How a value stands in an Input."""
        if self.setting.kind is tuple:
            return ", ".join(f"{level:g}" for level in value)
        return f"{value:g}" if self.setting.kind is float else str(value)
