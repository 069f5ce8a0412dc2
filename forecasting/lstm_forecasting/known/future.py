"""Values of known columns after the end of a series, from a file of their own."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Times, Truths
from lstm_forecasting.data.observations import Observations, observe_known
from lstm_forecasting.data.options import NONE, READ_OPTIONS_BY_NAME
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.timed_rows import TimedRows, read_rows
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.wall_clock import are_skipped
from lstm_forecasting.known.own_columns import NO_WORD, OwnColumns
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError, OptionError

_CLOSED = -2
"""The place of a row in a pause of the calendar, such as a weekend; such rows are left out."""
_FARTHEST = 100_000
"""Rows after the end of a series; a later one has a wrong time."""


def with_future(table: SeriesTable, file: str) -> SeriesTable:
    """The table with the values of its known columns in a file, which count more than those it has.

    The file is read with the options of the table and must continue its rows. Rows that the series has
    already are ignored.

    Raises:
        InputError: the file cannot be read, or its rows do not continue the series.
        OptionError: the table has no known columns.
    """
    known = table.known
    if known is None:
        raise OptionError("future", f"no column of {table.name} is known ahead; name one with known")
    rows = _read(table, known, Path(file).expanduser())
    observed = observe_known(rows.raw, rows.times, rows.found, rows.series, rows.options, rows.clock)
    steps = _steps(table, rows, observed)
    read = _in_words_of(table, known, rows.raw.file, observed)
    after = np.flatnonzero(steps > 0)
    ahead = max(len(known.values) - table.rows, int(steps.max()))
    merged = np.full((table.rows + ahead, len(known.names)), np.nan)
    merged[: len(known.values)] = known.values
    places, values = table.rows - 1 + steps[after], read.values[after]
    merged[places] = np.where(np.isnan(values), merged[places], values)
    _fill_skipped(table, merged)
    merged.setflags(write=False)
    told = [f"{rows.raw.file} has {counted(len(after), 'row')} after the last one of {table.name}."]
    closed = int((steps == _CLOSED).sum())
    if closed:
        verb = "is" if closed == 1 else "are"
        told.append(f"{counted(closed, 'row')} on closed days or hours {verb} left out.")
    return replace(
        table, known=OwnColumns(known.names, merged, read.words), decisions=(*table.decisions, *told)
    )


def _fill_skipped(table: SeriesTable, values: Array) -> None:
    """Gives times that the clocks of a zone skip, which no file has, the values before them, in place."""
    times = table.future_times(len(values) - table.rows)
    if table.zone and times is not None:
        for row in table.rows + np.flatnonzero(are_skipped(times, table.zone)):
            values[row] = np.where(np.isnan(values[row]), values[row - 1], values[row])


def _read(table: SeriesTable, known: OwnColumns, path: Path) -> TimedRows:
    """The rows of the file, read as those of the table were."""
    held, options = table.reading.held, table.reading.options
    title = held.get("time_column", "")
    asked = replace(
        options,
        known=known.names,
        time_column=title if "," not in title else options.time_column,
        time_zone=options.time_zone or held.get("time_zone") or None,
        date_order=options.date_order or READ_OPTIONS_BY_NAME["date_order"].check(held["date_order"] or None),
        series_column=(NONE,),
        series=(),
    )
    rows = read_rows(path, asked, on_clocks=bool(table.zone))
    columns, series = (
        READ_OPTIONS_BY_NAME[name].parse(held.get(name, "")) for name in ("series_column", "series")
    )
    if columns != (NONE,) and set(columns) <= rows.raw.columns.keys():
        rows = read_rows(
            path, replace(asked, series_column=columns, series=series), on_clocks=bool(table.zone)
        )
    if table.zone and rows.clock is None:
        raise InputError(
            f"The times of {rows.raw.file} cannot be placed on the clocks of {table.zone}; give at least two "
            "rows with equal steps."
        )
    return rows


def _steps(table: SeriesTable, rows: TimedRows, observed: Observations) -> Integers:
    """The place of each row after the last one of the table, from 1; 0 or less for others, see `_CLOSED`.

    Raises:
        InputError: no row is after the last one, or one of them is not on the calendar.
    """
    file, times = rows.raw.file, observed.times
    last = table.row_text(table.rows - 1)
    if times is None and table.times is None:
        return np.arange(1, len(observed.values) + 1)
    if times is None or (table.times is None) != rows.found.index:
        ours, theirs = ("times", "none") if times is None else ("no times", "some")
        raise InputError(
            f"The rows of {table.name} have {ours}, but those of {file} have {theirs}; give both the same "
            "column of times, or set time_column."
        )
    if table.times is None:
        numbers = times.astype(np.int64) - (table.first_number + (table.rows - 1) * table.frequency.size)
        steps, rest = np.divmod(numbers, table.frequency.size)
        wrong = (numbers > 0) & ((rest > 0) | (steps > _FARTHEST))
    else:
        steps, end = np.zeros(len(times), np.int64), table.times[-1]
        closed = (times > end) & _are_closed(table.frequency, times)
        steps[closed] = _CLOSED
        later = np.flatnonzero((times > end) & ~closed)
        far = times[later] - end > _FARTHEST * _longest_step(table)
        steps[later[far]] = -1
        if not far.all():
            steps[later[~far]] = table.frequency.steps_from(end, times[later[~far]])
        wrong = steps == -1
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"{rows.found.text(times[row])} in {observed.where(row)} of {file} does not continue "
            f"{table.name}, which is {table.frequency.name} and ends at {last}; correct or remove the row."
        )
    if (steps <= 0).all():
        raise InputError(
            f"{file} ends at {rows.found.text(times.max())}, but {table.name} ends at {last}; give a file "
            "with rows after that."
        )
    return steps


def _are_closed(frequency: Frequency, times: Times) -> Truths:
    """Which times are in the pauses of a calendar: weekends, or outside of its sessions."""
    if frequency.sessions is not None:
        return ~frequency.sessions.covers(times)
    if frequency.kind == "business days":
        return ~np.is_busday(times.astype("datetime64[D]"))
    return np.zeros(len(times), dtype=bool)


def _longest_step(table: SeriesTable) -> np.timedelta64:
    """The longest time from one row to the next; of a single row, a year."""
    if table.times is None or table.rows < 2:
        return np.timedelta64(366, "D")
    longest: np.timedelta64 = np.diff(table.times).max()
    return longest


def _in_words_of(table: SeriesTable, known: OwnColumns, file: str, observed: Observations) -> OwnColumns:
    """The columns of the file, with the texts of the table first and new ones after them.

    Raises:
        InputError: a column has texts in one of the files, and numbers in the other.
    """
    values, words = observed.values.copy(), []
    for place, (name, ours, theirs) in enumerate(zip(known.names, known.words, observed.words, strict=True)):
        own = values[:, place]
        if ours and not theirs and np.isnan(own).all():
            own[:] = NO_WORD
        elif bool(ours) != bool(theirs):
            has, other = ("texts", "numbers") if ours else ("numbers", "texts")
            raise InputError(
                f"Column {name!r} has {has} in {table.name}, but {other} in {file}; write both the same way."
            )
        every = tuple(dict.fromkeys((*ours, *theirs)))
        words.append(every)
        if theirs:
            texts = own >= 0
            own[texts] = np.array([every.index(word) for word in theirs])[own[texts].astype(np.int64)]
    return OwnColumns(known.names, values, tuple(words))
