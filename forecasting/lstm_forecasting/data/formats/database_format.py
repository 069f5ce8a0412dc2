"""A table of an SQLite database, or the result of a query, as columns."""

import sqlite3
from typing import Any

import numpy as np
import polars as pl

from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.errors import Sheet, SheetError
from lstm_forecasting.data.raw_table import RawTable, add_column, tidy_title
from lstm_plugins.errors import InputError

_SQLITE = b"SQLite format 3\x00"
_DUCKDB = b"DUCK"
# Bytes of the header that say whether changes are first written beside the database.
_JOURNAL = slice(18, 20)
_AT_ONCE, _AHEAD = b"\x01\x01", b"\x02\x02"
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' "
    "ESCAPE '\\' ORDER BY name"
)


def is_database(content: bytes) -> bool:
    """Whether a file is an SQLite database."""
    return content.startswith(_SQLITE)


def is_duckdb(content: bytes) -> bool:
    """Whether a file is a DuckDB database."""
    return content[8:12] == _DUCKDB


def read_database(content: bytes, file: str, table: str | None, query: str | None) -> RawTable:
    """Reads the result of a query, a table (or view), or else the only table that has rows.

    The database is read from a copy in memory; nothing is written to it.

    Raises:
        SheetError: several tables have rows, and neither a table nor a query is given.
        InputError: the database is damaged, there is no such table, or the query is wrong.
    """
    decisions = [f"{file} is read as an SQLite database."]
    if content[_JOURNAL] == _AHEAD:
        # Such a database cannot be opened in memory before its header says otherwise.
        content = content[: _JOURNAL.start] + _AT_ONCE + content[_JOURNAL.stop :]
        decisions.append("Changes that are still in a file beside it (-wal) are not read.")
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(content)
        database.set_authorizer(_allow)
        name = "" if query is not None else _chosen(database, file, table)
        sql = query if query is not None else _all_of(name)
        try:
            cursor = database.execute(sql)
            rows = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            if query is None:
                raise
            raise InputError(f"query: {file} cannot answer it ({error}); correct the query.") from None
    except sqlite3.Error as error:
        raise InputError(f"{file} is damaged and cannot be read as SQLite ({error}).") from None
    finally:
        database.close()
    if cursor.description is None:
        raise InputError("query: it gives no table; use a SELECT.")
    if not rows:
        raise InputError(f"{file} has no rows in {'the result of the query' if query else name}.")
    columns: dict[str, pl.Series] = {}
    for (title, *_), cells in zip(cursor.description, zip(*rows, strict=True), strict=True):
        column = _column(cells)
        if column is None:
            decisions.append(f"Column {tidy_title(title)} holds binary data and is left out.")
        else:
            add_column(columns, tidy_title(title) or f"column {len(columns) + 1}", column, file)
    decisions.append(f"The table is {name}." if name else "The rows are the result of the query.")
    return RawTable(file, columns, None, "row", np.arange(1, len(rows) + 1), tuple(decisions), sheet=name)


def _allow(action: int, *_: object) -> int:
    """Allows everything but to open, and so perhaps to create, another file."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


def _chosen(database: sqlite3.Connection, file: str, table: str | None) -> str:
    names = [str(name) for (name,) in database.execute(_TABLES)]
    if table is not None:
        if table not in names:
            raise InputError(f"{file} has no table {table!r}; {hint_at(table, names)}")
        return table
    filled = [sheet for sheet in (_described(database, name) for name in names) if sheet.rows]
    if not filled:
        raise InputError(f"{file} has no table with rows.")
    if len(filled) > 1:
        raise SheetError(
            f"{file} has several tables: {', '.join(sheet.name for sheet in filled)}; set sheet to one of "
            "them, or set query.",
            tuple(filled),
        )
    return filled[0].name


def _described(database: sqlite3.Connection, name: str) -> Sheet:
    titles = tuple(str(title) for title, *_ in database.execute(_all_of(name)).description)
    (rows,) = database.execute(_all_of(name, "count(*)")).fetchone()
    return Sheet(name, int(rows), titles)


def _all_of(table: str, what: str = "*") -> str:
    quoted = table.replace('"', '""')
    return f'SELECT {what} FROM "{quoted}"'  # noqa: S608 (the name comes from the database and is quoted)


def _column(cells: tuple[Any, ...]) -> pl.Series | None:
    """Numbers, or text as soon as one cell is text; None for binary data."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if bytes in kinds:
        return None
    if kinds == {int}:
        return pl.Series(cells, dtype=pl.Int64)
    if kinds and kinds <= {int, float}:
        return pl.Series([None if cell is None else float(cell) for cell in cells], dtype=pl.Float64)
    return pl.Series([None if cell is None else str(cell) for cell in cells], dtype=pl.String)
