"""A file's columns before they are understood: text for CSV, typed for JSON and Parquet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl


@dataclass(frozen=True, eq=False)
class RawTable:
    """The columns of a file, in its order.

    Attributes:
        file: the file as the user named it, for messages.
        columns: for each name its column; of CSV files, text with null for an empty field.
        delimiter: what stands between the fields of a CSV file, None for other formats.
        noun: what the user counts to find a row: "line", "row" or "object".
        places: for each row, the number of the line, row or object that it begins in, from 1.
        decisions: what was found, in plain sentences.
        encoding: how its letters were encoded, in words; empty for formats that are no text.
    """

    file: str
    columns: dict[str, pl.Series]
    delimiter: str | None
    noun: str
    places: npt.NDArray[np.int64]
    decisions: tuple[str, ...]
    encoding: str = ""

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.places)

    def where(self, row: int) -> str:
        """Where the user finds a row: "line 17", "row 16"."""
        return f"{self.noun} {self.places[row]}"

    def only(self, rows: npt.NDArray[np.int64]) -> RawTable:
        """The table with these rows alone."""
        chosen = pl.Series(rows)
        columns = {name: column.gather(chosen) for name, column in self.columns.items()}
        return replace(self, columns=columns, places=self.places[rows])


def tidy_title(name: str) -> str:
    """A column's name for sentences and screens: one line, without spaces around it and control signs."""
    # Spreadsheets break long titles into lines.
    line = " ".join(part.strip() for part in name.splitlines())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line).strip()
