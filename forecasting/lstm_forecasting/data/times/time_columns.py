"""Finds the time columns of a file."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers, Times
from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.options import DEFAULT_OPTIONS, NONE, DateOrder, ReadOptions
from lstm_forecasting.data.raw_table import RawTable, title_words
from lstm_forecasting.data.times.calendar import COUNTED
from lstm_forecasting.data.times.durations import HOUR, MINUTE
from lstm_forecasting.data.times.row_numbers import may_number_rows, row_numbers
from lstm_forecasting.data.times.spacing import are_spaced
from lstm_forecasting.data.times.text_times import (
    SERIALS,
    SINCE_1970,
    YEARS,
    ParsedTimes,
    months_by_name,
    parse_clocks,
    parse_numeric_times,
    parse_times,
    times_of,
    whole_numbers,
)
from lstm_forecasting.data.times.time_ranges import beginnings
from lstm_forecasting.data.values.text_numbers import shortened
from lstm_plugins.errors import InputError

# Words in the titles of time columns.
_TITLES = {
    *("date", "dates", "datetime", "time", "times", "timestamp", "ts", "ds", "epoch", "unix", "index"),
    *("period",),
    *("year", "years", "yr", "quarter", "qtr", "month", "week", "day", "hour"),
    *("datum", "zeit", "zeitpunkt", "zeitstempel", "jahr", "monat", "tag", "fecha", "data", "année"),
}
_CLOCK_TITLES = {"time", "clock", "hour", "zeit", "uhrzeit", "stunde", "heure", "hora", "ora"}
_YEAR_TITLES = _TITLES - {"index", "hour", "day", "week", "month", "quarter", "qtr", "tag", "monat"}
_DATE_TITLES = {"date", "dates", "datum", "fecha", "data"}
_PARTS = {
    "year": ("year", "years", "yr", "jahr"),
    "quarter": ("quarter", "qtr"),
    "month": ("month", "mon", "mo", "monat"),
    "day": ("day", "dom", "tag"),
    "hour": ("hour", "hr", "stunde"),
    "minute": ("minute",),
}


@dataclass(frozen=True, eq=False)
class FoundTimes:
    """The times of a file's rows.

    Attributes:
        columns: the columns that they come from; empty if rows are numbered.
        times: `datetime64[us]` `[rows]`, none missing; in UTC if there are `offsets`; None if rows are
            numbered.
        offsets: microseconds `[rows]` by which the rows' clocks are ahead of UTC; None if unknown.
        decisions: what was found, one sentence each.
        order: order of the parts of dates such as 1/2/16; None for other times.
        index: True if the rows are numbered by a column; `times` are then its whole numbers, as microseconds.
    """

    columns: tuple[str, ...]
    times: Times | None
    offsets: Integers | None
    decisions: tuple[str, ...]
    order: DateOrder | None = None
    index: bool = False

    @property
    def title(self) -> str:
        """Names of the columns, separated by commas."""
        return ", ".join(self.columns)

    def text(self, time: np.datetime64) -> str:
        """A time in words, or the number of a row."""
        return str(time.astype(np.int64)) if self.index else COUNTED.text(time)


def find_times(raw: RawTable, options: ReadOptions = DEFAULT_OPTIONS) -> FoundTimes:
    """Finds the times of a table: a date column, parts of dates in several columns, or whole numbers.

    Text that can only be a time takes precedence over numbers that may be one; a typical title decides
    between equals.

    Raises:
        InputError: a time is missing or impossible, day and month are ambiguous, or the requested column does
            not contain times.
    """
    if options.time_column == NONE:
        return FoundTimes((), None, None, ("Rows are numbered, as requested.",))
    if options.time_column is not None:
        return _asked(raw, options.time_column, options.date_order)
    found = {}
    for name, column in raw.columns.items():
        parsed = _parsed(name, column, options.date_order)
        # Clocks such as 18.00.00 look like dates.
        if parsed is not None and (parsed.wrong is None or _clocks(name, column) is None):
            found[name] = parsed
    if found:
        name = next((name for name in found if _is_titled(name)), next(iter(found)))
        others = [other for other in found if other != name]
        ignored = [f"Other time columns are ignored: {', '.join(others)}."] if others else []
        return _with_clock(raw, _checked(raw, name, found[name], ignored))
    parts = _from_parts(raw)
    if parts is not None:
        return parts
    for place, (name, column) in enumerate(raw.columns.items()):
        if not (_is_titled(name) or place == 0) or not _is_numeric(column):
            continue
        numeric = parse_numeric_times(_as_text(column))
        if numeric is not None and _are_meant(*numeric, name):
            return _with_clock(raw, _checked(raw, name, numeric[1], []))
    for name in raw.columns:
        index = _index(raw, name) if may_number_rows(name) else None
        if index is not None:
            return index
    return FoundTimes((), None, None, (_counted(raw),))


def _asked(raw: RawTable, name: str, order: DateOrder | None) -> FoundTimes:
    """The times of the column named by the user."""
    if name not in raw.columns:
        raise InputError(
            f"{raw.file} has no column {name!r} to take as time_column; {hint_at(name, list(raw.columns))}"
        )
    column = raw.columns[name]
    parsed = _parsed(name, column, order)
    if parsed is None and (column.dtype == pl.String or column.dtype.is_numeric()):
        numeric = parse_numeric_times(_as_text(column))
        parsed = None if numeric is None else numeric[1]
    index = _index(raw, name) if parsed is None else None
    if index is not None:
        return index
    if parsed is None:
        row = int(column.is_not_null().arg_max() or 0)
        shown = "nothing" if column[row] is None else shortened(str(column[row]))
        raise InputError(
            f"Column {name!r} of {raw.file} cannot be read as times ({raw.where(row)} has {shown}); write "
            f"them as year-month-day hour:minute, or set time_column to another column or to {NONE}."
        )
    return _with_clock(raw, _checked(raw, name, parsed, []), ", as requested")


def _index(raw: RawTable, name: str) -> FoundTimes | None:
    """The numbers of a column as the numbers of rows with equal steps; None for other columns."""
    column = raw.columns[name]
    if column.dtype != pl.String and not column.dtype.is_numeric():
        return None
    numbered = row_numbers(_as_text(column), name)
    return None if numbered is None else FoundTimes((name,), numbered[0], None, (numbered[1],), index=True)


def _with_clock(raw: RawTable, found: FoundTimes, why: str = "") -> FoundTimes:
    """The times with those of a column of clocks or hours, if the file has one and `found` has only dates."""
    columns = found.columns
    if found.times is not None and found.offsets is None and not (found.times - _dates(found.times)).any():
        for name in raw.columns:
            clocks = None if name in columns else _clocks(name, raw.columns[name])
            if clocks is not None and not _is_date(name, raw.columns[name]):
                columns = (*columns, name)
                found = replace(found, columns=columns, times=found.times + clocks.astype("timedelta64[us]"))
                break
    noun = "columns" if len(columns) > 1 else "column"
    decision = f"Times are taken from {noun} {', '.join(columns)}{why}."
    return replace(found, decisions=(decision, *found.decisions))


def _clocks(name: str, column: pl.Series) -> Integers | None:
    """Microseconds since midnight of a column of clocks, or of numbered hours; None for other columns."""
    words = title_words(name)
    if column.dtype == pl.Time and not column.null_count():
        return column.to_physical().to_numpy() // 1000
    if column.dtype == pl.String:
        first = beginnings(column)
        titled = first is not None or not _CLOCK_TITLES.isdisjoint(words)
        clocks = parse_clocks(column if first is None else first) if titled else None
        if clocks is not None:
            return clocks
    if not set(_PARTS["hour"]).isdisjoint(words) and _is_numeric(column):
        # Hours from 1 to 24 name the end of each hour, so that 24 is the next midnight.
        hours = whole_numbers(_as_text(column))
        return None if hours is None or hours.max() > 24 else hours * HOUR
    return None


def _is_date(name: str, column: pl.Series) -> bool:
    parsed = _parsed(name, column, None)
    return parsed is not None and parsed.wrong is None


def _dates(times: Times) -> Times:
    return times.astype("datetime64[D]").astype("datetime64[us]")


def _parsed(name: str, column: pl.Series, order: DateOrder | None) -> ParsedTimes | None:
    """The times of a column whose content can only be times."""
    if column.dtype == pl.Date:
        return _typed(column, "D")
    if isinstance(column.dtype, pl.Datetime):
        typed = _typed(column, column.dtype.time_unit)
        zone = column.dtype.time_zone
        return typed if zone is None else replace(typed, offsets=_offsets(typed.times, zone))
    if column.dtype != pl.String:
        return None
    found = parse_times(column, order, title_words(name))
    first = beginnings(column) if found is None else None
    parsed = None if first is None else parse_times(first, order, title_words(name))
    if parsed is None:
        return found
    return replace(parsed, notes=(*parsed.notes, f"Each time is the beginning of the period in {name}."))


def _offsets(times: Times, zone: str) -> Integers:
    """The clocks' offsets from UTC, in which polars stores times with a zone; 0 for missing times."""
    real = np.where(np.isnat(times), np.datetime64(0, "us"), times)
    aware = pl.Series(real).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return (aware.dt.base_utc_offset() + aware.dt.dst_offset()).dt.total_microseconds().to_numpy()


