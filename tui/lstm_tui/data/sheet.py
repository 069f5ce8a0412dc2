"""The dialog that asks which sheet of a workbook to read."""

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from lstm_forecasting.data.errors import Sheet
from lstm_plugins.counting import counted
from lstm_tui.kit.dialog import Dialog


class SheetScreen(Dialog["str | None"]):
    """Lists the sheets of a workbook and returns the name of one; None if the user closes it."""

    def __init__(self, file: str, sheets: Sequence[Sheet]) -> None:
        super().__init__()
        self._file = file
        self._sheets = tuple(sheets)

    def compose(self) -> ComposeResult:
        """The question and the sheets."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._file
            dialog.border_subtitle = "Enter opens · Esc closes"
            yield Label("Which sheet do you want to read?", id="question", markup=False)
            yield OptionList(*(Option(_line(one)) for one in self._sheets), compact=True, id="sheets")

    def on_mount(self) -> None:
        """Focuses the list."""
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._sheets[event.option_index].name)


def _line(sheet: Sheet) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis").append(sheet.name, "bold")
    return line.append(f"  {counted(sheet.rows, 'row')}: {', '.join(sheet.first)}", "dim")
