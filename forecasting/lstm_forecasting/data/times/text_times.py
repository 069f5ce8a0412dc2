"""Parses text as times: the usual notations of dates, recognized a whole column at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Integers, Times, Truths, distinct
from lstm_forecasting.data.options import DateOrder
from lstm_forecasting.data.times.durations import HOUR, MINUTE, SECOND
from lstm_forecasting.data.times.spacing import calendars

_CLOCK_ALONE = (
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_HOUR = r"(?P<hour>[0-9]{1,2})\s*(?P<half>[AaPp]\.?[Mm]\.?)"
# As 93000 or 093000, and 930 or 0930; only a title can tell them from other numbers.
_CLOCK_DIGITS = r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?"
_CLOCK = rf"(?:[T ]\s*{_CLOCK_ALONE})?"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?i:(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?)"
_YEAR = r"(?P<year>[0-9]{4})"
_ANY_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_MONTH = r"(?P<month>[0-9]{1,2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_WEEK = r"(?:[Ww](?:eek|k)?|KW|CW) ?"
_WITH_DOTS = rf"(?P<left>[0-9]{{1,2}})\.(?P<middle>[0-9]{{1,2}})\.(?P<right>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}"
_WITH_SLASHES = (
    rf"(?P<left>[0-9]{{1,2}})[/-](?P<middle>[0-9]{{1,2}})[/-](?P<right>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}"
)
_NOTATIONS = (
    rf"{_YEAR}-{_MONTH}-{_DAY}{_CLOCK}",
    rf"{_YEAR}/{_MONTH}/{_DAY}{_CLOCK}",
    rf"{_YEAR}\.{_MONTH}\.{_DAY}{_CLOCK}",
    _WITH_DOTS,
    _WITH_SLASHES,
    rf"{_YEAR}(?:-|/|-?[Mm]){_MONTH}",
    rf"(?P<month>[0-9]{{1,2}})[/-]{_YEAR}",
    rf"{_ANY_YEAR}[ /-]?[Qq](?P<quarter>[1-4])",
    rf"[Qq](?P<quarter>[1-4])[ /-]?{_ANY_YEAR}",
    rf"(?P<quarter>[1-4])[Qq][ /-]?{_ANY_YEAR}",
    rf"{_YEAR}[ /-]?[HhSs](?P<half_year>[12])",
    rf"[HhSs](?P<half_year>[12])[ /-]?{_YEAR}",
    rf"(?P<half_year>[12])[HhSs][ /-]?{_YEAR}",
    rf"{_YEAR}[ /-]?{_WEEK}(?P<week>[0-9]{{1,2}})(?:-?(?P<weekday>[1-7]))?",
    rf"{_WEEK}(?P<week>[0-9]{{1,2}})[ /-]{_YEAR}",
    rf"{_DAY}[ -]{_NAME}[ -]{_ANY_YEAR}{_CLOCK}",
    rf"{_NAME} {_DAY},? {_YEAR}{_CLOCK}",
    rf"{_NAME}[ -]{_ANY_YEAR}",
    rf"{_YEAR}[ -]{_NAME}",
)
# What a title says of numbers that could otherwise be something else, by a word in the title.
_TITLED_NOTATIONS = {
    "quarter": (rf"(?P<quarter>[1-4])[/. -]{_YEAR}", rf"{_YEAR}[/. -]0?(?P<quarter>[1-4])"),
    "half": (rf"(?P<half_year>[12])[/. -]{_YEAR}", rf"{_YEAR}[/. -]0?(?P<half_year>[12])"),
    "week": (rf"(?P<week>[0-9]{{1,2}})[/. -]{_YEAR}", rf"{_YEAR}[/. -]?(?P<week>[0-9]{{2}})"),
    "month": (r"(?P<year>[1-9])-(?P<month>0[1-9]|1[0-2])",),
}
_PLURALS = {"quarter": "quarters", "half": "half-years", "week": "weeks", "month": "years and months"}
_TITLE_WORDS = {
    **dict.fromkeys(("quarter", "quarters", "qtr", "quartal", "trimestre", "trimester"), "quarter"),
    **dict.fromkeys(("half", "halfyear", "semester", "semestre", "halbjahr"), "half"),
    **dict.fromkeys(("week", "weeks", "kw", "cw", "woche", "semaine", "semana"), "week"),
    **dict.fromkeys(("month", "months", "monat", "mois", "mes"), "month"),
}
# Whole numbers that may be times; only the column's name or place can decide.
YEARS = "years"
SINCE_1970 = "since 1970"
SERIALS = "days since 1900, as spreadsheets count them"
_WHOLE = r"(?:\.0*)?"
_LIKELY_YEAR = r"(?P<year>(?:1[5-9]|20|21)[0-9]{2})"
_NUMERIC_NOTATIONS = {
    YEARS: rf"(?P<year>[12][0-9]{{3}}){_WHOLE}",
    "dates such as 20160701": rf"{_LIKELY_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}}){_WHOLE}",
    "months such as 201607": rf"{_LIKELY_YEAR}(?P<month>0[1-9]|1[0-2]){_WHOLE}",
    SERIALS: rf"(?P<serial>[2-5][0-9]{{4}}){_WHOLE}",
    "seconds since 1970": rf"(?P<seconds>[0-9]{{9,10}}){_WHOLE}",
    "milliseconds since 1970": rf"(?P<milliseconds>[0-9]{{12,13}}){_WHOLE}",
    "microseconds since 1970": rf"(?P<microseconds>[0-9]{{15,16}}){_WHOLE}",
    "nanoseconds since 1970": rf"(?P<nanoseconds>[0-9]{{18,19}}){_WHOLE}",
}
_SINCE_1970 = {"seconds": "s", "milliseconds": "ms", "microseconds": "us", "nanoseconds": "ns"}
_ORDERS: dict[DateOrder, tuple[str, str, str]] = {
    "day-first": ("day", "month", "year"),
    "month-first": ("month", "day", "year"),
    "year-first": ("year", "month", "day"),
}
_FIRST_SERIAL = np.datetime64("1899-12-30")
_SAMPLE = 20
_LEAST_DIGITS = 3
# A date column with a few errors is still a date column, and the errors are reported.
_NEARLY = 0.9


@dataclass(frozen=True, eq=False)
class ParsedTimes:
    """A column parsed as times.

    Attributes:
        times: `datetime64[us]` `[rows]`, NaT for missing times; in UTC if there are `offsets`.
        offsets: microseconds `[rows]` by which the rows' clocks are ahead of UTC; None for clock times of an
            unknown zone.
        wrong: the first row that is not a time, or None.
        ambiguous: True if day and month cannot be distinguished.
        order: order of the parts of dates such as 1/2/16; None for other times.
        notes: how the text was read if that is not obvious, one sentence each.
    """

    times: Times
    offsets: Integers | None = None
    wrong: int | None = None
    ambiguous: bool = False
    order: DateOrder | None = None
    notes: tuple[str, ...] = ()


def parse_times(
    column: pl.Series, order: DateOrder | None = None, title: Sequence[str] = ()
) -> ParsedTimes | None:
    """Parses a text column as times, or returns None if it contains something else.

    `order` is that of the parts of dates such as 1/2/16, if given by the user. The words of the column's
    `title` tell a quarter or a week from a month, as in 1-2015.
    """
    for word in title:
        kind = _TITLE_WORDS.get(word, "")
        for notation in _TITLED_NOTATIONS.get(kind, ()):
            fields = _fields(column, notation)
            if fields is not None and not fields.unmatched.any():
                parsed = _times(fields)
                note = f"The title says that dates such as {column.drop_nulls()[0]} are {_PLURALS[kind]}."
                return replace(parsed, notes=(note, *parsed.notes))
    for notation in _NOTATIONS:
        fields = _fields(column, notation)
        if fields is not None:
            if notation not in (_WITH_DOTS, _WITH_SLASHES):
                return _times(fields)
            if order is None and notation == _WITH_SLASHES:
                return _in_found_order(fields)
            order = order or "day-first"
            return replace(_in_order(fields, order), order=order)
    return None


def parse_numeric_times(column: pl.Series) -> tuple[str, ParsedTimes] | None:
    """Parses whole numbers as years, dates such as 20160701 or seconds since 1970, and names the kind.

    It returns None if they cannot be times.
    """
    for words, notation in _NUMERIC_NOTATIONS.items():
        fields = _fields(column, notation)
        if fields is None or fields.unmatched.any():
            continue
        parsed = _times(fields)
        if parsed.wrong is None:
            return words, replace(parsed, notes=(f"Whole numbers are read as {words}.",))
    return None


def parse_clocks(column: pl.Series) -> Integers | None:
    """Parses a text column of times of day as microseconds since midnight; None if it has something else.

    Digits alone are hours, minutes and perhaps seconds: 0930 or 93000.
    """
    digits = column.str.contains(r"^[0-9]{1,6}$").all() and int(column.str.len_bytes().max() or 0)  # type: ignore[arg-type]
    padded = column.str.zfill(digits + digits % 2) if digits and digits >= _LEAST_DIGITS else column
    for notation in (_CLOCK_ALONE, _HOUR, _CLOCK_DIGITS):
        fields = _fields(padded, notation)
        if fields is not None and not fields.unmatched.any() and not fields.missing.any():
            clock, real = _clock(fields)
            if real.all() and not _zone(fields)[1].any():
                return clock
    return None


def whole_numbers(column: pl.Series) -> Integers | None:
    """The values of a column of whole numbers without missing values; None for other columns."""
    fields = _fields(column, rf"(?P<number>[0-9]{{1,9}}){_WHOLE}")
    if fields is None or fields.unmatched.any() or fields.missing.any():
        return None
    return fields.integers("number", 0)


def months_by_name(column: pl.Series) -> Integers | None:
    """Months from 1 by their English names or first letters; None if a row has something else."""
    if column.null_count() or not column.str.contains(r"^[A-Za-z]{3,9}\.?$").all():
        return None
    numbers = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
    months = (
        column.str.to_lowercase().str.slice(0, 3).replace_strict(numbers, default=None, return_dtype=pl.Int64)
    )
    return None if months.null_count() else months.to_numpy()


def times_of(year: Integers, month: Integers, day: Integers, microseconds: Integers) -> tuple[Times, Truths]:
    """Times from calendar fields, and whether each of them is valid."""
    real = (year >= 1) & (month >= 1) & (month <= 12)
    months = ((year - 1970) * 12 + np.where(real, month, 1) - 1).astype("datetime64[M]")
    days = (months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")
    real &= (day >= 1) & (day <= days.astype(np.int64))
    dates = months.astype("datetime64[D]") + (day - 1)
    return dates.astype("datetime64[us]") + microseconds.astype("timedelta64[us]"), real


@dataclass(frozen=True, eq=False)
class _Fields:
    """The parts of a notation, for every row of a column."""

    parts: dict[str, pl.Series]
    missing: Truths
    unmatched: Truths

    def integers(self, name: str, default: int) -> Integers:
        """A part as whole numbers; `default` where it is absent."""
        if name not in self.parts:
            return np.full(len(self.missing), default, dtype=np.int64)
        return self.parts[name].cast(pl.Int64).fill_null(default).to_numpy().astype(np.int64)


def _fields(column: pl.Series, notation: str) -> _Fields | None:
    pattern = f"^(?:{notation})$"
    sample = column.head(_SAMPLE * 5).drop_nulls().head(_SAMPLE)
    if len(sample) == 0 or 2 * (sample.str.contains(pattern).sum() or 0) < len(sample):
        return None
    matches = column.str.contains(pattern)
    count = len(column) - column.null_count()
    if (matches.sum() or 0) < _NEARLY * count:
        return None
    unmatched = (~matches).fill_null(value=False).to_numpy()
    groups = column.str.extract_groups(pattern).struct
    parts = {name: groups.field(name) for name in groups.fields}
    return _Fields(parts, column.is_null().to_numpy(), unmatched)


def _in_order(fields: _Fields, order: DateOrder) -> ParsedTimes:
    parts = fields.parts
    named = {
        part: parts[place] for part, place in zip(_ORDERS[order], ("left", "middle", "right"), strict=True)
    }
    return _times(replace(fields, parts={**parts, **named}))


def _in_found_order(fields: _Fields) -> ParsedTimes:
    """Dates of three numbers with slashes: the whole column decides the order of day, month and year.

    A number above 12 can only be a day or a two-digit year. If several orders remain, the one whose times
    have the calendar with the fewest gaps is chosen.
    """
    orders: list[DateOrder] = ["day-first", "month-first"]
    why = "because otherwise some dates would not exist"
    left, middle = fields.integers("left", 1), fields.integers("middle", 1)
    if (fields.parts["right"].str.len_chars() == 2).all():
        orders.append("year-first")
    elif (left > 12).any():
        orders, why = ["day-first"], "because the first number exceeds 12"
    elif (middle > 12).any():
        orders, why = ["month-first"], "because the second number exceeds 12"
    parsed = {order: _in_order(fields, order) for order in orders}
    real = {order: found for order, found in parsed.items() if found.wrong is None} or parsed
    order, chosen = next(iter(real.items()))
    if len(real) > 1:
        present = {
            order: max((share for _, share in calendars(distinct(found.times))), default=0.0)
            for order, found in real.items()
        }
        order = max(real, key=present.__getitem__)
        chosen, why = real[order], "because otherwise they would not be equally spaced"
        if sorted(present.values())[-2] == present[order]:
            return replace(chosen, ambiguous=True, order=order)
    note = f"Dates are read {order.removesuffix('-first')} first, {why}."
    return replace(chosen, order=order, notes=(note, *chosen.notes))


def _times(fields: _Fields) -> ParsedTimes:
    """Combines the parts."""
    for unit, code in _SINCE_1970.items():
        if unit in fields.parts:
            since_1970 = fields.integers(unit, 0).astype(f"datetime64[{code}]").astype("datetime64[us]")
            offsets = np.zeros(len(since_1970), dtype=np.int64)
            return _checked(since_1970, np.ones(len(since_1970), dtype=bool), fields, (), offsets)
    if "serial" in fields.parts:
        days = fields.integers("serial", 0).astype("timedelta64[D]")
        times = (_FIRST_SERIAL + days).astype("datetime64[us]")
        return _checked(times, np.ones(len(times), dtype=bool), fields, ())
    notes = []
    year, short = _years(fields)
    if short:
        notes.append("Two-digit years are read as 1969 to 1999 (69 to 99) and 2000 to 2068 (00 to 68).")
    if "week" in fields.parts:
        parts = fields.parts
        weekday = parts["weekday"].fill_null("1") if "weekday" in parts else pl.lit("1")
        text = pl.select(parts["year"] + "-W" + parts["week"].str.zfill(2) + "-" + weekday).to_series()
        weeks = text.str.to_date("%G-W%V-%u", strict=False).to_numpy().astype("datetime64[us]")
        return _checked(weeks, ~np.isnat(weeks), fields, notes)
    month, day = fields.integers("month", 1), fields.integers("day", 1)
    if "name" in fields.parts:
        short_names = fields.parts["name"].str.slice(0, 3).str.to_lowercase()
        month = np.array([_MONTH_NAMES.index(name) + 1 if name else 1 for name in short_names])
    if "quarter" in fields.parts:
        month = 3 * fields.integers("quarter", 1) - 2
    if "half_year" in fields.parts:
        month = 6 * fields.integers("half_year", 1) - 5
    clock, real_clock = _clock(fields)
    times, real = times_of(year, month, day, clock)
    offset, has_zone = _zone(fields)
    if not has_zone.any():
        return _checked(times, real & real_clock, fields, notes)
    real &= has_zone | fields.missing
    return _checked(times - offset.astype("timedelta64[us]"), real & real_clock, fields, notes, offset)


def _checked(
    times: Times,
    real: Truths,
    fields: _Fields,
    notes: Sequence[str],
    offsets: Integers | None = None,
) -> ParsedTimes:
    wrong = fields.unmatched | (~real & ~fields.missing)
    times = np.where(fields.missing | wrong, np.datetime64("NaT", "us"), times)
    return ParsedTimes(times, offsets, int(np.argmax(wrong)) if wrong.any() else None, notes=tuple(notes))


def _years(fields: _Fields) -> tuple[Integers, bool]:
    years = fields.integers("year", 1970)
    short = (fields.parts["year"].str.len_chars() == 2).fill_null(value=False).to_numpy()
    return np.where(short, years + np.where(years < 69, 2000, 1900), years), bool(short.any())


def _clock(fields: _Fields) -> tuple[Integers, Truths]:
    hour, minute, second = (fields.integers(name, 0) for name in ("hour", "minute", "second"))
    real = (minute <= 59) & (second <= 59)
    if "half" in fields.parts:
        half = fields.parts["half"].str.to_lowercase().str.replace_all(".", "", literal=True)
        has_half = half.is_not_null().to_numpy()
        afternoon = (half == "pm").fill_null(value=False).to_numpy()
        real &= ~has_half | ((hour >= 1) & (hour <= 12))
        hour = np.where(has_half, hour % 12 + 12 * afternoon, hour)
    # Some write midnight at the end of a day as 24:00.
    real &= (hour <= 23) | ((hour == 24) & (minute == 0) & (second == 0))
    microseconds = hour * HOUR + minute * MINUTE + second * SECOND
    if "fraction" in fields.parts:
        fraction = fields.parts["fraction"].str.pad_end(9, "0").cast(pl.Int64).fill_null(0).to_numpy()
        microseconds = microseconds + fraction // 1000
    return microseconds, real


def _zone(fields: _Fields) -> tuple[Integers, Truths]:
    if "zone" not in fields.parts:
        return np.zeros(len(fields.missing), dtype=np.int64), np.zeros(len(fields.missing), dtype=bool)
    zone = fields.parts["zone"]
    digits = zone.str.replace(":", "", literal=True).str.pad_end(5, "0")
    hours = digits.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    minutes = digits.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    sign = np.where(zone.str.starts_with("-").fill_null(value=False).to_numpy(), -1, 1)
    return sign * (hours * HOUR + minutes * MINUTE), zone.is_not_null().to_numpy()
