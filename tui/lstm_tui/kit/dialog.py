"""Dialogs: their base classes, a question, and a list of tables to copy."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label, OptionList

from lstm_tui.kit.copying import CopyTable

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A dialog that Esc closes. Ctrl+Q quits the program from here too."""

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss(None)", "Close", priority=True),
        # A dialog hides the app's keys.
        Binding("ctrl+q", "app.quit", "Quit"),
    ]


class Sheet(Dialog[Result]):
    """A dialog without text fields; `q` closes it as well."""

    BINDINGS: ClassVar = [Binding("q", "dismiss(None)", "Close", priority=True)]


class ConfirmScreen(Dialog[bool]):
    """Asks a yes-or-no question and returns True for yes; `yes` is the label of the button that confirms."""

    BINDINGS: ClassVar = [
        Binding("escape,n", "dismiss(False)", "No", priority=True),
        Binding("y", "dismiss(True)", "Yes"),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question and two buttons; the harmless one has the focus."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_subtitle = "y confirms · n or Esc cancels"
            yield Label(self._question, markup=False)
            with Horizontal():
                yield Button("Keep", id="no", compact=True)
                yield Button(self._yes, id="yes", compact=True)

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


class CopyScreen(Sheet["CopyTable | None"]):
    """Asks which table to copy."""

    def __init__(self, tables: Sequence[CopyTable]) -> None:
        super().__init__()
        self._tables = tuple(tables)

    def compose(self) -> ComposeResult:
        """The titles of the tables."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Copy a table"
            dialog.border_subtitle = "Enter copies · Esc closes"
            yield OptionList(*(table.title for table in self._tables), markup=False, compact=True)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._tables[event.option_index])
