"""A table with a cursor for whole rows, styled for the app."""

from typing import Literal

from rich.text import Text
from textual.widgets import DataTable


class RowTable(DataTable[Text]):
    """A table without gaps between columns; with `keeps_colours`, texts stay coloured under the cursor."""

    DEFAULT_CSS = """
    RowTable {
        height: auto; max-height: 100%; width: 1fr; background: $background;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; overflow-x: hidden;
        &:focus { background-tint: transparent; }
        & > .datatable--header { background: $background; color: $quiet; text-style: none; }
        & > .datatable--cursor { background: $block-cursor-background; text-style: none; }
        & > .datatable--hover { background: $panel; }
        & > .datatable--header-hover { background: $background; }
        &:ansi > .datatable--header { background: ansi_default; color: ansi_default; }
    }
    """

    def __init__(self, *, keeps_colours: bool = True) -> None:
        priority: Literal["renderable", "css"] = "renderable" if keeps_colours else "css"
        super().__init__(cursor_type="row", cell_padding=0, cursor_foreground_priority=priority)

    @property
    def chosen_key(self) -> str | None:
        """The key of the row under the cursor; None in an empty table."""
        if not self.row_count:
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value
