"""The tables of the Data screen with all their digits, to be copied."""

from lstm_forecasting.data.table import SeriesTable
from lstm_tui.data.columns import use_of
from lstm_tui.kit.copying import CopyTable

MOST_ROWS = 1000
"""Terminals take some tens of kilobytes to the clipboard; a file is the place for more."""


def columns_copy(table: SeriesTable) -> CopyTable:
    """Every column of the file: what it holds, what it lacks, what it is used for."""
    rows = [
        (column.name, column.kind, column.missing, use_of(table, column.name))
        for column in table.file_columns
    ]
    return CopyTable("the columns", ("column", "kind", "missing", "use"), rows)


def rows_copy(table: SeriesTable) -> CopyTable:
    """The rows of the columns in use; of many the last ones."""
    first = max(0, table.rows - MOST_ROWS)
    rows = [(table.row_text(row), *table.values[row].tolist()) for row in range(first, table.rows)]
    title = f"the last {MOST_ROWS:,} of {table.rows:,} rows" if first else "the rows"
    return CopyTable(title, ("row" if table.times is None else "time", *table.columns), rows)
