"""What reading a file gives: a clean, equally spaced series with named columns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.calendar import Frequency, Times
from lstm_forecasting.data.options import ReadOptions

ColumnKind = Literal["time", "number", "text"]


@dataclass(frozen=True)
class FileColumn:
    """One column as the file has it, used or not.

    Attributes:
        name: the header's name, without surrounding spaces.
        kind: what its content is.
        missing: how many of the file's rows have no value in it.
    """

    name: str
    kind: ColumnKind
    missing: int


@dataclass(frozen=True)
class Reading:
    """How a table was read.

    Attributes:
        options: what the user decided.
        held: for every option of reading what held in the end, as people write it, whether they decided it or
            it was found; empty where there was nothing to decide, such as the delimiter of Parquet.
    """

    options: ReadOptions
    held: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """One equally spaced series, oldest row first, without missing values.

    Attributes:
        name: short name for titles: the file's stem or the bundled set's name.
        source: where it came from: the path as given, or "bundled data set co2".
        times: `datetime64[us]` of every row, or None when rows are only counted.
        frequency: how far apart the rows are.
        values: float64 `[rows, columns]`, read-only.
        filled: bool `[rows, columns]`, read-only: True where the file had no value and one was made.
        columns: names of the columns of `values`: the targets first, then the other inputs, as asked for.
        targets: the columns that are forecast; always the first of `columns`.
        season_candidates: season lengths in rows that the frequency suggests, shortest first
            (`seasons.find_season` decides which of them the data supports).
        missing_stamps: rows that the calendar has and the file had not.
        missing_values: for each of `columns`, how many values were made (those of missing rows included).
        file_columns: every column of the file.
        decisions: what was found and decided on the way, one plain sentence each.
        reading: the options that it was read with, and what held.
    """

    name: str
    source: str
    times: Times | None
    frequency: Frequency
    values: npt.NDArray[np.float64]
    filled: npt.NDArray[np.bool_]
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    season_candidates: tuple[int, ...]
    missing_stamps: int
    missing_values: tuple[int, ...]
    file_columns: tuple[FileColumn, ...]
    decisions: tuple[str, ...]
    reading: Reading

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.values)

    @property
    def target_indices(self) -> tuple[int, ...]:
        """Where the targets are among the columns of `values`."""
        return tuple(range(len(self.targets)))

    def future_times(self, count: int) -> Times | None:
        """The `count` times after the last row, or None when rows are only counted."""
        if self.times is None:
            return None
        return self.frequency.times(self.times[-1], 1, count)

    def row_text(self, row: int) -> str:
        """The time of a row as people write it, also of a future one; its number, from 0, without times."""
        if self.times is None:
            return str(row)
        return self.frequency.text(self.frequency.advance(self.times[0], row))

    def fingerprint(self) -> str:
        """SHA-256 of columns, times and values: equal exactly when a forecaster is given the same numbers."""
        digest = hashlib.sha256()
        digest.update("\x1f".join((*self.columns, "\x1e", *self.targets)).encode())
        if self.times is not None:
            digest.update(self.times.astype("<i8").tobytes())
        digest.update(self.values.astype("<f8").tobytes())
        return digest.hexdigest()
