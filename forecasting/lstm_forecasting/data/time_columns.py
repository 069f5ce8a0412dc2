"""Which columns of a file hold its times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.calendar import HOUR, MINUTE, Times
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.text_times import (
    ParsedTimes,
    parse_numeric_times,
    parse_times,
    times_of,
    whole_numbers,
)
from lstm_forecasting.errors import InputError

# Words that stand in the titles of columns of times.
_TITLES = {
    *("date", "dates", "datetime", "time", "times", "timestamp", "ds", "epoch", "unix", "index", "period"),
    *("year", "years", "yr", "quarter", "qtr", "month", "week", "day", "hour"),
    *("datum", "zeit", "zeitpunkt", "zeitstempel", "jahr", "monat", "tag", "fecha", "data", "année"),
}
_PARTS = {
    "year": ("year", "years", "yr", "jahr"),
    "quarter": ("quarter", "qtr"),
    "month": ("month", "mon", "mo", "monat"),
    "day": ("day", "dom", "tag"),
    "hour": ("hour", "hr", "stunde"),
    "minute": ("minute", "min"),
}


@dataclass(frozen=True, eq=False)
class FoundTimes:
    """The times of a file's rows.

    Attributes:
        columns: the columns they are made from; empty when rows are only counted.
        times: `datetime64[us]` `[rows]`, none missing; None when rows are only counted.
        decisions: what was found, in plain sentences.
    """

    columns: tuple[str, ...]
    times: Times | None
    decisions: tuple[str, ...]

    @property
    def title(self) -> str:
        """The column, or the columns, in words."""
        return ", ".join(self.columns)


def find_times(raw: RawTable) -> FoundTimes:
    """Finds the times of a table: a column of dates, parts of dates in several columns, or whole numbers.

    Text that can only be a time is preferred to numbers that may be one, and a telling title decides between
    equals.

    Raises:
        InputError: a row has no time or one that cannot be, or day and month cannot be told apart.
    """
    found = {}
    for name, column in raw.columns.items():
        parsed = _parsed(column)
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
        if not _is_titled(name) and place > 0:
            continue
        numeric = parse_numeric_times(_as_text(column)) if _is_numeric(column) else None
        if numeric is not None and (_is_titled(name) or _are_consecutive_years(numeric)):
            return _checked(raw, name, numeric, [f"Column {name} gives the times."])
    return FoundTimes((), None, (_counted(raw),))


def _parsed(column: pl.Series) -> ParsedTimes | None:
    """A column whose content can only be times."""
    if column.dtype == pl.Date:
        return ParsedTimes(column.cast(pl.Datetime("us")).to_numpy().astype("datetime64[us]"))
    if isinstance(column.dtype, pl.Datetime):
        notes: tuple[str, ...] = ()
        if column.dtype.time_zone is not None:
            column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            notes = ("Its times are shown in UTC.",)
        return ParsedTimes(column.to_numpy().astype("datetime64[us]"), notes=notes)
    return parse_times(column) if column.dtype == pl.String else None


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
    return FoundTimes(names, times, (f"Columns {', '.join(names)} together give the times.",))


def _checked(raw: RawTable, name: str, parsed: ParsedTimes, decisions: list[str]) -> FoundTimes:
    column = raw.columns[name]
    if parsed.wrong is not None:
        raise InputError(
            f"Column {name!r} of {raw.file} holds times, but {column[parsed.wrong]!r} in "
            f"{raw.where(parsed.wrong)} is none; correct it."
        )
    if parsed.ambiguous:
        raise InputError(
            f"Column {name!r} of {raw.file} does not tell days from months in {column[0]!r}; "
            "write dates as year-month-day."
        )
    without = np.flatnonzero(np.isnat(parsed.times))
    if len(without):
        row = int(without[0])
        raise InputError(
            f"Column {name!r} of {raw.file} has no time in {raw.where(row)}; fill it in or remove the row."
        )
    return FoundTimes((name,), parsed.times, (*decisions, *parsed.notes))


def _counted(raw: RawTable) -> str:
    for name, column in raw.columns.items():
        if _is_titled(name) and column.dtype == pl.String and not _is_numeric(column):
            row = int(column.is_not_null().arg_max() or 0)
            return (
                f"Column {name} is not understood as times ({raw.where(row)} has {column[row]!r}), "
                "so rows are counted."
            )
    return "There is no column of times, so rows are counted."


def _is_titled(name: str) -> bool:
    words = "".join(sign if sign.isalpha() else " " for sign in name.lower()).split()
    return any(word in _TITLES for word in words)


def _is_numeric(column: pl.Series) -> bool:
    if column.dtype != pl.String:
        return bool(column.dtype.is_integer() or column.dtype.is_float())
    return bool(column.drop_nulls().head(20).str.contains(r"^\d+(?:\.0*)?$").all())


def _as_text(column: pl.Series) -> pl.Series:
    return column if column.dtype == pl.String else column.cast(pl.String)


def _are_consecutive_years(parsed: ParsedTimes) -> bool:
    years = parsed.times.astype("datetime64[Y]")
    starts = bool((years.astype("datetime64[us]") == parsed.times).all())
    return starts and len(years) > 1 and bool((np.diff(years).astype(np.int64) == 1).all())
