"""The result of reading a file: a clean, equally spaced series with named columns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from lstm_forecasting.data.arrays import Array, Times, Truths
from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME, ReadOptions
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.known.own_columns import OwnColumns

ColumnKind = Literal["time", "number", "text"]
Role = Literal["time", "label", "target", "input", "known", "unused"]
"""What a column of a file is for: a label names the series of a long file, `known` is known ahead."""


@dataclass(frozen=True)
class FileColumn:
    """A column of the file, used or not.

    Attributes:
        name: its title, without surrounding spaces.
        kind: kind of its content.
        missing: number of rows of the file without a value.
    """

    name: str
    kind: ColumnKind
    missing: int


@dataclass(frozen=True)
class Reading:
    """How a table was read.

    Attributes:
        options: the user's options of reading.
        held: the effective value of every option in words, set by the user or found in the data; empty if
            there was nothing to decide, such as the delimiter of a Parquet file.
    """

    options: ReadOptions
    held: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """One equally spaced series, oldest row first, without missing values.

    Attributes:
        name: short name for titles: the file's stem or the bundled set's name.
        source: the path as given, or "bundled data set co2".
        times: `datetime64[us]` of every row, or None if rows are numbered.
        frequency: distance between rows.
        zone: the zone whose clocks the rows follow; empty for none.
        first_number: number of the first row, if rows are numbered.
        findings: what reading decided and the user should know; each is one of `decisions`, or adds to them.
        candidates: columns that could as well be the target; empty if the user, the title or the file tells.
        series_rows: number of rows of each series of a long file, by name.
        earlier: the last value of each column in the rows that were dropped at the start, nan for none; empty
            for a table that was not read from a file.
        known: the columns that the user knows ahead, in these rows and in rows after the last one; None for
            none.
        values: float64 `[rows, columns]`, read-only.
        filled: bool `[rows, columns]`, read-only: True for values that were missing and have been filled.
        columns: names of the columns of `values`: targets first, then the other inputs, as requested.
        targets: columns to forecast; always the first of `columns`.
        season_candidates: season lengths in rows that the frequency suggests, shortest first; see
            `seasons.find_season`.
        missing_stamps: number of rows that were missing from the file.
        missing_values: number of filled values of each of `columns`, including those of missing rows.
        file_columns: every column of the file.
        decisions: what was found and decided while reading, one sentence each.
        reading: the options of reading and their effective values.
    """

    name: str
    source: str
    times: Times | None
    frequency: Frequency
    values: Array
    filled: Truths
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    season_candidates: tuple[int, ...]
    missing_stamps: int
    missing_values: tuple[int, ...]
    file_columns: tuple[FileColumn, ...]
    decisions: tuple[str, ...]
    reading: Reading
    first_number: int = 0
    findings: tuple[Finding, ...] = ()
    candidates: tuple[str, ...] = ()
    series_rows: Mapping[str, int] = field(default_factory=dict)
    earlier: tuple[float, ...] = ()
    zone: str = ""
    known: OwnColumns | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.values)

    @property
    def target_indices(self) -> tuple[int, ...]:
        """Indices of the targets in `columns`."""
        return tuple(range(len(self.targets)))

    def with_options(self, **changed: object) -> SeriesTable:
        """The same rows with other reading options, for those that later steps look at, such as limits."""
        options = replace(self.reading.options, **changed)  # type: ignore[arg-type]
        return replace(self, reading=replace(self.reading, options=options))

    def role(self, name: str) -> Role:
        """What a column of the file is for."""
        if name in self.columns:
            return "target" if name in self.targets else "input"
        if self.known is not None and name in self.known.names:
            return "known"
        if name in READ_OPTIONS_BY_NAME["series_column"].parse(self.reading.held.get("series_column", "")):
            return "label"
        is_time = any(column.kind == "time" for column in self.file_columns if column.name == name)
        return "time" if is_time else "unused"

    def observed_values(self, column: int) -> Array:
        """The values of a column `[rows]`, nan where they were filled, to be drawn with gaps."""
        return np.where(self.filled[:, column], np.nan, self.values[:, column])

    def future_times(self, count: int) -> Times | None:
        """The `count` times after the last row, or None if rows are numbered."""
        if self.times is None:
            return None
        return self.frequency.times(self.times[-1], 1, count)

    def row_text(self, row: int) -> str:
        """The time of a row, possibly a future one, as text; without times its number."""
        if self.times is None:
            return str(self.first_number + row * self.frequency.size)
        later = row - self.rows + 1
        time = self.times[row] if later <= 0 else self.frequency.advance(self.times[-1], later)
        return self.frequency.text(time)

    def fingerprint(self) -> str:
        """SHA-256 of columns, times and values; equal if and only if a forecaster sees the same numbers."""
        digest = hashlib.sha256()
        digest.update("\x1f".join((*self.columns, "\x1e", *self.targets)).encode())
        if self.times is not None:
            digest.update(self.times.astype("<i8").tobytes())
        digest.update(self.values.astype("<f8").tobytes())
        if self.known is not None:
            digest.update("\x1f".join(self.known.names).encode())
            digest.update(self.known.values.astype("<f8").tobytes())
        return digest.hexdigest()
