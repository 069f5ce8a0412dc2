"""Reads the user's own known columns from a file: numbers, and texts as categories."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.values.text_numbers import MISSING_SIGNS, NumberColumn
from lstm_forecasting.known.own_columns import NO_WORD
from lstm_plugins.errors import InputError

MOST_WORDS = 50
"""Different texts of a column; with more, it is not one of categories."""


def read_own_columns(
    raw: RawTable, numbers: Mapping[str, NumberColumn], names: Sequence[str]
) -> tuple[Array, tuple[tuple[str, ...], ...]]:
    """The columns as `OwnColumns` has them, float64 `[rows of the file, columns]`, and their texts.

    Raises:
        InputError: a column has neither numbers nor texts, or too many different texts.
    """
    read = [_read(raw, numbers[name], name) for name in names]
    values = np.column_stack([own for own, _ in read]) if read else np.zeros((raw.rows, 0))
    return values, tuple(words for _, words in read)


def _read(raw: RawTable, column: NumberColumn, name: str) -> tuple[Array, tuple[str, ...]]:
    if column.values is not None:
        return column.values, ()
    texts = raw.columns[name]
    if column.nearly or texts.dtype not in (pl.String, pl.Categorical, pl.Enum):
        raise InputError(str(column.problem))
    texts = texts.cast(pl.String).str.strip_chars()
    lowered = texts.str.to_lowercase()
    texts = texts.set((texts == "") | lowered.is_in(MISSING_SIGNS), None)
    words = tuple(texts.drop_nulls().unique(maintain_order=True).to_list())
    if len(words) > MOST_WORDS:
        raise InputError(
            f"Column {name!r} of {raw.file} has {len(words)} different texts, but only columns with at most "
            f"{MOST_WORDS} can be known ahead as categories; merge some, or choose another column."
        )
    codes = texts.cast(pl.Enum(words)).to_physical().cast(pl.Float64)
    return codes.fill_null(NO_WORD).to_numpy().astype(np.float64), words
