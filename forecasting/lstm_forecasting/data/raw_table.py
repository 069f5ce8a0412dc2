"""A file's columns before their meaning is known: text for CSV, typed for JSON and Parquet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from lstm_forecasting.data.arrays import Integers
from lstm_plugins.errors import InputError


@dataclass(frozen=True, eq=False)
class RawTable:
    """The columns of a file, in the order of the file.

    Attributes:
        file: the file's name, for messages.
        columns: each column by name; for CSV files, text with null for an empty field.
        delimiter: delimiter of a CSV file, None for other formats.
        noun: the unit by which users find a row: "line", "row" or "object".
        places: for each row, the number of the line, row or object that it starts in, from 1.
        decisions: what was found, one sentence each.
        encoding: encoding of the text, in words; empty for binary formats.
        sheet: the sheet of a workbook, or the table of a database; empty for other formats.
    """

    file: str
    columns: dict[str, pl.Series]
    delimiter: str | None
    noun: str
    places: Integers
    decisions: tuple[str, ...]
    encoding: str = ""
    sheet: str = ""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.places)

    def where(self, row: int) -> str:
        """Place of a row in the file: "line 17", "row 16"."""
        return f"{self.noun} {self.places[row]}"

    def only(self, rows: Integers) -> RawTable:
        """The table with only these rows."""
        chosen = pl.Series(rows)
        columns = {name: column.gather(chosen) for name, column in self.columns.items()}
        return replace(self, columns=columns, places=self.places[rows])


def add_column(columns: dict[str, pl.Series], title: str, column: pl.Series, file: str) -> None:
    """Adds a column under its title.

    Raises:
        InputError: there is a column of this title already.
    """
    if title in columns:
        raise InputError(f"{file} has two columns called {title!r}; rename one of them.")
    columns[title] = column


def title_words(name: str) -> list[str]:
    """The words of a column's name, in lower case."""
    return "".join(sign if sign.isalpha() else " " for sign in name.lower()).split()


def tidy_title(name: str) -> str:
    """A column's name on one line, without surrounding spaces and control characters."""
    # Spreadsheets break long titles into lines.
    line = " ".join(part.strip() for part in name.splitlines())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line).strip()
