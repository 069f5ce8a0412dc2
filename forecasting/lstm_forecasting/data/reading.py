"""Reading a CSV or Parquet file into an equally spaced series."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.calendar import COUNTED, Frequency, Times
from lstm_forecasting.data.missing import Missing, fill_missing
from lstm_forecasting.data.raw_table import read_raw
from lstm_forecasting.data.seasons import season_candidates
from lstm_forecasting.data.selection import select_columns
from lstm_forecasting.data.spacing import find_spacing
from lstm_forecasting.data.table import ColumnKind, FileColumn, SeriesTable
from lstm_forecasting.data.text_numbers import NumberColumn, read_numbers
from lstm_forecasting.data.time_columns import find_times
from lstm_forecasting.errors import InputError


def read_table(
    path: Path,
    targets: Sequence[str] = (),
    inputs: Sequence[str] = (),
    missing: Missing = "interpolate",
    *,
    name: str | None = None,
    source: str | None = None,
    decisions: Sequence[str] = (),
) -> SeriesTable:
    """Reads a file, finds its times and their calendar, and fills what is missing.

    Args:
        path: a CSV or Parquet file with a header.
        targets: columns to forecast; if none is named, the last column of numbers.
        inputs: further columns that a forecast may see.
        missing: what becomes of missing values and missing rows.
        name: name of the table; the file's stem if None.
        source: where it comes from; the path if None.
        decisions: what was decided before, to begin the table's decisions with.

    Raises:
        InputError: the file cannot be used as it is.
    """
    try:
        _refuse_missing_file(path)
    except OSError as error:
        raise InputError(f"{path} cannot be reached ({error.strerror}); correct the path.") from error
    raw = read_raw(path, path.name)
    found = find_times(raw)
    numbers = read_numbers(raw)
    targets, columns, selected = select_columns(raw.file, numbers, found.columns, targets, inputs)
    values = np.column_stack([_values(numbers[column]) for column in columns])
    notes = [*decisions, *raw.decisions, *found.decisions]
    frequency, times, order, positions = COUNTED, None, np.arange(len(values)), np.arange(len(values))
    if found.times is not None:
        spacing = find_spacing(found.times, found.title, raw.where)
        frequency, order, positions = spacing.frequency, spacing.order, spacing.positions
        times = frequency.times(spacing.start, 0, spacing.rows)
        notes += [*spacing.decisions, _calendar_note(frequency, times)]
    rows = int(positions[-1]) + 1
    calendar = np.full((rows, len(columns)), np.nan)
    calendar[positions] = values[order]
    missing_stamps = rows - len(values)
    if missing_stamps:
        noun = "row is" if missing_stamps == 1 else "rows are"
        notes.append(f"{missing_stamps} {noun} missing from the file and put in.")
    file_rows = np.full(rows, -1)
    file_rows[positions] = order

    def describe(row: int) -> str:
        if file_rows[row] >= 0 or times is None:
            return raw.where(int(file_rows[row]))
        return frequency.text(times[row])

    filled = fill_missing(calendar, columns, missing, describe)
    if times is not None:
        times = times[filled.first : filled.first + len(filled.values)]
    for index, column in enumerate(columns):
        if len(filled.values) > 1 and (filled.values[:, index] == filled.values[0, index]).all():
            notes.append(f"Column {column} is the same in every row.")
    for array in (filled.values, filled.made, times):
        if array is not None:
            array.setflags(write=False)
    return SeriesTable(
        name=name or path.stem,
        source=source or str(path),
        times=times,
        frequency=frequency,
        values=filled.values,
        filled=filled.made,
        columns=columns,
        targets=targets,
        season_candidates=season_candidates(frequency),
        missing_stamps=missing_stamps,
        missing_values=tuple(int(count) for count in filled.made.sum(axis=0)),
        file_columns=_file_columns(numbers, found.columns),
        decisions=(*notes, *selected, *filled.decisions),
    )


def _refuse_missing_file(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a CSV or Parquet file in it.")
    if path.is_file():
        return
    if path.exists():
        raise InputError(f"{path} is not a file but a device or a pipe; give a CSV or Parquet file.")
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"There is no file {path}, nor a folder {folder}; correct the path.")
    close = difflib.get_close_matches(path.name, (entry.name for entry in folder.iterdir()), n=2)
    hint = (
        f"did you mean {' or '.join(str(folder / name) for name in close)}?" if close else "correct the path."
    )
    raise InputError(f"There is no file {path}; {hint}")


def _calendar_note(frequency: Frequency, times: Times) -> str:
    first, last = frequency.text(times[0]), frequency.text(times[-1])
    return f"The frequency is {frequency.name}, from {first} to {last}."


def _values(column: NumberColumn) -> npt.NDArray[np.float64]:
    if column.values is None:
        raise ValueError("a column without numbers was selected")
    return column.values


def _file_columns(numbers: Mapping[str, NumberColumn], time_columns: Sequence[str]) -> tuple[FileColumn, ...]:
    def kind(name: str) -> ColumnKind:
        if name in time_columns:
            return "time"
        return "number" if numbers[name].problem is None else "text"

    return tuple(FileColumn(name, kind(name), column.missing) for name, column in numbers.items())
