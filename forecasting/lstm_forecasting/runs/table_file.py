"""A table on disk: its rows in a file of arrays, and a description of all the rest for a readable file."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lstm_forecasting.checkpoints.tensor_file import read_tensors, write_tensors
from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.table import FileColumn, Reading, SeriesTable
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.known.own_columns import OwnColumns


@dataclass(frozen=True)
class TableDescription:
    """A `SeriesTable` without its rows, under the same names."""

    name: str
    source: str
    frequency: Frequency
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
    zone: str = ""
    earlier: tuple[float, ...] = ()


@dataclass(frozen=True)
class SeriesFile:
    """Header of the file with the values, which of them were filled, and the times if any.

    Attributes:
        columns: names of the columns of the values.
        known: columns that the user knows ahead, as `OwnColumns` has them; their values are in the file too.
        words: the texts of each of them.
    """

    columns: tuple[str, ...]
    known: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()


def describe_table(table: SeriesTable) -> TableDescription:
    """All of a table but its rows."""
    return TableDescription(**{name: getattr(table, name) for name in TableDescription.__dataclass_fields__})


def write_rows(path: Path, table: SeriesTable) -> None:
    """Writes the rows of a table.

    Raises:
        OSError: they cannot be written.
    """
    arrays = {"values": table.values, "filled": table.filled}
    if table.times is not None:
        arrays["times"] = table.times.astype(np.int64)
    header = SeriesFile(table.columns)
    if table.known is not None:
        arrays["known"] = table.known.values
        header = replace(header, known=table.known.names, words=table.known.words)
    write_tensors(path, header, arrays)


def read_table(path: Path, description: TableDescription) -> SeriesTable:
    """The table of a file with its rows.

    Raises:
        InputError: the file is missing or damaged.
        KeyError: it lacks an array.
    """
    header, arrays = read_tensors(path, SeriesFile)
    times = arrays.get("times")
    for array in arrays.values():
        array.setflags(write=False)
    return SeriesTable(
        times=None if times is None else times.view("datetime64[us]"),
        values=arrays["values"],
        filled=arrays["filled"],
        known=OwnColumns(header.known, arrays["known"], header.words) if header.known else None,
        **{name: getattr(description, name) for name in TableDescription.__dataclass_fields__},
    )
