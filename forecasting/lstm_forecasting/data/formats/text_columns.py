"""Columns of text under a header, as text files and spreadsheets have them."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers
from lstm_forecasting.data.formats.notes import are_units, count_totals
from lstm_forecasting.data.raw_table import add_column
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError


def named_columns(
    header: Sequence[str], fields: Sequence[pl.Series], places: Integers, noun: str, file: str
) -> tuple[dict[str, pl.Series], Integers, list[str]]:
    """The columns by title, the places of their rows, and what was skipped, one sentence each.

    Rows without any field, with units or with totals are skipped, and so are columns without title and
    fields. `places` and `noun` are those of `RawTable`.

    Raises:
        InputError: there are no rows, or two columns have the same title.
    """
    if len(places) == 0:
        raise InputError(f"{file} has a header but no rows; add data below it.")
    decisions = []
    blank = np.ones(len(places), dtype=bool)
    for column in fields:
        blank &= column.is_null().to_numpy()
    if len(fields) > 1 and blank.any():
        keep = pl.Series(~blank)
        fields, places = [column.filter(keep) for column in fields], places[~blank]
        decisions.append(f"{counted(int(blank.sum()), f'empty {noun}')} skipped.")
    if are_units(fields):
        decisions.append(f"The units in {noun} {places[0]} are skipped.")
        fields, places = [column[1:] for column in fields], places[1:]
    totals = count_totals(fields)
    if totals:
        word = next(str(cell) for column in fields if (cell := column[-totals]) is not None)
        verb = "is" if totals == 1 else "are"
        decisions.append(f"{counted(totals, noun)} of totals at the end ({word!r}) {verb} skipped.")
        fields, places = [column[:-totals] for column in fields], places[:-totals]
    columns: dict[str, pl.Series] = {}
    if len(places):
        for number, (name, column) in enumerate(zip(header, fields, strict=True), start=1):
            title = name or f"column {number}"
            if not name:
                if column.is_null().all():
                    continue
                decisions.append(f"Column {number} has no title and is called {title!r}.")
            add_column(columns, title, column, file)
    if not columns:
        raise InputError(f"{file} has a header but only empty rows; add data below it.")
    return columns, places, decisions


def refuse_data_as_header(header: Sequence[str], file: str) -> None:
    """Raises InputError if a header has no titles, or numbers and dates in their place."""
    named = [name for name in header if name]
    if not named:
        raise InputError(f"{file} has no titles in its first line; start it with a header of column names.")
    if all(any(sign.isdigit() for sign in name) and not any(map(str.isalpha, name)) for name in named):
        raise InputError(
            f"{file} begins with data ({named[0]!r}) instead of a header; add a first line of column names."
        )


def trimmed(column: pl.Series) -> pl.Series:
    """A column of text without surrounding spaces; empty fields become null."""
    stripped = column.str.strip_chars()
    return stripped.set(stripped == "", None)
