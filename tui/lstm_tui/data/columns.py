"""The table of a file's columns, with their kinds, gaps and uses."""

from typing import Literal

from rich.text import Text

from lstm_forecasting.data.table import FileColumn, SeriesTable
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.table import RowTable

Use = Literal["target", "input", ""]

_KIND, _GAPS, _USE = 7, 5, 9
"""Widths of the columns; large numbers of gaps get more."""
_SIGNS: dict[Use, str] = {"target": "◆ target", "input": "◇ input", "": "–"}
_NEXT: dict[Use, Use] = {"": "input", "input": "target", "target": ""}


class ColumnsTable(RowTable):
    """A row for each column of the file."""

    DEFAULT_CSS = """
    ColumnsTable > .datatable--cursor { background: $panel; }
    ColumnsTable:focus > .datatable--cursor { background: $block-cursor-background; }
    """

    _table: SeriesTable | None = None

    @property
    def chosen(self) -> str | None:
        """Name of the column under the cursor."""
        if self._table is None or not self.row_count:
            return None
        return self._table.file_columns[self.cursor_row].name

    def show(self, table: SeriesTable, palette: Palette) -> None:
        """Shows the columns of a series; the cursor starts at the first target of a new file."""
        names = [column.name for column in table.file_columns]
        before = self._table
        same = before is not None and [column.name for column in before.file_columns] == names
        row = self.cursor_row if same else names.index(table.targets[0])
        self._table = table
        self.clear(columns=True)
        gaps = max(_GAPS, *(len(f"{_gaps(table, column):,}") for column in table.file_columns))
        room = max(8, self.size.width - _KIND - gaps - _USE)
        self.add_column(Text("column"), width=room)
        self.add_column(Text("kind"), width=_KIND)
        self.add_column(Text("gaps", justify="right"), width=gaps)
        self.add_column(Text(" use"), width=_USE)
        for column in table.file_columns:
            self.add_row(*_cells(table, column, room, palette))
        self.move_cursor(row=row)


def columns_copy(table: SeriesTable) -> CopyTable:
    """The kind, the number of missing values and the use of each column."""
    rows = [(one.name, one.kind, one.missing, use_of(table, one.name)) for one in table.file_columns]
    return CopyTable("the columns", ("column", "kind", "missing", "use"), rows)


def use_of(table: SeriesTable, name: str) -> Use:
    """The use of a column."""
    if name in table.targets:
        return "target"
    return "input" if name in table.columns else ""


def with_use(table: SeriesTable, name: str, use: Use) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The targets and the inputs after one column gets another use."""
    targets = tuple(one for one in table.targets if one != name)
    inputs = tuple(one for one in table.columns if one != name and one not in table.targets)
    if use == "target":
        targets += (name,)
    elif use == "input":
        inputs += (name,)
    return targets, inputs


def next_use(table: SeriesTable, name: str) -> Use:
    """The use that Enter gives a column."""
    return _NEXT[use_of(table, name)]


def _gaps(table: SeriesTable, column: FileColumn) -> int:
    """The number of missing values, or of missing rows for the times."""
    return table.missing_stamps if column.kind == "time" else column.missing


def _cells(table: SeriesTable, column: FileColumn, room: int, palette: Palette) -> list[Text]:
    use = use_of(table, column.name)
    name = Text(column.name, f"bold {palette.truth}" if use else palette.truth)
    name.truncate(room - 1, overflow="ellipsis")
    gaps = _gaps(table, column)
    colour = palette.truth if use else palette.quiet
    return [
        name,
        Text(column.kind, palette.quiet),
        Text(f"{gaps:,}", palette.truth if gaps else palette.quiet, justify="right"),
        Text("" if column.kind == "time" else f" {_SIGNS[use]}", colour),
    ]
