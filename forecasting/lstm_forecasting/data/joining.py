"""Several series of a long file beside each other, joined by their times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lstm_forecasting.data.calendar import Times
from lstm_forecasting.data.duplicates import merge_duplicates
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.long_format import FoundSeries
from lstm_forecasting.data.observations import Observations, numbers_of, reserved_columns, usual_target
from lstm_forecasting.data.options import Duplicates, ReadOptions
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.selection import select_columns
from lstm_forecasting.data.table import FileColumn
from lstm_forecasting.data.text_numbers import read_numbers
from lstm_plugins.errors import InputError

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def observe_several(
    raw: RawTable,
    times: Times | None,
    time_columns: Sequence[str],
    series: FoundSeries,
    targets: Sequence[str],
    inputs: Sequence[str],
    options: ReadOptions,
) -> Observations:
    """The chosen series of a long file as one column each; all are targets unless some are named.

    A single target that is a column of the file, and no series, says which values the series have.

    Raises:
        InputError: a column or a series cannot be used, two rows of one have the same time, or there are no
            times by which they belong together.
    """
    names = series.chosen_names
    if times is None:
        raise InputError(
            f"{raw.file} has no times by which series belong together; choose one series, or set time_column."
        )
    value: tuple[str, ...] = ()
    if len(targets) == 1 and targets[0] not in names:
        value, targets = tuple(targets), ()
    for name in (*targets, *inputs):
        if name not in names:
            raise ColumnError(
                f"{name!r} is none of the series {', '.join(names)} that are read as columns; name some of "
                "these, or read one series to use the other columns of the file."
            )
    rows = np.flatnonzero(np.isin(series.codes, series.chosen))
    raw, times, codes = raw.only(rows), times[rows], series.codes[rows]
    numbers = read_numbers(raw, options.decimal)
    reserved = reserved_columns(time_columns, series)
    chosen, _, _ = select_columns(raw.file, numbers, reserved, value, (), usual_target(raw, series))
    # Asked for by its name, it is not said to be the target: the series are.
    (value_column,), _, selected = select_columns(raw.file, numbers, reserved, chosen, ())
    calendar, values, file_rows, decisions = _beside_each_other(
        raw,
        times,
        numbers_of(numbers[value_column]),
        codes,
        series,
        ", ".join(time_columns),
        options.duplicates,
    )
    columns = tuple(dict.fromkeys((*(targets or names), *inputs)))
    missing = np.isnan(values).sum(axis=0)
    return Observations(
        calendar,
        values[:, [names.index(column) for column in columns]],
        columns,
        tuple(targets) or names,
        lambda row: raw.where(int(file_rows[row])),
        (
            *(FileColumn(name, "time", 0) for name in time_columns),
            *(FileColumn(name, "number", int(count)) for name, count in zip(names, missing, strict=True)),
        ),
        decisions,
        (
            f"The columns are the {value_column} of {len(names)} series, joined by their times; name another "
            "column of the file as the target to read that.",
            *selected,
        ),
        numbers[value_column].decimal,
    )


def _beside_each_other(
    raw: RawTable,
    times: Times,
    values: Array,
    codes: Integers,
    series: FoundSeries,
    title: str,
    duplicates: Duplicates,
) -> tuple[Times, Array, Integers, tuple[str, ...]]:
    """All times, the values `[times, series]`, a row of the file for each time, and decisions."""
    calendar = np.unique(times)
    joined = np.full((len(calendar), len(series.chosen)), np.nan)
    file_rows = np.zeros(len(calendar), dtype=np.int64)
    decisions: list[str] = []
    for index, code in enumerate(series.chosen):
        own = np.flatnonzero(codes == code)
        part = raw.only(own)
        merged = merge_duplicates(times[own], values[own, np.newaxis], duplicates, title, part.where)
        places = np.searchsorted(calendar, merged.times)
        joined[places, index] = merged.values[:, 0]
        file_rows[places] = own[merged.rows]
        decisions += [f"Of {series.names[code]}, {decision}" for decision in merged.decisions]
    return calendar, joined, file_rows, tuple(decisions)
