"""Reads columns of a file as an equally spaced series."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.finding import Finding, as_findings
from lstm_forecasting.data.formats.text_format import NO_DELIMITER
from lstm_forecasting.data.observations import Observations, observe, observe_several
from lstm_forecasting.data.options import (
    DEFAULT_OPTIONS,
    DELIMITERS,
    NONE,
    READ_OPTIONS_BY_NAME,
    ReadOptions,
)
from lstm_forecasting.data.series.filling import fill_for_training
from lstm_forecasting.data.series.seasons import season_candidates
from lstm_forecasting.data.table import Reading, SeriesTable
from lstm_forecasting.data.timed_rows import TimedRows, read_rows
from lstm_forecasting.data.times.calendar import COUNTED, Frequency
from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_forecasting.data.times.spacing import find_spacing
from lstm_forecasting.data.times.wall_clock import are_skipped
from lstm_forecasting.data.values.counters import changes_of_counters
from lstm_forecasting.data.values.missing import trim
from lstm_forecasting.data.values.unit_changes import with_one_unit
from lstm_forecasting.known.future import with_future
from lstm_forecasting.known.hints import with_hint_at_known
from lstm_forecasting.known.own_columns import OwnColumns, without_gaps
from lstm_plugins.counting import counted, listed

_MOST_RANGES = 3


def read_table(
    path: Path,
    targets: Sequence[str] = (),
    inputs: Sequence[str] = (),
    options: ReadOptions = DEFAULT_OPTIONS,
) -> SeriesTable:
    """Reads a file, or standard input (`-`), as an equally spaced series; see `read_rows`, `choose_columns`.

    Raises:
        InputError: the file cannot be read.
    """
    return choose_columns(read_rows(path, options), targets, inputs)


def choose_columns(rows: TimedRows, targets: Sequence[str] = (), inputs: Sequence[str] = ()) -> SeriesTable:
    """Makes an equally spaced series of some columns.

    If several series of a long file are read, `targets` are one of its columns or some of the series.
    `inputs` are further columns.

    Raises:
        InputError: a column cannot be used, or the rows are not equally spaced.
    """
    raw, found, series, options = rows.raw, rows.found, rows.series, rows.options
    notes = [*rows.decisions]
    if not targets and rows.usual_target:
        targets = (rows.usual_target,)
        notes.append(f"The target is {rows.usual_target}, the default of this data set.")
    several = len(series.chosen) > 1
    observed = (observe_several if several else observe)(
        raw, rows.times, found, series, targets, inputs, options, rows.clock
    )
    notes += observed.decisions
    findings = [*rows.findings, *observed.findings]
    delimiter = "" if raw.delimiter in (None, NO_DELIMITER) else str(raw.delimiter)
    named = {
        "series_column": series.columns or (NONE,),
        "series": series.chosen_names if series.columns else (),
    }
    held = {
        "missing": options.missing,
        "missing_indicator": options.missing_indicator,
        "missing_mark": ", ".join(observed.marks or options.missing_mark),
        "duplicates": options.duplicates,
        "resample": options.resample or "",
        "aggregate": options.aggregate,
        "time_column": found.title or NONE,
        "time_zone": rows.zone,
        "date_order": found.order or "",
        **{name: READ_OPTIONS_BY_NAME[name].text(value) for name, value in named.items()},
        "delimiter": DELIMITERS.get(delimiter, delimiter),
        "decimal": observed.decimal or "",
        "sheet": raw.sheet,
        "query": options.query or "",
        "encoding": raw.encoding,
        "difference": options.difference,
        "unit_change": options.unit_change,
        "minimum": options.minimum,
        "whole": options.whole,
        "transform": options.transform,
        "known": READ_OPTIONS_BY_NAME["known"].text(options.known),
        "future": options.future or "",
        "calendar": options.calendar,
        "country": options.country or "",
    }
    table = _on_calendar(observed, rows, Reading(options, held), notes, findings)
    table = with_hint_at_known(table, rows)
    if options.future is not None:
        table = with_future(table, options.future)
    return replace(table, series_rows=dict(zip(series.names, series.rows, strict=bool(series.rows))))


def _on_calendar(
    observed: Observations,
    timed: TimedRows,
    reading: Reading,
    notes: list[str],
    findings: list[Finding],
) -> SeriesTable:
    values, columns, options = observed.values, observed.columns, reading.options
    found = timed.found
    frequency, times, order, positions = COUNTED, None, np.arange(len(values)), np.arange(len(values))
    number = 0
    if observed.times is not None:
        words = options.resample or options.frequency
        asked = None if words is None else parse_frequency(words)
        spacing = find_spacing(observed.times, found.title, observed.where, asked)
        frequency, order, positions = spacing.frequency, spacing.order, spacing.positions
        times = frequency.times(spacing.start, 0, spacing.rows)
        notes += spacing.decisions
        findings += as_findings("calendar", spacing.decisions, option="frequency")
        if found.index:
            number, last = int(times[0].astype(np.int64)), found.text(times[-1])
            frequency, times = Frequency("counted", frequency.size), None
            notes.append(f"The numbers go from {number} to {last} in steps of {frequency.size}.")
        else:
            first, last = frequency.text(times[0]), frequency.text(times[-1])
            notes.append(f"The frequency is {frequency.name}, from {first} to {last}.")
    rows = int(positions[-1]) + 1

    def text(row: int) -> str:
        return str(number + row * frequency.size) if times is None else frequency.text(times[row])

    calendar = np.full((rows, values.shape[1]), np.nan)
    calendar[positions] = values[order]
    calendar, own = calendar[:, : len(columns)], calendar[:, len(columns) :]
    calendar, converted = with_one_unit(calendar, columns, options.unit_change)
    calendar, counted_changes = changes_of_counters(calendar, columns, options.difference)
    changed = (*converted, *counted_changes)
    notes += [one.evidence for one in changed]
    findings += changed
    end = _end(calendar[:, : len(observed.targets)]) if observed.known else rows
    absent, skipped = np.flatnonzero(np.bincount(positions, minlength=rows) == 0), np.empty(0, np.int64)
    zone = observed.zone
    if zone and times is not None:
        are_left_out = are_skipped(times[absent], zone)
        absent, skipped = absent[~are_left_out], absent[are_left_out]
        if len(skipped):
            verb = "has no value" if len(skipped) == 1 else "have no values"
            times_skipped = counted(len(skipped), "time")
            notes.append(f"{times_skipped} that the clocks of {zone} skip {verb}: {_ranges(skipped, text)}.")
    absent = absent[absent < end]
    missing_stamps = len(absent)
    if missing_stamps:
        noun = "row is" if missing_stamps == 1 else "rows are"
        notes.append(f"{missing_stamps} {noun} missing from the file and inserted: {_ranges(absent, text)}.")
        findings += as_findings("missing rows", notes[-1:], option="missing")
    file_rows = np.full(rows, -1)
    file_rows[positions] = order

    def describe(row: int) -> str:
        return observed.where(int(file_rows[row])) if file_rows[row] >= 0 else text(row)

    inside = skipped[skipped < end]
    kept = trim(calendar[:end], columns, len(observed.targets), options.missing, describe, inside)
    number += kept.first * frequency.size
    missing = [" ".join(kept.decisions)] if kept.decisions else []
    findings += as_findings("missing values", missing, option="missing" if kept.made.any() else "")
    if times is not None:
        times = times[kept.first : kept.first + len(kept.values)]
    for index, column in enumerate(columns):
        seen = kept.values[~kept.made[:, index], index]
        if len(seen) > 1 and (seen == seen[0]).all():
            notes.append(f"Column {column} is constant.")
    for array in (kept.values, kept.made, times):
        if array is not None:
            array.setflags(write=False)
    known, about_known = None, tuple[str, ...]()
    if observed.known:
        series_rows = range(kept.first, kept.first + len(kept.values))
        own, about_known = without_gaps(
            own, observed.known, observed.words, series_rows, options.missing, describe, skipped
        )
        known = OwnColumns(observed.known, own[kept.first :], observed.words)
        known.values.setflags(write=False)
        about_known = (
            *known.in_words(len(kept.values), observed.targets, future=options.future is not None),
            *about_known,
        )
    table = SeriesTable(
        name=timed.name,
        source=timed.source,
        times=times,
        frequency=frequency,
        zone=zone,
        first_number=number,
        values=kept.values,
        filled=kept.made,
        earlier=tuple(kept.earlier.tolist()),
        columns=columns,
        targets=observed.targets,
        season_candidates=season_candidates(frequency),
        missing_stamps=missing_stamps,
        missing_values=tuple(int(count) for count in kept.made.sum(axis=0)),
        file_columns=observed.file_columns,
        decisions=(*notes, *observed.selected, *kept.decisions, *about_known),
        findings=tuple(findings),
        candidates=observed.candidates,
        reading=Reading(options, {**reading.held, "frequency": "" if times is None else frequency.name}),
        known=known,
    )
    return fill_for_training(table)[0] if kept.made.any() else table


def _end(targets: Array) -> int:
    """The number of rows up to the last one with a value of a target; all without any value."""
    observed = np.flatnonzero(~np.isnan(targets).all(axis=1))
    return int(observed[-1]) + 1 if len(observed) else len(targets)


def _ranges(rows: Integers, text: Callable[[int], str]) -> str:
    """The first and the last of neighbouring rows, a few of them."""
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    shown = [
        text(int(part[0])) + (f" to {text(int(part[-1]))}" if len(part) > 1 else "")
        for part in parts[:_MOST_RANGES]
    ]
    return listed([*shown, *[""] * (len(parts) - len(shown))], _MOST_RANGES)
