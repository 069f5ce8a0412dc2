"""The diagnosis of a cross-check in words."""

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from lstm_tui.crosscheck.state import CheckState
from lstm_tui.kit.palette import Palette

_COLOURS = {"✓": "success", "✗": "error", "~": "warning"}


class DiagnosisPanel(VerticalScroll):
    """A sign and a sentence for every backend, those that differ first."""

    DEFAULT_CSS = """
    DiagnosisPanel { height: auto; max-height: 40%; scrollbar-size-vertical: 1;
        Static { width: 1fr; height: auto; } }
    """

    def __init__(self) -> None:
        super().__init__(classes="panel")
        self.border_title = "Diagnosis"
        self._words = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The sentences."""
        yield self._words

    def show(self, state: CheckState, titles: Mapping[str, str], palette: Palette) -> None:
        """Shows the diagnosis so far."""
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        table.add_column(width=1)
        table.add_column(ratio=1)
        for sign, sentence in sorted(state.sentences(titles), key=lambda one: one[0] != "✗"):
            colour = palette.named(_COLOURS[sign]) if sign in _COLOURS else palette.quiet
            table.add_row(Text(sign, f"bold {colour}"), Text(sentence, palette.truth))
        self._words.update(table)
        seconds = f"took {state.result.seconds:.1f} s" if state.result is not None else ""
        self.border_subtitle = seconds
