"""Reads a file's bytes as columns, whatever the format."""

from dataclasses import replace
from pathlib import PurePath

from lstm_forecasting.data.csv_format import read_csv
from lstm_forecasting.data.json_format import read_json
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.parquet_format import MAGIC, read_parquet
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.text_format import decode
from lstm_plugins.errors import InputError

_PARQUET_SUFFIXES = (".parquet", ".pq")
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_raw(content: bytes, file: str, options: ReadOptions) -> RawTable:
    """Reads CSV, JSON or Parquet; the format is detected from the content.

    Raises:
        InputError: the content is not a table with named columns.
    """
    if content.startswith(MAGIC):
        return read_parquet(content, file)
    suffix = PurePath(file).suffix.lower()
    if suffix in _PARQUET_SUFFIXES:
        raise InputError(f"{file} is not Parquet; write it again, or rename it if it is text.")
    text, encoding = decode(content, file, options.encoding)
    if not text or text.isspace():
        raise InputError(f"{file} is empty; use a table with named columns: CSV, JSON lines or Parquet.")
    if suffix in _JSON_SUFFIXES or text[:200].lstrip().startswith(("{", "[")):
        return replace(read_json(text, file), encoding=encoding)
    return read_csv(text, encoding, file, options.delimiter)
