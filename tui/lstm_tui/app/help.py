"""The dialog that lists all keys."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Label, Static

from lstm_tui.kit.actions import CHART_HELP, CHARTS, EVERYWHERE, Action
from lstm_tui.kit.dialog import Sheet
from lstm_tui.registry import TABS


class HelpScreen(Sheet[None]):
    """The keys of all actions by the place where they work."""

    BINDINGS: ClassVar = [Binding("question_mark,f1", "dismiss(None)", "Close", priority=True)]

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = actions

    def compose(self) -> ComposeResult:
        """A heading and a table for each place."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "Esc closes"
            for place in (EVERYWHERE, *(tab.title for tab in TABS)):
                yield Label(place, classes="heading")
                here = (one for one in self._actions if one.place == place)
                yield Static(_table((one.keys_for_people, one.help) for one in here))
            yield Label(CHARTS, classes="heading")
            yield Static(_table(CHART_HELP))


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=16, style="bold")
    table.add_column(ratio=1)
    for keys, text in rows:
        table.add_row(keys, text)
    return table
