"""One setting of a forecaster as a line of a form, with its error under it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult, RenderResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from lstm_plugins import ConfigError, Setting
from lstm_tui.palette import theme_colour
from lstm_tui.widgets.settings.choice import Choice

DATA_MARK = "◆ data"
OWN_MARK = "✎ yours"
_NAME = 16
_MARK = 9


class SettingField(Widget):
    """The name, the control and the mark of one setting: where its value comes from.

    A value that cannot be used stays in the control, and its error stands under it; of a value that will not
    do well, a warning stands there. Name, mark and what stands below are drawn by the field itself: a form of
    all settings would be two hundred widgets otherwise.

    Attributes:
        setting: what it is about.
        problem: why its value cannot be used; empty when it can.
        warning: why its value will not do well; empty when it may.
        mark: where its value comes from.
        used: whether it has an effect beside the others.
        explanation: what it means, for the tooltip and for whoever comes by key.
    """

    DEFAULT_CSS = """
    SettingField {
        height: 1;
        layout: horizontal;
        Input, Choice { width: 1fr; height: 1; margin: 0 9 0 16; }
        Input.-textual-compact { padding: 0 1; background: $panel; }
        Input:focus { background: $block-cursor-background; background-tint: transparent; }
        Input:disabled, Choice:disabled { opacity: 50%; }
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
        self.problem = ""
        self.warning = ""
        self.explanation = ""
        self.mark = ""
        self.used = True
        self._value: Any = setting.default
        self.control: Input | Choice[Any] = self._make_control()

    def compose(self) -> ComposeResult:
        """The control alone; the rest is drawn around it."""
        yield self.control

    def _make_control(self) -> Input | Choice[Any]:
        default = self.setting.default
        if self.setting.kind is bool:
            return Choice([("no", False), ("yes", True)], default)
        if self.setting.choices:
            return Choice([(choice, choice) for choice in self.setting.choices], default)
        return Input(self._text(default), compact=True)

    def render(self) -> RenderResult:
        """Name and mark beside the control, the error or the warning in the lines below."""
        error, quiet = theme_colour(self.app, "error"), theme_colour(self.app, "quiet")
        name = (
            error if self.problem else theme_colour(self.app, "foreground") if self.used else f"dim {quiet}"
        )
        lines = Text().append(f"{self.setting.name:<{_NAME}}", name)
        lines.append(" " * max(0, self.size.width - _NAME - _MARK))
        own = self.mark == OWN_MARK
        lines.append(f" {self.mark:<{_MARK - 1}}", theme_colour(self.app, "accent") if own else quiet)
        colour = error if self.problem else theme_colour(self.app, "warning")
        for line in self._note_lines(self.size.width):
            lines.append(f"\n  {line}", colour)
        return lines

    def on_resize(self) -> None:
        """A wider field needs fewer lines for what stands below."""
        self._fit()

    def _note_lines(self, width: int) -> list[str]:
        note = f"✗ {self.problem}" if self.problem else f"~ {self.warning}" if self.warning else ""
        return textwrap.wrap(note, max(10, width - 2))

    def _fit(self) -> None:
        lines = 1 + len(self._note_lines(self.size.width or 40))
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
        self.refresh()

    def show(self, value: Any, mark: str) -> None:
        """Shows a value that holds, and in the mark where it comes from.

        What the user is typing at this moment is left as it is.
        """
        self._value = value
        if mark != self.mark:
            self.mark = mark
            self.refresh()
        if isinstance(self.control, Choice):
            self.control.set_value(value)
        else:
            self.control.placeholder = self._text(value)
            if not self.control.has_focus and not self.problem:
                self._write(value)

    def show_problem(self, message: str) -> None:
        """Puts an error under the field; an empty one takes it away."""
        if message != self.problem:
            self.problem = message
            self._fit()

    def show_warning(self, message: str) -> None:
        """Puts a warning under the field; an empty one takes it away."""
        if message != self.warning:
            self.warning = message
            self._fit()

    def explain(self, explanation: str) -> None:
        """Says what the setting means and where its value comes from, to whoever points at it."""
        if explanation != self.explanation:
            self.explanation = explanation
            self.tooltip = Text(explanation)
            self.control.tooltip = Text(explanation)

    def show_used(self, used: bool) -> None:
        """Dims a setting that has no effect beside the others."""
        self.control.disabled = not used and not self.problem
        if used != self.used:
            self.used = used
            self.refresh()

    def forget(self) -> None:
        """Takes what the user wrote out of the control."""
        self.show_problem("")
        self._write(self._value)

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
            self._write(self._value)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    def _write(self, value: Any) -> None:
        if isinstance(self.control, Input):
            with self.prevent(Input.Changed):
                self.control.value = self._text(value)

    def _text(self, value: Any) -> str:
        if self.setting.kind is tuple:
            return ", ".join(f"{level:g}" for level in value)
        return f"{value:g}" if self.setting.kind is float else str(value)
