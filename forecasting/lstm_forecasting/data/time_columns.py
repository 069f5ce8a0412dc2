"""Which columns of a file hold its times."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lstm_forecasting.data.calendar import HOUR, MINUTE, Times
from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.data.options import DEFAULT_OPTIONS, NONE, DateOrder, ReadOptions
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.text_numbers import shortened
from lstm_forecasting.data.text_times import (
    YEARS,
    Integers,
    ParsedTimes,
    parse_numeric_times,
    parse_times,
    times_of,
    whole_numbers,
)
from lstm_plugins.errors import InputError

# Words that stand in the titles of columns of times.
_TITLES = {
    *("date", "dates", "datetime", "time", "times", "timestamp", "ds", "epoch", "unix", "index", "period"),
    *("year", "years", "yr", "quarter", "qtr", "month", "week", "day", "hour"),
    *("datum", "zeit", "zeitpunkt", "zeitstempel", "jahr", "monat", "tag", "fecha", "data", "année"),
}
_YEAR_TITLES = _TITLES - {"index", "hour", "day", "week", "month", "quarter", "qtr", "tag", "monat"}
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
        columns: the columns they are made from; empty when rows are only counted.
        times: `datetime64[us]` `[rows]`, none missing; in UTC if there are `offsets`; None when rows are only
            counted.
        offsets: microseconds `[rows]` by which the rows' clocks are ahead of UTC, None if that is unknown.
        decisions: what was found, in plain sentences.
        order: what comes first in dates such as 1/2/16, None for other times.
    """

    columns: tuple[str, ...]
    times: Times | None
    offsets: Integers | None
    decisions: tuple[str, ...]
    order: DateOrder | None = None

    @property
    def title(self) -> str:
        """The column, or the columns, in words."""
        return ", ".join(self.columns)


def find_times(raw: RawTable, options: ReadOptions = DEFAULT_OPTIONS) -> FoundTimes:
    """Finds the times of a table: a column of dates, parts of dates in several columns, or whole numbers.

    Text that can only be a time is preferred to numbers that may be one, and a telling title decides between
    equals.

    Raises:
        InputError: a row has no time or one that cannot be, day and month cannot be told apart, or there
            are no times where the options want some.
    """
    if options.time_column == NONE:
        return FoundTimes((), None, None, ("Rows are counted, as asked for.",))
    if options.time_column is not None:
        return _asked(raw, options.time_column, options.date_order)
    found = {}
    for name, column in raw.columns.items():
        parsed = _parsed(column, options.date_order)
        if parsed is not None:
            found[name] = parsed
    if found:
        name = next((name for name in found if _is_titled(name)), next(iter(found)))
        decisions = [f"Column {name} gives the times."]
        others = [other for other in found if other != name]
        if others:
            decisions.append(f"Other columns of times are left out: {', '.join(others)}.")
        return _checked(raw, name, found[name], decisions)
    parts = _from_parts(raw)
    if parts is not None:
        return parts
    for place, (name, column) in enumerate(raw.columns.items()):
        if not (_is_titled(name) or place == 0) or not _is_numeric(column):
            continue
        numeric = parse_numeric_times(_as_text(column))
        if numeric is not None and _are_meant(*numeric, name):
            return _checked(raw, name, numeric[1], [f"Column {name} gives the times."])
    return FoundTimes((), None, None, (_counted(raw),))


def _asked(raw: RawTable, name: str, order: DateOrder | None) -> FoundTimes:
    """The times of the column that the user named."""
    if name not in raw.columns:
        raise InputError(
            f"{raw.file} has no column {name!r} to take as time_column; {hint_at(name, list(raw.columns))}"
        )
    column = raw.columns[name]
    parsed = _parsed(column, order)
    if parsed is None and (column.dtype == pl.String or column.dtype.is_numeric()):
        numeric = parse_numeric_times(_as_text(column))
        parsed = None if numeric is None else numeric[1]
    if parsed is None:
        row = int(column.is_not_null().arg_max() or 0)
        shown = "nothing" if column[row] is None else shortened(str(column[row]))
        raise InputError(
            f"Column {name!r} of {raw.file} is not understood as times ({raw.where(row)} has {shown}); write "
            f"them as year-month-day hour:minute, or set time_column to another column or to {NONE}."
        )
    return _checked(raw, name, parsed, [f"Column {name} gives the times, as asked for."])


