"""The dialog that asks which table to copy."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList

from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.dialog import Sheet


class CopyScreen(Sheet["CopyTable | None"]):
    """A list of tables; Enter or a click chooses one.

    Args:
        tables: at least one.
    """

    def __init__(self, tables: Sequence[CopyTable]) -> None:
        super().__init__()
        self._tables = tuple(tables)

    def compose(self) -> ComposeResult:
        """The tables by title."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Copy a table"
            dialog.border_subtitle = "Enter copies · Esc closes"
            yield OptionList(*(table.title for table in self._tables), markup=False, compact=True)

    def on_mount(self) -> None:
        """Gives the keys to the list."""
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._tables[event.option_index])