def _typed(column: pl.Series, unit: str) -> ParsedTimes:
    """Times of a Parquet file; a damaged one has times of any size, which polars' conversions reject."""
    counts = column.to_physical().cast(pl.Int64)
    stored = counts.fill_null(0).to_numpy().astype(f"datetime64[{unit}]")
    years = stored.astype("datetime64[Y]").astype(np.int64) + 1970
    wrong = (years < 1) | (years > 9999)
    missing = column.is_null().to_numpy()
    times = np.where(wrong | missing, np.datetime64("NaT"), stored).astype("datetime64[us]")
    return ParsedTimes(times, wrong=int(np.argmax(wrong)) if wrong.any() else None)


def _from_parts(raw: RawTable) -> FoundTimes | None:
    """Times from columns such as year, month, day and hour."""
    titles = {name.strip().lower(): name for name in raw.columns}
    parts = {}
    for part, words in _PARTS.items():
        name = next((titles[word] for word in words if word in titles), None)
        if name is not None:
            values = _part(raw.columns[name], part)
            if values is not None:
                parts[part] = (name, values)
    if "year" not in parts or not ({"month", "quarter"} & set(parts)):
        return None
    if "month" in parts:
        used = ["year", "month", *itertools.takewhile(parts.__contains__, ("day", "hour", "minute"))]
        month = parts["month"][1]
    else:
        used = ["year", "quarter"]
        month = 3 * parts["quarter"][1] - 2
    rows = len(month)
    day, hour, minute = (
        parts[part][1] if part in used else np.full(rows, default, dtype=np.int64)
        for part, default in (("day", 1), ("hour", 0), ("minute", 0))
    )
    times, real = times_of(parts["year"][1], month, day, hour * HOUR + minute * MINUTE)
    real &= (hour <= 24) & (minute <= 59)
    names = tuple(parts[part][0] for part in used)
    if not real.all():
        row = int(np.flatnonzero(~real)[0])
        shown = ", ".join(f"{parts[part][0]} {parts[part][1][row]}" for part in used)
        raise InputError(f"{raw.file}, {raw.where(row)}, has an impossible time: {shown}; correct it.")
    return FoundTimes(names, times, None, (f"Times are taken from columns {', '.join(names)}.",))


