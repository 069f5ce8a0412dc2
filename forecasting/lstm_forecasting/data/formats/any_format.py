"""Reads a file's bytes as columns, whatever the format."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

import numpy as np
import polars as pl

from lstm_forecasting.data.formats.containers import Unpacked, is_workbook, unpack
from lstm_forecasting.data.formats.csv_format import read_csv
from lstm_forecasting.data.formats.database_format import is_database, is_duckdb, read_database
from lstm_forecasting.data.formats.json_format import read_json
from lstm_forecasting.data.formats.text_format import decode
from lstm_forecasting.data.formats.workbook_format import OLD_WORKBOOK, read_workbook
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.raw_table import RawTable, add_column, tidy_title
from lstm_plugins.errors import InputError

_COLUMNAR: tuple[tuple[bytes, str, Callable[[io.BytesIO], pl.DataFrame]], ...] = (
    (b"PAR1", "Parquet", pl.read_parquet),
    (b"ARROW1", "Arrow", pl.read_ipc),
)
_PARQUET_SUFFIXES = (".parquet", ".pq")
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_raw(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Reads CSV, JSON, Parquet, Arrow, SQLite or a workbook, compressed or not; the content tells which.

    Raises:
        InputError: the content is not a table with named columns.
    """
    unpacked = unpack(content, file)
    raw = _read_unpacked(unpacked, file, options)
    return replace(raw, decisions=(*unpacked.decisions, *raw.decisions))


def _read_unpacked(unpacked: Unpacked, file: str, options: ReadOptions) -> RawTable:
    content, suffix = unpacked.content, PurePath(unpacked.name).suffix.lower()
    if is_database(content):
        if options.sheet is not None and options.query is not None:
            raise InputError("sheet and query are both set; remove one of them.")
        return read_database(content, file, options.sheet, options.query)
    if options.query is not None:
        raise InputError(f"query is set, but {file} is not an SQLite database; remove query.")
    if content.startswith(OLD_WORKBOOK) or is_workbook(content):
        return read_workbook(content, file, options.sheet)
    if options.sheet is not None:
        raise InputError(
            f"sheet is set to {options.sheet}, but {file} is neither a workbook nor a database; remove sheet."
        )
    if is_duckdb(content):
        raise InputError(
            f"{file} is a DuckDB database; save what you need in DuckDB: COPY (SELECT ...) TO 'data.parquet'."
        )
    for magic, name, read in _COLUMNAR:
        if content.startswith(magic):
            return _read_columnar(content, file, name, read)
    if suffix in _PARQUET_SUFFIXES:
        raise InputError(f"{file} is not Parquet; write it again, or rename it if it is text.")
    text, encoding = decode(content, file, options.encoding)
    if not text or text.isspace():
        raise InputError(f"{file} is empty; use a table with named columns: CSV, JSON lines or Parquet.")
    if suffix in _JSON_SUFFIXES or text[:200].lstrip().startswith(("{", "[")):
        return replace(read_json(text, file), encoding=encoding)
    return read_csv(text, encoding, file, options.delimiter)


def _read_columnar(
    content: bytes, file: str, format_name: str, read: Callable[[io.BytesIO], pl.DataFrame]
) -> RawTable:
    try:
        frame = read(io.BytesIO(content))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        # A damaged file can make polars panic, and a panic is not an Exception in Python.
        raise InputError(
            f"{file} is damaged and cannot be read as {format_name} ({type(error).__name__}); write it again."
        ) from error
    if frame.width == 0 or frame.height == 0:
        raise InputError(f"{file} has no rows; give a table with at least one.")
    columns: dict[str, pl.Series] = {}
    for name in frame.columns:
        column = frame.get_column(name)
        if isinstance(column.dtype, pl.Categorical | pl.Enum):
            column = column.cast(pl.String)
        add_column(columns, tidy_title(name) or f"column {len(columns) + 1}", column, file)
    places = np.arange(1, frame.height + 1)
    return RawTable(file, columns, None, "row", places, (f"{file} is read as {format_name}.",))
