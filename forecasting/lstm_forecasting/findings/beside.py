"""Columns of a file that a table leaves out, read beside its own."""

from collections.abc import Sequence

from lstm_forecasting.data.catalogue import open_rows, opened_by
from lstm_forecasting.data.reading import choose_columns
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.timed_rows import TimedRows
from lstm_forecasting.findings.column import Column, columns_of
from lstm_plugins.errors import InputError


def other_columns(table: SeriesTable) -> tuple[str, ...]:
    """Numeric columns with values that the table leaves out; there are none beside several series."""
    used = {*table.columns, *(table.known.names if table.known is not None else ())}
    rows = max(table.series_rows.values(), default=table.rows)
    return tuple(
        column.name
        for column in table.file_columns
        if column.kind == "number" and column.name not in used and column.missing < rows
    )


def read_beside(
    table: SeriesTable, names: Sequence[str], rows: TimedRows | None = None
) -> dict[str, Column | str]:
    """Reads further columns of a table's file in the table's rows; for some, the reason why it cannot.

    `rows` are those that the table was made of; without them the file is opened again.
    """
    if not names:
        return {}
    rows = rows or open_rows(opened_by(table), table.reading.options)
    try:
        return dict(_read(rows, table, names))
    except InputError as error:
        if len(names) == 1:
            return {names[0]: str(error)}
    # One column that cannot be used must not hide the others.
    return {name: read for one in names for name, read in read_beside(table, [one], rows).items()}


def _read(rows: TimedRows, table: SeriesTable, names: Sequence[str]) -> dict[str, Column]:
    inputs = table.columns[len(table.targets) :]
    wide = choose_columns(rows, table.targets, (*inputs, *names))
    return {column.name: column for column in columns_of(wide) if column.name in names}
