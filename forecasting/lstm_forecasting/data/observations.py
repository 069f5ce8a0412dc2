"""The rows read from a file: times and numbers, before they are placed on a calendar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Times
from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.finding import Finding, as_findings
from lstm_forecasting.data.options import Decimal, ReadOptions
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.selection import (
    TIMES_OPTION,
    check_names,
    select_columns,
    target_candidates,
    target_finding,
)
from lstm_forecasting.data.shapes.long_format import STANDARD, FoundSeries
from lstm_forecasting.data.table import ColumnKind, FileColumn
from lstm_forecasting.data.times.duplicates import Merged, merge_duplicates
from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_forecasting.data.times.resampling import resample
from lstm_forecasting.data.times.time_columns import FoundTimes
from lstm_forecasting.data.times.wall_clock import WallClock, average_passes
from lstm_forecasting.data.values.missing_marks import mark_findings, marks_of, without_marks, words_of
from lstm_forecasting.data.values.text_numbers import NumberColumn, number_columns, read_numbers
from lstm_forecasting.known.reading import read_own_columns
from lstm_plugins.errors import InputError


@dataclass(frozen=True, eq=False)
class Observations:
    """Numbers and their times, in the order of the file.

    Attributes:
        times: `datetime64[us]` `[rows]`, all different; None if rows are numbered.
        zone: the zone whose clocks the times follow; empty for none.
        values: float64 `[rows, columns + known]`, NaN for missing values.
        columns: names of the columns, targets first.
        targets: columns to forecast.
        where: describes where in the file a row is.
        file_columns: all columns of the file.
        decisions: decisions about the times, one sentence each.
        selected: decisions about the columns, one sentence each.
        decimal: the decimal mark of the chosen columns; None if they have none.
        marks: numbers and words that stand for missing values in the chosen columns, as texts.
        findings: what the user should know about the rows and columns.
        candidates: columns that could as well be the target.
        known: columns that the user knows ahead; their values follow those of `columns`.
        words: the texts of each of them; see `OwnColumns`.
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
    marks: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    candidates: tuple[str, ...] = ()
    zone: str = ""
    known: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()


def observe(
    raw: RawTable,
    times: Times | None,
    found: FoundTimes,
    series: FoundSeries,
    targets: Sequence[str],
    inputs: Sequence[str],
    options: ReadOptions,
    clock: WallClock | None = None,
) -> Observations:
    """The chosen columns of a single series; `clock` has the times of rows that follow the clocks of a zone.

    Raises:
        InputError: a column cannot be used, or two rows have the same time.
    """
    raw, times, clock = _of_one_series(raw, times, series, clock)
    plain = read_numbers(raw, options.decimal, words_of(options.missing_mark))
    numbers = without_marks(plain, options.missing_mark)
    reserved, usual = _reserved_columns(found.columns, series), _usual_target(raw, series)
    chooses = not targets and len([name for name in number_columns(numbers) if name not in reserved]) > 1
    known = options.known
    taken = (*inputs, *known)
    candidates = target_candidates(numbers, reserved, taken) if chooses and usual is None else ()
    targets, columns, selected = select_columns(raw.file, numbers, reserved, targets, inputs, usual, known)
    findings = mark_findings(plain, numbers)
    if chooses:
        findings = (target_finding(selected[0], targets[0], suggested=bool(candidates)), *findings)
    own, words = read_own_columns(raw, numbers, known)
    values = np.column_stack([*(_numbers_of(numbers[column]) for column in columns), own])
    rows, decisions = np.arange(len(values)), tuple[str, ...]()
    if times is not None:
        merged = _merged(raw, times, values, found, options, clock)
        times, values, rows = merged.times, _with_words(merged, own, words), merged.rows
        decisions = (*merged.about_clocks, *merged.decisions)
        findings += _merging_findings(merged, options)
    read = [name for name, texts in zip(known, words, strict=True) if not texts]
    selected = (*selected, *(one for name in read for one in numbers[name].decisions))
    return Observations(
        times,
        values,
        columns,
        targets,
        lambda row: raw.where(int(rows[row])),
        _file_columns(numbers, reserved),
        decisions,
        selected,
        next((mark for name in (*columns, *read) if (mark := numbers[name].decimal) is not None), None),
        tuple(dict.fromkeys(mark for name in (*columns, *read) for mark in marks_of(numbers[name]))),
        findings,
        candidates,
        zone="" if clock is None else clock.zone,
        known=known,
        words=words,
    )


def observe_known(
    raw: RawTable,
    times: Times | None,
    found: FoundTimes,
    series: FoundSeries,
    options: ReadOptions,
    clock: WallClock | None = None,
) -> Observations:
    """The known columns of a file that has no others; raises the errors of `observe`."""
    raw, times, clock = _of_one_series(raw, times, series, clock)
    plain = read_numbers(raw, options.decimal, words_of(options.missing_mark))
    numbers = without_marks(plain, options.missing_mark)
    reserved = _reserved_columns(found.columns, series)
    check_names(raw.file, [name for name in numbers if name not in reserved], reserved, options.known)
    values, words = read_own_columns(raw, numbers, options.known)
    rows = np.arange(len(values))
    if times is not None:
        merged = _merged(raw, times, values, found, options, clock)
        times, values, rows = merged.times, _with_words(merged, values, words), merged.rows
    return Observations(
        times=times,
        values=values,
        columns=(),
        targets=(),
        where=lambda row: raw.where(int(rows[row])),
        file_columns=(),
        decisions=(),
        selected=(),
        decimal=None,
        marks=(),
        zone="" if clock is None else clock.zone,
        known=options.known,
        words=words,
    )


