"""Reads a file's rows with their times, before columns are chosen from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.finding import Finding, as_findings
from lstm_forecasting.data.formats.any_format import read_raw
from lstm_forecasting.data.formats.containers import plain_name
from lstm_forecasting.data.formats.sources import (
    STANDARD_INPUT,
    STANDARD_INPUT_SOURCE,
    read_file,
    read_standard_input,
)
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.shapes.dated_titles import unfold_dated_titles
from lstm_forecasting.data.shapes.folded import unfold
from lstm_forecasting.data.shapes.long_format import FoundSeries, find_series
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_forecasting.data.times.snapping import snap_times
from lstm_forecasting.data.times.time_columns import FoundTimes, find_times
from lstm_forecasting.data.times.wall_clock import WallClock, follow_clocks
from lstm_forecasting.data.times.zones import (
    PlacedTimes,
    find_zone,
    place_clock_times,
    place_days,
    place_midnights,
    place_offset_times,
)
from lstm_plugins.errors import InputError


@dataclass(frozen=True, eq=False)
class TimedRows:
    """The rows of a file with their times, in the order of the file.

    Attributes:
        raw: all columns of the file.
        found: the columns of times.
        series: the series of a long file.
        times: `datetime64[us]` `[rows]`; None if rows are numbered.
        clock: the times of rows that follow the clocks of a zone; None for others.
        zone: the zone of the times; empty if unknown.
        options: the user's options of reading.
        name: short name for titles.
        source: the path as given, or "bundled data set co2".
        usual_target: the target unless the user names another; empty for none.
        decisions: what was found and decided, one sentence each.
        findings: what to know about the rows and their times.
    """

    raw: RawTable
    found: FoundTimes
    series: FoundSeries
    times: Times | None
    clock: WallClock | None
    zone: str
    options: ReadOptions
    name: str
    source: str
    usual_target: str
    decisions: tuple[str, ...]
    findings: tuple[Finding, ...]


def read_rows(
    path: Path,
    options: ReadOptions = DEFAULT_OPTIONS,
    *,
    name: str | None = None,
    source: str | None = None,
    usual_target: str = "",
    decisions: Sequence[str] = (),
    on_clocks: bool = True,
) -> TimedRows:
    """Reads a CSV, JSON, Parquet or other file, or standard input (`-`), and finds the times of its rows.

    `name` and `source` are by default the file's stem and path; earlier `decisions` precede its own. Unless
    `on_clocks`, rows do not follow the clocks of their zone.

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
    raw = unfold_dated_titles(unfold(folded))
    found = find_times(raw, options)
    series = find_series(raw, found, options)
    placed = _placed(raw, found, series, options)
    if placed is not None and options.resample is not None and _are_days(parse_frequency(options.resample)):
        placed = place_days(placed)
    times = None if placed is None else placed.times
    snapped = None
    if times is not None and options.resample is None and not found.index:
        asked = None if options.frequency is None else parse_frequency(options.frequency)
        snapped = snap_times(times, series.codes, asked, raw.where)
        times = snapped.times
    clock = None if times is None or placed is None or not on_clocks else follow_clocks(times, placed)
    zoned = [] if placed is None else [*placed.decisions]
    if clock is not None:
        zoned.append(f"Rows follow the clocks of {clock.zone}.")
    elif placed is not None and placed.shown:
        zoned.append(placed.shown)
    moved = snapped.decisions if snapped else ()
    return TimedRows(
        raw=raw,
        found=found,
        series=series,
        times=times if clock is None else clock.times,
        clock=clock,
        zone=placed.zone if placed else "",
        options=options,
        name=name,
        source=source,
        usual_target=usual_target,
        decisions=(*decisions, *raw.decisions, *found.decisions, *series.decisions, *zoned, *moved),
        findings=(
            *as_findings("folded table", raw.decisions[len(folded.decisions) :]),
            *series.findings,
            *as_findings("time zone", zoned, option="time_zone"),
            *as_findings("snapped times", moved, option="frequency"),
        ),
    )


def _are_days(steps: Frequency) -> bool:
    return steps.kind != "fixed" or steps.size >= DAY


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
    zone = options.time_zone
    if zone is None and options.resample is None and options.duplicates == "refuse":
        zone = find_zone(found.times, series.codes)
    if zone is None:
        return PlacedTimes(found.times, ())
    placed = place_clock_times(found.times, zone, series.codes, found.title, raw.where)
    if options.time_zone is not None:
        return placed
    notice = (
        f"Times are read from the clocks of {zone}, because they repeat only in hours that these show twice."
    )
    return replace(placed, decisions=(notice, *placed.decisions))