def _parsed(column: pl.Series, order: DateOrder | None) -> ParsedTimes | None:
    """A column whose content can only be times."""
    if column.dtype == pl.Date:
        return _typed(column, "D")
    if isinstance(column.dtype, pl.Datetime):
        parsed = _typed(column, column.dtype.time_unit)
        zone = column.dtype.time_zone
        return parsed if zone is None else replace(parsed, offsets=_offsets(parsed, column, zone))
    return parse_times(column, order) if column.dtype == pl.String else None


def _offsets(parsed: ParsedTimes, column: pl.Series, zone: str) -> Integers:
    """What clocks are ahead of UTC, in which polars keeps times with a zone; 0 where there is no time."""
    real = np.where(np.isnat(parsed.times), np.datetime64(0, "us"), parsed.times)
    aware = pl.Series(real).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return (aware.dt.base_utc_offset() + aware.dt.dst_offset()).dt.total_microseconds().to_numpy()


def _typed(column: pl.Series, unit: str) -> ParsedTimes:
    """Times of a Parquet file; in a damaged one they lie anywhere, which polars' conversions do not stand."""
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
        if name is not None and _is_numeric(raw.columns[name]):
            values = whole_numbers(_as_text(raw.columns[name]))
            if values is not None:
                parts[part] = (name, values)
    if "year" not in parts or not ({"month", "quarter"} & set(parts)):
        return None
    if "month" in parts:
        used = ["year", "month"]
        for part in ("day", "hour", "minute"):
            if part not in parts:
                break
            used.append(part)
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
        raise InputError(f"{raw.file}, {raw.where(row)}, has no such time: {shown}; correct it.")
    return FoundTimes(names, times, None, (f"Columns {', '.join(names)} together give the times.",))


def _checked(raw: RawTable, name: str, parsed: ParsedTimes, decisions: list[str]) -> FoundTimes:
    column = raw.columns[name]
    if parsed.wrong is not None:
        is_text = column.dtype == pl.String
        shown = shortened(column[parsed.wrong]) if is_text else "a year outside 1 to 9999"
        raise InputError(
            f"Column {name!r} of {raw.file} holds times, but {shown} in {raw.where(parsed.wrong)} is none; "
            f"correct it{', or set date_order' if parsed.order else ''}."
        )
    if parsed.ambiguous:
        raise InputError(
            f"Column {name!r} of {raw.file} does not tell days from months in {column[0]!r}; set date_order "
            "to day-first or month-first, or write dates as year-month-day."
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
                f"Column {name} is not understood as times ({raw.where(row)} has {shortened(column[row])}), "
                "so rows are counted."
            )
    return "There is no column of times, so rows are counted."


def _is_titled(name: str) -> bool:
    words = "".join(sign if sign.isalpha() else " " for sign in name.lower()).split()
    return any(word in _TITLES for word in words)


def _is_numeric(column: pl.Series) -> bool:
    if column.dtype != pl.String:
        return bool(column.dtype.is_integer() or column.dtype.is_float())
    return bool(column.drop_nulls().head(20).str.contains(r"^[0-9]+(?:\.0*)?$").all())


def _as_text(column: pl.Series) -> pl.Series:
    return column if column.dtype == pl.String else column.cast(pl.String)


def _are_meant(words: str, parsed: ParsedTimes, name: str) -> bool:
    """Whether whole numbers that may be times are meant as such."""
    if words != YEARS:
        return _is_titled(name)
    # Many things are numbers like 1900: a title that says nothing else, or one after the other, tells years.
    if name.lower() in _YEAR_TITLES:
        return True
    steps = np.diff(parsed.times.astype("datetime64[Y]")).astype(np.int64)
    return len(steps) > 0 and bool((steps == 1).all())
