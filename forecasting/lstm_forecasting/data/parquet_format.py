"""Parquet files as typed columns."""

from __future__ import annotations

import io

import numpy as np
import polars as pl

from lstm_forecasting.data.raw_table import RawTable, tidy_title
from lstm_plugins.errors import InputError

MAGIC = b"PAR1"
"""What a Parquet file begins with."""


def read_parquet(content: bytes, file: str) -> RawTable:
    """Reads a Parquet file.

    Raises:
        InputError: it is damaged, or has no rows.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        # A damaged file can make polars' own checks fail, which is not an Exception to Python.
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
        title = tidy_title(name) or f"column {len(columns) + 1}"
        if title in columns:
            raise InputError(f"{file} has two columns called {title!r}; rename one of them.")
        columns[title] = column
    return RawTable(
        file, columns, None, "row", np.arange(1, frame.height + 1), (f"{file} is read as Parquet.",)
    )
