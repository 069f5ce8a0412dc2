"""The dialog that asks for one line of text until it can be used."""

import asyncio
from abc import abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Label

from lstm_plugins.errors import InputError
from lstm_tui.kit.dialog import Dialog
from lstm_tui.kit.paths import PathSuggester
from lstm_tui.kit.textual_internals.screens import TextInput

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Prompt:
    """What a dialog says.

    Attributes:
        title: on its border.
        keys: what they do: "Enter saves · Esc closes".
        caption: over the field.
        text: that the field begins with.
        placeholder: of an empty field.
        suffixes: of the files that a path is completed with; empty where no path is asked for.
    """

    title: str
    keys: str
    caption: str
    text: str = ""
    placeholder: str = ""
    suffixes: tuple[str, ...] = ()


class AskScreen(Dialog["Answer | None"], Generic[Answer]):
    """Asks until the answer can be used. An error is shown under the field.

    Args:
        prompt: what the dialog says.
        problem: why the text that it begins with cannot be used.
    """

    def __init__(self, prompt: Prompt, problem: str = "") -> None:
        super().__init__()
        self._prompt = prompt
        self._problem = problem
        self._asked = prompt.text

    @abstractmethod
    def answer(self, text: str) -> Answer:
        """The value that the text stands for; called in a thread.

        Raises:
            InputError: the text cannot be used.
        """

    def compose(self) -> ComposeResult:
        """The field, its error, and whatever else there is to choose from."""
        prompt = self._prompt
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = prompt.title
            dialog.border_subtitle = prompt.keys
            yield Label(prompt.caption, classes="caption", markup=False)
            yield TextInput(
                prompt.text,
                placeholder=prompt.placeholder,
                suggester=PathSuggester(prompt.suffixes) if prompt.suffixes else None,
                select_on_focus=False,
                compact=True,
            )
            yield Label(f"✗ {self._problem}" if self._problem else "", id="problem", markup=False)
            yield from self.compose_choices()

    def compose_choices(self) -> ComposeResult:
        """The widgets under the field; none unless a subclass adds some."""
        yield from ()

    def on_mount(self) -> None:
        """Hides an empty error and gives the keys to the first widget."""
        self.query_one("#problem").display = bool(self._problem)
        self.first_focus().focus()

    def first_focus(self) -> Widget:
        """The widget that has the focus at first."""
        return self.query_one(Input)

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.ask(event.value.strip())

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        # The Input also reports the value that it begins with, and its problem has to stay.
        if event.value.strip() != self._asked:
            self.query_one("#problem").display = False

    @work(exclusive=True, exit_on_error=False, group="dialog")
    async def ask(self, text: str) -> None:
        """Closes with the value that the text stands for, or shows why it cannot be used."""
        try:
            answer = await asyncio.to_thread(self.answer, text)
        except InputError as error:
            self._asked = text
            label = self.query_one("#problem", Label)
            label.update(f"✗ {error}")
            label.display = True
            return
        self.dismiss(answer)
