"""A yes-or-no question; Enter alone means no."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from lstm_tui.kit.dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """Returns True for yes.

    Args:
        question: one sentence.
        yes: label of the button that confirms.
    """

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
        """The question above two buttons; the harmless one has the focus."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_subtitle = "y does it · n or Esc does not"
            yield Label(self._question, markup=False)
            with Horizontal():
                yield Button("Keep", id="no", compact=True)
                yield Button(self._yes, id="yes", compact=True)

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
