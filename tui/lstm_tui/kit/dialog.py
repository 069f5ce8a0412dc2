"""What all dialogs have in common."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """Stands over the screen until Esc closes it. Ctrl+Q leaves the program from here too."""

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss(None)", "Close", priority=True),
        # A dialog covers all keys of the app but its own.
        Binding("ctrl+q", "app.quit", "Quit"),
    ]


class Sheet(Dialog[Result]):
    """A dialog without a text field, so that `q` closes it as well."""

    BINDINGS: ClassVar = [Binding("q", "dismiss(None)", "Close", priority=True)]
