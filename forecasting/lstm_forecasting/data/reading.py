"""Reads CSV, JSON lines or Parquet as an equally spaced series."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np

from lstm_forecasting.data.arrays import Integers
from lstm_forecasting.data.calendar import COUNTED, Frequency
from lstm_forecasting.data.containers import plain_name
from lstm_forecasting.data.counters import changes_of_counters
from lstm_forecasting.data.filling import fill_for_training
from lstm_forecasting.data.finding import Finding, as_findings
from lstm_forecasting.data.folded import unfold
from lstm_forecasting.data.formats import read_raw
from lstm_forecasting.data.frequency_text import parse_frequency
from lstm_forecasting.data.long_format import FoundSeries, find_series
from lstm_forecasting.data.missing import trim
from lstm_forecasting.data.observations import Observations, observe, observe_several
from lstm_forecasting.data.options import (
    DEFAULT_OPTIONS,
    DELIMITERS,
    NONE,
    READ_OPTIONS_BY_NAME,
    ReadOptions,
)
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.seasons import season_candidates
from lstm_forecasting.data.snapping import snap_times
from lstm_forecasting.data.sources import (
    STANDARD_INPUT,
    STANDARD_INPUT_SOURCE,
    read_file,
    read_standard_input,
)
from lstm_forecasting.data.spacing import find_spacing
from lstm_forecasting.data.table import Reading, SeriesTable
from lstm_forecasting.data.text_format import NO_DELIMITER
from lstm_forecasting.data.time_columns import FoundTimes, find_times
from lstm_forecasting.data.unit_changes import with_one_unit
from lstm_forecasting.data.wall_clock import are_skipped, follow_clocks
from lstm_forecasting.data.zones import PlacedTimes, place_clock_times, place_midnights, place_offset_times
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

_MOST_RANGES = 3


def read_table(
    path: Path,
    targets: Sequence[str] = (),
    inputs: Sequence[str] = (),
    options: ReadOptions = DEFAULT_OPTIONS,
    *,
    name: str | None = None,
    source: str | None = None,
    decisions: Sequence[str] = (),
) -> SeriesTable:
    """Reads a CSV, JSON or Parquet file, or standard input (`-`), as an equally spaced series without gaps.

    The target is by default the last numeric column. If several series of a long file are read, `targets` are
    one of its columns or some of the series. `inputs` are further columns. `name` and `source` are by default
    the file's stem and path; earlier `decisions` precede the table's own.

    Raises:
        InputError: the file cannot be read.
    """
    if str(path) == STANDARD_INPUT:
        content, file = read_standard_input(), "stdin"
        name, source = file, STANDARD_INPUT_SOURCE
    else:
        content, file = read_file(path), path.name
        name, source = name or PurePath(plain_name(path.name)).stem, source or str(path)
    folded = read_raw(content, file, options)
    raw = unfold(folded)
    found = find_times(raw, options)
    series = find_series(raw, found, options)
    placed = _placed(raw, found, series, options)
    times = None if placed is None else placed.times
    snapped = None
    if times is not None and options.resample is None and not found.index:
        asked = None if options.frequency is None else parse_frequency(options.frequency)
        snapped = snap_times(times, series.codes, asked, raw.where)
        times = snapped.times
    clock = None if times is None or placed is None else follow_clocks(times, placed)
    several = len(series.chosen) > 1
    observed = (observe_several if several else observe)(
        raw, times if clock is None else clock.times, found, series, targets, inputs, options, clock
    )
    notes = [*decisions, *raw.decisions, *found.decisions, *series.decisions]
    zoned = [] if placed is None else [*placed.decisions]
    if clock is not None:
        zoned.append(f"Rows follow the clocks of {clock.zone}.")
    elif placed is not None and placed.shown:
        zoned.append(placed.shown)
    notes += [*zoned, *(snapped.decisions if snapped else ()), *observed.decisions]
    findings = [
        *as_findings("folded table", raw.decisions[len(folded.decisions) :]),
        *series.findings,
        *as_findings("time zone", zoned, option="time_zone"),
        *as_findings("snapped times", snapped.decisions if snapped else (), option="frequency"),
        *observed.findings,
    ]
    delimiter = "" if raw.delimiter in (None, NO_DELIMITER) else str(raw.delimiter)
    named = {
        "series_column": series.columns or (NONE,),
        "series": series.chosen_names if series.columns else (),
    }
    held = {
        "missing": options.missing,
        "missing_indicator": options.missing_indicator,
        "missing_mark": ", ".join(f"{mark:.15g}" for mark in observed.marks)
        or ", ".join(options.missing_mark),
        "duplicates": options.duplicates,
        "resample": options.resample or "",
        "aggregate": options.aggregate,
        "time_column": found.title or NONE,
        "time_zone": placed.zone if placed else "",
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
    }
    table = _on_calendar(observed, found, Reading(options, held), name, source, notes, findings)
    return replace(table, series_rows=dict(zip(series.names, series.rows, strict=bool(series.rows))))


def _placed(
    raw: RawTable, found: FoundTimes, series: FoundSeries, options: ReadOptions
) -> PlacedTimes | None:
    """The times on a clock that never changes; None without times."""
    if found.times is None or found.index:
        for option in ("time_zone", "frequency", "resample"):
            value = getattr(options, option)
            if value is not None:
                raise InputError(
                    f"{option} is set to {value}, but {raw.file} has no times; set time_column, or remove "
                    f"{option}."
                )
        return None if found.times is None else PlacedTimes(found.times, ())
    if found.offsets is None or not found.offsets.any():
        days = place_midnights(found.times, options.time_zone)
        if days is not None:
            return days
    if found.offsets is not None:
        return place_offset_times(found.times, found.offsets, options.time_zone)
    if options.time_zone is not None:
        return place_clock_times(found.times, options.time_zone, series.codes, found.title, raw.where)
    return PlacedTimes(found.times, ())


def _on_calendar(
    observed: Observations,
    found: FoundTimes,
    reading: Reading,
    name: str,
    source: str,
    notes: list[str],
    findings: list[Finding],
) -> SeriesTable:
    values, columns, options = observed.values, observed.columns, reading.options
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

    calendar = np.full((rows, len(columns)), np.nan)
    calendar[positions] = values[order]
    calendar, converted = with_one_unit(calendar, columns, options.unit_change)
    calendar, counted_changes = changes_of_counters(calendar, columns, options.difference)
    notes += (*converted, *counted_changes)
    findings += as_findings("unit change", converted, option="unit_change", value="keep")
    findings += as_findings("counter", counted_changes, option="difference", value="none")
    absent, skipped = np.setdiff1d(np.arange(rows), positions), None
    zone = observed.zone
    if zone and times is not None:
        are_left_out = are_skipped(times[absent], zone)
        absent, skipped = absent[~are_left_out], absent[are_left_out]
        if len(skipped):
            verb = "has no value" if len(skipped) == 1 else "have no values"
            times_skipped = counted(len(skipped), "time")
            notes.append(f"{times_skipped} that the clocks of {zone} skip {verb}: {_ranges(skipped, text)}.")
    missing_stamps = len(absent)
    if missing_stamps:
        noun = "row is" if missing_stamps == 1 else "rows are"
        notes.append(f"{missing_stamps} {noun} missing from the file and inserted: {_ranges(absent, text)}.")
        findings += as_findings("missing rows", notes[-1:], option="missing")
    file_rows = np.full(rows, -1)
    file_rows[positions] = order

    def describe(row: int) -> str:
        return observed.where(int(file_rows[row])) if file_rows[row] >= 0 else text(row)

    kept = trim(calendar, columns, len(observed.targets), options.missing, describe, skipped)
    number += kept.first * frequency.size
    missing = [" ".join(kept.decisions)] if kept.decisions else []
    findings += as_findings("missing values", missing, option="missing")
    if times is not None:
        times = times[kept.first : kept.first + len(kept.values)]
    for index, column in enumerate(columns):
        seen = kept.values[~kept.made[:, index], index]
        if len(seen) > 1 and (seen == seen[0]).all():
            notes.append(f"Column {column} is constant.")
    for array in (kept.values, kept.made, times):
        if array is not None:
            array.setflags(write=False)
    table = SeriesTable(
        name=name,
        source=source,
        times=times,
        frequency=frequency,
        zone=zone,
        first_number=number,
        values=kept.values,
        filled=kept.made,
        columns=columns,
        targets=observed.targets,
        season_candidates=season_candidates(frequency),
        missing_stamps=missing_stamps,
        missing_values=tuple(int(count) for count in kept.made.sum(axis=0)),
        file_columns=observed.file_columns,
        decisions=(*notes, *observed.selected, *kept.decisions),
        findings=tuple(findings),
        candidates=observed.candidates,
        reading=Reading(options, {**reading.held, "frequency": "" if times is None else frequency.name}),
    )
    return fill_for_training(table)[0] if kept.made.any() else table


def _ranges(rows: Integers, text: Callable[[int], str]) -> str:
    """The first and the last of neighbouring rows, a few of them."""
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    shown = [
        text(int(part[0])) + (f" to {text(int(part[-1]))}" if len(part) > 1 else "")
        for part in parts[:_MOST_RANGES]
    ]
    return ", ".join(shown) + (", ..." if len(parts) > _MOST_RANGES else "")
