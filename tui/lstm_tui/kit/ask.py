"""Dialogs that ask for one line of text until it can be used: any value, a path to save to, or a date."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from lstm_plugins.errors import InputError
from lstm_tui.kit.dialog import Dialog
from lstm_tui.kit.files import PathSuggester
from lstm_tui.kit.threads import in_thread

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Prompt:
    """The texts of a dialog.

    Attributes:
        title: on its border.
        keys: "Enter saves · Esc closes".
        caption: above the field.
        text: initial text of the field.
        placeholder: for an empty field.
        suffixes: of files that complete a path; empty if the answer is not a path.
    """

    title: str
    keys: str
    caption: str
    text: str = ""
    placeholder: str = ""
    suffixes: tuple[str, ...] = ()


class AskScreen(Dialog["Answer | None"], Generic[Answer]):
    """Asks until the answer can be used; `problem` says why the initial text cannot be used."""

    def __init__(self, prompt: Prompt, problem: str = "") -> None:
        super().__init__()
        self._prompt = prompt
        self._problem = problem
        self._asked = prompt.text

    @abstractmethod
    def answer(self, text: str) -> Answer:
        """The value of the text; called in a thread.

        Raises:
            InputError: the text cannot be used.
        """

    def can_help(self, _text: str, _error: InputError) -> bool:
        """Whether a further question is asked instead of showing why the text cannot be used."""
        return False

    def compose(self) -> ComposeResult:
        """The field, its error, and further choices."""
        prompt = self._prompt
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = prompt.title
            dialog.border_subtitle = prompt.keys
            yield Label(prompt.caption, classes="caption", markup=False)
            yield Input(
                prompt.text,
                placeholder=prompt.placeholder,
                suggester=PathSuggester(prompt.suffixes) if prompt.suffixes else None,
                select_on_focus=False,
                compact=True,
            )
            problem = Label(f"✗ {self._problem}", id="problem", markup=False)
            problem.display = bool(self._problem)
            yield problem
            yield from self.compose_choices()

    def compose_choices(self) -> ComposeResult:
        """The widgets below the field; none unless a subclass adds some."""
        yield from ()

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.ask(event.value.strip())

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        # The Input also reports its initial value, which must not hide the problem.
        if event.value.strip() != self._asked:
            self.query_one("#problem").display = False

    @work(exclusive=True, exit_on_error=False, group="dialog")
    async def ask(self, text: str) -> None:
        """Closes with the value of the text, or shows why the text cannot be used."""
        try:
            answer = await in_thread(self.answer, text)
        except InputError as error:
            if self.can_help(text, error):
                return
            self._asked = text
            label = self.query_one("#problem", Label)
            label.update(f"✗ {error}")
            label.display = True
            return
        self.dismiss(answer)


class GoToScreen(AskScreen[int]):
    """Asks for a date and returns the number of the first forecast that begins then or later.

    Args:
        what: "date" or "row".
        first: date of the first forecast.
        last: date of the last one.
        find: returns the number of the forecast, or raises InputError.
        more: what else may be typed.
    """

    def __init__(self, what: str, first: str, last: str, find: Callable[[str], int], more: str = "") -> None:
        self._find = find
        prompt = Prompt(
            title="Go to a forecast",
            keys="Enter goes there · Esc closes",
            caption=f"The {what} of its first value, from {first} to {last}{more}",
            placeholder=first,
        )
        super().__init__(prompt)

    def answer(self, text: str) -> int:
        """The number of the forecast."""
        return self._find(text)


class SaveScreen(AskScreen[Path]):
    """Asks for a path and saves there; replaces an existing file only if the user presses Enter twice.

    Args:
        what: "report", for example.
        formats: ".csv for spreadsheets, …".
        name: suggested file name.
        suffixes: of files that complete the path.
        save: writes the file, or raises InputError.
    """

    def __init__(
        self, what: str, formats: str, name: str, suffixes: tuple[str, ...], save: Callable[[Path], None]
    ) -> None:
        prompt = Prompt(
            title=f"Save the {what}",
            keys="Enter saves · Esc closes",
            caption=f"File: {formats}",
            text=name,
            suffixes=suffixes,
        )
        super().__init__(prompt)
        self._what = what
        self._save = save
        self._warned_of: Path | None = None

    def answer(self, text: str) -> Path:
        """Saves the file and returns its path."""
        path = Path(text).expanduser()
        if path.is_file() and path != self._warned_of:
            self._warned_of = path
            raise InputError(f"The file {str(path)!r} exists already; press Enter again to replace it.")
        self._save(path)
        self.app.call_from_thread(self.app.notify, f"The {self._what} is in {path}.")
        return path