def _part(column: pl.Series, part: str) -> Integers | None:
    """Whole numbers, months by their names, or quarters such as Q1."""
    if part == "quarter" and column.dtype == pl.String:
        column = column.str.replace(r"^(?i:q|qtr ?|quarter ?)([1-4])$", "$1")
    if _is_numeric(column):
        return whole_numbers(_as_text(column))
    return months_by_name(column) if part == "month" and column.dtype == pl.String else None


def _checked(raw: RawTable, name: str, parsed: ParsedTimes, decisions: list[str]) -> FoundTimes:
    column = raw.columns[name]
    if parsed.wrong is not None:
        is_text = column.dtype == pl.String
        shown = shortened(column[parsed.wrong]) if is_text else "a year outside 1 to 9999"
        raise InputError(
            f"Column {name!r} of {raw.file} contains times, but {shown} in {raw.where(parsed.wrong)} is not "
            f"one; correct it{', or set date_order' if parsed.order else ''}."
        )
    if parsed.ambiguous:
        raise InputError(
            f"Day and month are ambiguous in column {name!r} of {raw.file}, as in {column[0]!r}; set "
            "date_order to day-first or month-first, or write dates as year-month-day."
        )
    without = np.flatnonzero(np.isnat(parsed.times))
    if len(without):
        row = int(without[0])
        raise InputError(
            f"Column {name!r} of {raw.file} has no time in {raw.where(row)}; fill it in or remove the row."
        )
    return FoundTimes((name,), parsed.times, parsed.offsets, (*decisions, *parsed.notes), parsed.order)


def _counted(raw: RawTable) -> str:
    for name, column in raw.columns.items():
        if _is_titled(name) and column.dtype == pl.String and not _is_numeric(column) and column.count():
            row = int(column.is_not_null().arg_max() or 0)
            return (
                f"Column {name} cannot be read as times ({raw.where(row)} has {shortened(column[row])}), so "
                "rows are numbered."
            )
    return "There is no time column, so rows are numbered."


def _is_titled(name: str) -> bool:
    return not _TITLES.isdisjoint(title_words(name))


def _is_numeric(column: pl.Series) -> bool:
    if column.dtype != pl.String:
        return bool(column.dtype.is_integer() or column.dtype.is_float())
    return bool(column.drop_nulls().head(20).str.contains(r"^[0-9]+(?:\.0*)?$").all())


def _as_text(column: pl.Series) -> pl.Series:
    return column if column.dtype == pl.String else column.cast(pl.String)


def _are_meant(words: str, parsed: ParsedTimes, name: str) -> bool:
    """Whether whole numbers that may be times are meant as times."""
    if words == SERIALS:
        return not _DATE_TITLES.isdisjoint(title_words(name)) and are_spaced(parsed.times)
    if words != YEARS:
        # Numbers of an id or an amount are not equally spaced.
        return _is_titled(name) or (SINCE_1970 in words and are_spaced(parsed.times))
    # Many things are numbers like 1900: only a plain title or consecutive numbers show that they are years.
    if name.lower() in _YEAR_TITLES:
        return True
    steps = np.diff(parsed.times.astype("datetime64[Y]")).astype(np.int64)
    return len(steps) > 0 and bool((steps == 1).all())
