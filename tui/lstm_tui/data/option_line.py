"""One option of reading as a line of a form, with its error under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import on
from textual.message import Message
from textual.widgets import Input

from lstm_forecasting.data.errors import OptionError
from lstm_forecasting.data.options import ReadOption
from lstm_forecasting.data.table import Reading
from lstm_tui.kit.text_input import TextInput
from lstm_tui.train.form.choice import Choice
from lstm_tui.train.form.line import DATA_MARK, OWN_MARK, FormLine

FOUND = "◆"
"""In a list of words: that the program decides."""


class OptionLine(FormLine):
    """The line of one option, which reports when it is left: reading a file again may take a while.

    Attributes:
        option: what it is about.
    """

    @dataclass
    class Changed(Message):
        """The user decided, or left the decision to the program (the option's default)."""

        name: str
        value: Any

    def __init__(self, option: ReadOption) -> None:
        self.option = option
        self._own: Any = option.default
        self._held = ""
        super().__init__(option.name, self._make_control(), id=f"option-{option.name}")

    def _make_control(self) -> Input | Choice[Any]:
        if self.option.choices:
            return Choice(self._choices(), self.option.default)
        return TextInput(compact=True)

    def _choices(self) -> list[tuple[str, Any]]:
        words: list[tuple[str, Any]] = [(word, word) for word in self.option.choices]
        if self.option.default is not None:
            return words
        if self._own is None:
            return [(f"{FOUND} {self._held}" if self._held else "–", None), *words]
        return [(f"{FOUND} found", None), *words]

    def show_reading(self, reading: Reading) -> None:
        """Shows what held, and whether the user or the data decided it."""
        option = self.option
        self._own = getattr(reading.options, option.name)
        self._held = reading.held[option.name]
        decided = self._own != option.default
        found = option.default in (None, ()) and self._held
        if isinstance(self.control, Choice) and not self.problem:
            self.control.set_options(self._choices(), self._own)
        self.show(self._own, OWN_MARK if decided else DATA_MARK if found else "")

    def text_of(self, value: Any) -> str:
        """What held, whoever decided it; where there was nothing to decide, what the user wrote."""
        if self._held or value == self.option.default:
            return self._held
        return self.option.written(value) if self.option.several else str(value)

    def forget(self) -> None:
        """Takes what the user wrote out of the control."""
        self.show_problem("")
        self.write(self._own)
        if isinstance(self.control, Choice):
            self.control.set_value(self._own)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.show_problem("")

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        # What stands there already holds, or is being mended.
        if self.problem or event.value.strip() == self.text_of(self._own):
            return
        try:
            value = self.option.parsed(event.value)
        except OptionError as error:
            self.show_problem(error.message)
            return
        if value == self._own:
            self.write(value)
        else:
            self.post_message(self.Changed(self.option.name, value))

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        event.stop()
        self.show_problem("")
        self.post_message(self.Changed(self.option.name, event.value))
