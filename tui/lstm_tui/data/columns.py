"""The table of a file's columns, with their kinds, gaps and uses."""

from dataclasses import dataclass

from rich.text import Text

from lstm_forecasting.data.table import FileColumn, Role, SeriesTable
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.table import RowTable

_KIND, _GAPS, _USE, _LONG_USE = 7, 5, 9, 14
"""Widths of the columns; large numbers of gaps get more. The long one is for wide tables."""
_WIDE = 44
"""Columns from which the table is wide."""
_SIGNS: dict[Role, str] = {
    "target": "◆ target",
    "input": "◇ input",
    "known": "▷ known",
    "label": "  label",
    "time": "  time",
    "unused": "– unused",
}
_NEXT: dict[Role, Role] = {"unused": "input", "input": "known", "known": "target", "target": "unused"}
_NEXT_OF_TEXTS: dict[Role, Role] = {"unused": "known", "known": "unused"}


@dataclass(frozen=True)
class Roles:
    """The columns by their roles: targets, further inputs, and those known ahead."""

    targets: tuple[str, ...]
    inputs: tuple[str, ...]
    known: tuple[str, ...]


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
        # With room for the scrollbar, whether it is shown already or not.
        width = self.size.width - (not self.show_vertical_scrollbar)
        use = _LONG_USE if width >= _WIDE else _USE
        room = max(8, width - _KIND - gaps - use)
        self.add_column(Text("column"), width=room)
        self.add_column(Text("kind"), width=_KIND)
        self.add_column(Text("gaps", justify="right"), width=gaps)
        self.add_column(Text(" use"), width=use)
        for column in table.file_columns:
            self.add_row(*_cells(table, column, room, palette, ahead=use == _LONG_USE))
        self.move_cursor(row=row)


def columns_copy(table: SeriesTable) -> CopyTable:
    """The kind, the number of missing values and the role of each column."""
    rows = [(one.name, one.kind, one.missing, table.role(one.name)) for one in table.file_columns]
    return CopyTable("the columns", ("column", "kind", "missing", "use"), rows)


def with_role(table: SeriesTable, name: str, role: Role) -> Roles:
    """The columns by their roles after one of them gets another."""
    known = () if table.known is None else table.known.names
    columns: dict[Role, tuple[str, ...]] = {
        "target": table.targets,
        "input": table.columns[len(table.targets) :],
        "known": known,
    }
    columns = {own: tuple(one for one in names if one != name) for own, names in columns.items()}
    if role in columns:
        columns[role] += (name,)
    return Roles(columns["target"], columns["input"], columns["known"])


def next_role(table: SeriesTable, name: str) -> Role:
    """The role that Enter gives a column; its own if it can have no other."""
    role = table.role(name)
    kinds = {column.name: column.kind for column in table.file_columns}
    return (_NEXT_OF_TEXTS if kinds[name] == "text" else _NEXT).get(role, role)


def _gaps(table: SeriesTable, column: FileColumn) -> int:
    """The number of missing values, or of missing rows for the times."""
    return table.missing_stamps if column.kind == "time" else column.missing


def _cells(table: SeriesTable, column: FileColumn, room: int, palette: Palette, *, ahead: bool) -> list[Text]:
    role = table.role(column.name)
    sign = "▷ known ahead" if role == "known" and ahead else _SIGNS[role]
    used = role in ("target", "input", "known")
    name = Text(column.name, f"bold {palette.truth}" if used else palette.truth)
    name.truncate(room - 1, overflow="ellipsis")
    gaps = _gaps(table, column)
    colour = palette.truth if used else palette.quiet
    return [
        name,
        Text(column.kind, palette.quiet),
        Text(f"{gaps:,}", palette.truth if gaps else palette.quiet, justify="right"),
        Text(f" {sign}", colour),
    ]