def observe_several(
    raw: RawTable,
    times: Times | None,
    found: FoundTimes,
    series: FoundSeries,
    targets: Sequence[str],
    inputs: Sequence[str],
    options: ReadOptions,
    clock: WallClock | None = None,
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
    if options.known:
        raise ColumnError(
            f"{options.known[0]!r} cannot be known ahead where several series are read as columns; read a "
            "single series, or remove known."
        )
    for name in (*targets, *inputs):
        if name not in names:
            raise ColumnError(
                f"{name!r} is not one of the series {', '.join(names)}, which are read as columns; name one "
                "of these, or read a single series to use the other columns of the file."
            )
    rows = np.flatnonzero(np.isin(series.codes, series.chosen))
    raw, times, codes = raw.only(rows), times[rows], series.codes[rows]
    clock = None if clock is None else clock.only(rows)
    plain = read_numbers(raw, options.decimal, words_of(options.missing_mark))
    numbers = without_marks(plain, options.missing_mark)
    reserved = _reserved_columns(found.columns, series)
    chosen, _, _ = select_columns(raw.file, numbers, reserved, value, (), _usual_target(raw, series))
    # Selected by name, so that no decision calls it the target: the series are the targets.
    (value_column,), _, selected = select_columns(raw.file, numbers, reserved, chosen, ())
    single = _numbers_of(numbers[value_column])[:, np.newaxis]
    merged = _merged(raw, times, single, found, options, clock, codes)
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
            *(FileColumn(name, "time", 0) for name in found.columns),
            *(FileColumn(name, "number", int(count)) for name, count in zip(names, missing, strict=True)),
        ),
        (*merged.about_clocks, *merged.decisions),
        (
            f"The columns are the {value_column} of {len(names)} series, joined on their times; to read "
            "another column of the file, name it as the target.",
            *selected,
        ),
        numbers[value_column].decimal,
        marks_of(numbers[value_column]),
        (
            *mark_findings(plain, {value_column: numbers[value_column]}),
            *_merging_findings(merged, options),
        ),
        zone="" if clock is None else clock.zone,
    )


def _of_one_series(
    raw: RawTable, times: Times | None, series: FoundSeries, clock: WallClock | None
) -> tuple[RawTable, Times | None, WallClock | None]:
    """The rows of the chosen series."""
    if len(series.names) == 1:
        return raw, times, clock
    rows = np.flatnonzero(series.codes == series.chosen[0])
    chosen = None if times is None else times[rows]
    return raw.only(rows), chosen, None if clock is None else clock.only(rows)


def _merged(
    raw: RawTable,
    times: Times,
    values: Array,
    found: FoundTimes,
    options: ReadOptions,
    clock: WallClock | None,
    codes: Integers | None = None,
) -> Merged:
    """Rows with different times: merged step by step if the user wants that, or else time by time."""
    if options.resample is not None:
        return resample(times, values, parse_frequency(options.resample), options.aggregate, codes)
    if clock is None:
        return merge_duplicates(times, values, options.duplicates, found.title, raw.where, codes, found.text)
    codes = np.zeros(len(times), np.int64) if codes is None else codes
    passes = average_passes(clock, values, codes)
    merged = merge_duplicates(
        passes.times,
        passes.values,
        options.duplicates,
        found.title,
        lambda row: raw.where(int(passes.rows[row])),
        codes[passes.rows],
        found.text,
    )
    return replace(merged, rows=passes.rows[merged.rows], about_clocks=passes.decisions)


def _with_words(merged: Merged, own: Array, words: Sequence[tuple[str, ...]]) -> Array:
    """The merged values; a text, which has no mean or sum, is that of the first of the merged rows."""
    values = merged.values.copy()
    for place, texts in enumerate(words):
        if texts:
            values[:, place - len(words)] = own[merged.rows, place]
    return values


def _merging_findings(merged: Merged, options: ReadOptions) -> tuple[Finding, ...]:
    option = "duplicates" if options.resample is None else "aggregate"
    return (
        *as_findings("time zone", merged.about_clocks, option="time_zone"),
        *as_findings("duplicates", merged.decisions, option=option),
    )


def _reserved_columns(time_columns: Sequence[str], series: FoundSeries) -> dict[str, str]:
    """The columns that cannot be forecast, each with the option that reserves it."""
    return {
        **dict.fromkeys(series.columns, "series_column"),
        **dict.fromkeys(time_columns, TIMES_OPTION),
    }


def _usual_target(raw: RawTable, series: FoundSeries) -> str | None:
    """The target of a long file with the standard titles."""
    lowered = {name.lower(): name for name in raw.columns}
    return lowered[STANDARD[2]] if series.columns and lowered.keys() >= set(STANDARD) else None


def _numbers_of(column: NumberColumn) -> Array:
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
