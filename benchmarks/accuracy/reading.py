"""Reads the published files with the reader of the program."""

from dataclasses import dataclass
from pathlib import Path

from lstm_forecasting.data.arrays import Array, Times
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.times.calendar import Frequency
from lstm_plugins.errors import InputError


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
