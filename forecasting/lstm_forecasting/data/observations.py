"""The rows read from a file: times and numbers, before they are placed on a calendar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Times
from lstm_forecasting.data.duplicates import merge_duplicates
from lstm_forecasting.data.long_format import STANDARD, FoundSeries
from lstm_forecasting.data.options import Decimal, ReadOptions
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.selection import TIMES_OPTION, select_columns
from lstm_forecasting.data.table import ColumnKind, FileColumn
from lstm_forecasting.data.text_numbers import NumberColumn, read_numbers


@dataclass(frozen=True, eq=False)
class Observations:
    """Numbers and their times, in the order of the file.

    Attributes:
        times: `datetime64[us]` `[rows]`, all different; None if rows are numbered.
        values: float64 `[rows, columns]`, NaN for missing values.
        columns: names of the columns, targets first.
        targets: columns to forecast.
        where: describes where in the file a row is.
        file_columns: all columns of the file.
        decisions: decisions about the times, one sentence each.
        selected: decisions about the columns, one sentence each.
        decimal: the decimal mark of the chosen columns; None if they have none.
    """

    times: Times | None
    values: Array
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    where: Callable[[int], str]
    file_columns: tuple[FileColumn, ...]
    decisions: tuple[str, ...]
    selected: tuple[str, ...]
    decimal: Decimal | None


def observe(
    raw: RawTable,
    times: Times | None,
    time_columns: Sequence[str],
    series: FoundSeries,
    targets: Sequence[str],
    inputs: Sequence[str],
    options: ReadOptions,
) -> Observations:
    """The chosen columns of a single series.

    Raises:
        InputError: a column cannot be used, or two rows have the same time.
    """
    if len(series.names) > 1:
        rows = np.flatnonzero(series.codes == series.chosen[0])
        raw, times = raw.only(rows), None if times is None else times[rows]
    numbers = read_numbers(raw, options.decimal)
    reserved = reserved_columns(time_columns, series)
    targets, columns, selected = select_columns(
        raw.file, numbers, reserved, targets, inputs, usual_target(raw, series)
    )
    values = np.column_stack([numbers_of(numbers[column]) for column in columns])
    rows, decisions = np.arange(len(values)), tuple[str, ...]()
    if times is not None:
        merged = merge_duplicates(times, values, options.duplicates, ", ".join(time_columns), raw.where)
        times, values, rows, decisions = merged.times, merged.values, merged.rows, merged.decisions
    return Observations(
        times,
        values,
        columns,
        targets,
        lambda row: raw.where(int(rows[row])),
        _file_columns(numbers, reserved),
        decisions,
        selected,
        next((mark for name in columns if (mark := numbers[name].decimal) is not None), None),
    )


def reserved_columns(time_columns: Sequence[str], series: FoundSeries) -> dict[str, str]:
    """The columns that cannot be forecast, each with the option that reserves it."""
    return {
        **dict.fromkeys(series.columns, "series_column"),
        **dict.fromkeys(time_columns, TIMES_OPTION),
    }


def usual_target(raw: RawTable, series: FoundSeries) -> str | None:
    """The target of a long file with the standard titles."""
    lowered = {name.lower(): name for name in raw.columns}
    return lowered[STANDARD[2]] if series.columns and lowered.keys() >= set(STANDARD) else None


def numbers_of(column: NumberColumn) -> Array:
    """The numbers of a selected column."""
    if column.values is None:
        raise ValueError("a column without numbers was selected")
    return column.values


def _file_columns(numbers: Mapping[str, NumberColumn], reserved: Mapping[str, str]) -> tuple[FileColumn, ...]:
    def kind(name: str) -> ColumnKind:
        if name in reserved:
            return "time" if reserved[name] == TIMES_OPTION else "text"
        return "number" if numbers[name].problem is None else "text"

    return tuple(FileColumn(name, kind(name), column.missing) for name, column in numbers.items())
