"""What all dialogs have in common."""

from typing import ClassVar, TypeVar

from textual.binding import Binding
from textual.screen import ModalScreen

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
