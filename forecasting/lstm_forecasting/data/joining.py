"""Joins several series of a long file on their times, one column each."""

from collections.abc import Sequence

import numpy as np

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.duplicates import merge_duplicates
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.long_format import FoundSeries
from lstm_forecasting.data.observations import Observations, numbers_of, reserved_columns, usual_target
from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.selection import select_columns
from lstm_forecasting.data.table import FileColumn
from lstm_forecasting.data.text_numbers import read_numbers
from lstm_plugins.errors import InputError


def observe_several(
    raw: RawTable,
    times: Times | None,
    time_columns: Sequence[str],
    series: FoundSeries,
    targets: Sequence[str],
    inputs: Sequence[str],
    options: ReadOptions,
) -> Observations:
    """The chosen series of a long file, one column each; all are targets unless some are named.

    A single target that is a column of the file, not a series, selects the values of the series.

    Raises:
        InputError: a column or a series cannot be used, two rows of a series have the same time, or there are
            no times to join on.
    """
    names = series.chosen_names
    if times is None:
        raise InputError(f"{raw.file} has no times to join series on; choose one series, or set time_column.")
    value: tuple[str, ...] = ()
    if len(targets) == 1 and targets[0] not in names:
        value, targets = tuple(targets), ()
    for name in (*targets, *inputs):
        if name not in names:
            raise ColumnError(
                f"{name!r} is not one of the series {', '.join(names)}, which are read as columns; name one "
                "of these, or read a single series to use the other columns of the file."
            )
    rows = np.flatnonzero(np.isin(series.codes, series.chosen))
    raw, times, codes = raw.only(rows), times[rows], series.codes[rows]
    numbers = read_numbers(raw, options.decimal)
    reserved = reserved_columns(time_columns, series)
    chosen, _, _ = select_columns(raw.file, numbers, reserved, value, (), usual_target(raw, series))
    # Selected by name, so that no decision calls it the target: the series are the targets.
    (value_column,), _, selected = select_columns(raw.file, numbers, reserved, chosen, ())
    merged = merge_duplicates(
        times,
        numbers_of(numbers[value_column])[:, np.newaxis],
        options.duplicates,
        ", ".join(time_columns),
        raw.where,
        codes,
    )
    calendar, places = np.unique(merged.times, return_inverse=True)
    values = np.full((len(calendar), len(names)), np.nan)
    place_of = np.zeros(len(series.names), dtype=np.int64)
    place_of[list(series.chosen)] = np.arange(len(names))
    values[places, place_of[codes[merged.rows]]] = merged.values[:, 0]
    file_rows = np.zeros(len(calendar), dtype=np.int64)
    file_rows[places] = merged.rows
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
        merged.decisions,
        (
            f"The columns are the {value_column} of {len(names)} series, joined on their times; to read "
            "another column of the file, name it as the target.",
            *selected,
        ),
        numbers[value_column].decimal,
    )
