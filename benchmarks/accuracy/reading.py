"""Reads the published files with the reader of the program, and opens series made from them likewise."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from lstm_forecasting.data.arrays import Array, Times
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.calendar import Frequency
from lstm_plugins.errors import InputError

TARGET = "y"


@dataclass(frozen=True, eq=False)
class Columns:
    """Equally spaced columns without missing values.

    Attributes:
        values: `[rows, columns]`.
        times: the time of each row.
        frequency: the distance between rows.
    """

    values: Array
    times: Times
    frequency: Frequency

    def first(self, rows: int) -> "Columns":
        """The first rows."""
        return Columns(self.values[:rows], self.times[:rows], self.frequency)

    def column(self, number: int) -> "Columns":
        """One column."""
        return Columns(self.values[:, [number]], self.times, self.frequency)


def read_columns(path: Path, target: str = "") -> Columns:
    """All numbers of a file; the target is the first column, if one is named.

    Raises:
        InputError: the file is missing, cannot be read or has no times.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}; --data names the folder of the published files.")
    names = [column.name for column in read_table(path).file_columns if column.kind == "number"]
    table = read_table(path, sorted(names, key=lambda name: name != target))
    if table.times is None:
        raise InputError(f"{path} has no column of times, which this protocol needs.")
    return Columns(table.values, table.times, table.frequency)


def open_columns(
    read: Columns, options: ReadOptions = DEFAULT_OPTIONS, known: Columns | None = None
) -> SeriesTable:
    """The first column as the program opens it from a file.

    Args:
        read: the series.
        options: of reading.
        known: columns that are known ahead, for the rows of the series and rows after its end; None for none.
    """
    times = read.times if known is None else known.times
    series = [*read.values[:, 0].tolist(), *[None] * (len(times) - len(read.values))]
    columns = {"time": times, TARGET: series}
    if known is not None:
        columns |= {name: known.values[:, place] for place, name in enumerate(options.known)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "series.csv"
        pl.DataFrame(columns).write_csv(path)
        return read_table(path, (TARGET,), options=options)
