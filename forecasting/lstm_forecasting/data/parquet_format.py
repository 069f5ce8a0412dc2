"""Parquet files as typed columns."""

import io

import numpy as np
import polars as pl

from lstm_forecasting.data.raw_table import RawTable, add_column, tidy_title
from lstm_plugins.errors import InputError

MAGIC = b"PAR1"
"""First bytes of a Parquet file."""


def read_parquet(content: bytes, file: str) -> RawTable:
    """Reads a Parquet file.

    Raises:
        InputError: the file is damaged or has no rows.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        # A damaged file can make polars panic, and a panic is not an Exception in Python.
        raise InputError(
            f"{file} is damaged and cannot be read as Parquet ({type(error).__name__}); write it again."
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
    return RawTable(file, columns, None, "row", places, (f"{file} is read as Parquet.",))
