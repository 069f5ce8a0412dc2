"""The dialog with all facts about one backend, and the traceback of a broken one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from lstm_plugins.discovery import Found
from lstm_tui.backends.warmth import Warmth
from lstm_tui.backends.words import fact_table, facts, wrongs
from lstm_tui.kit.dialog import Sheet
from lstm_tui.kit.palette import theme_colour


class BackendScreen(Sheet[None]):
    """Scrolls by keys and mouse wheel; `c` copies everything, for a bug report.

    Args:
        found: the backend.
        warmth: state of its process, if it has one.
        conformance: the verdict of its last cross-check; "" without one.
    """

    BINDINGS: ClassVar = [Binding("c", "copy", "Copy")]

    def __init__(self, found: Found, warmth: Warmth | None, conformance: str) -> None:
        super().__init__()
        self._title = found.backend.title if found.backend else found.name
        self._facts = tuple(facts(found, warmth, conformance))
        self._lines = "\n".join(wrongs(found, warmth))

    @property
    def text(self) -> str:
        """Everything, as text."""
        known = "\n".join(f"{name}: {text}" for name, text in self._facts)
        return "\n\n".join(part for part in (self._title, known, self._lines) if part)

    def compose(self) -> ComposeResult:
        """Facts, then the traceback."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = "c copies · Esc closes"
            yield Static(fact_table(self._facts, theme_colour(self.app, "quiet")), id="facts")
            if self._lines:
                yield Static(self._lines, id="lines", markup=False)

    def on_mount(self) -> None:
        """Focuses the text, so that keys scroll it."""
        self.query_one(VerticalScroll).focus()

    def action_copy(self) -> None:
        """Copies everything."""
        self.app.copy_to_clipboard(self.text)
        self.notify("Copied.")
