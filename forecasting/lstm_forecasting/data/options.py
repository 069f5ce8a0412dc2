"""Every choice that a user can make about reading data, each declared once."""

import codecs
import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from lstm_plugins.errors import OptionError
from lstm_plugins.options import Option, by_name, declare, options_of, refuse_unknown
from lstm_plugins.suggesting import similar_names, suggestion

Missing = Literal["carry", "season", "interpolate", "refuse"]
Indicator = Literal["auto", "always", "never"]
Duplicates = Literal["refuse", "first", "last", "mean", "sum"]
Aggregate = Literal["mean", "sum", "last", "max", "count"]
DateOrder = Literal["day-first", "month-first", "year-first"]
Decimal = Literal["point", "comma"]
Whole = Literal["auto", "yes", "no"]
Difference = Literal["none", "counter"]
UnitChange = Literal["keep", "convert"]
Calendar = Literal["auto", "always", "never"]
Transformation = Literal["none", "log", "asinh"]

NONE = "none"
"""Given instead of a column: there is none."""
AUTO = "auto"
"""Given instead of a choice: the program infers it from the data."""

DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
"""Common delimiters by name; earlier ones win ties, since a comma may be a decimal mark or in a title."""


def _zone(name: str) -> str:
    # Imported here because it reads the system's list, which few need.
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = similar_names(name, zoneinfo.available_timezones())
        hint = suggestion(close, "write it like Europe/Berlin, or UTC")
        raise ValueError(f"there is no time zone {name!r}; {hint}") from None


def _marks(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        if is_number(text) and not math.isfinite(float(text)):
            raise ValueError(
                f"{text!r} is neither a number such as -999 nor a word such as M; or write {NONE}"
            )
    if NONE in texts and len(texts) > 1:
        raise ValueError(f"{NONE} cannot be combined with another mark")
    return texts


def is_number(text: str) -> bool:
    """Whether a text is written like a number of Python."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _minimum(text: str) -> str:
    if text.lower() in (AUTO, NONE):
        return text.lower()
    try:
        number = float(text)
    except ValueError:
        raise ValueError from None
    if not math.isfinite(number):
        raise ValueError
    return f"{number:.17g}"


def _frequency(text: str) -> str:
    # Imported here because listing the options must not wait for NumPy.
    from lstm_forecasting.data.times.frequency_text import parse_frequency

    parse_frequency(text)
    return text


def _resampled(text: str) -> str:
    from lstm_forecasting.data.times.frequency_text import parse_frequency

    frequency = parse_frequency(text)
    if frequency.kind == "business days" or frequency.placement != "day" or frequency.day != 1:
        raise ValueError(f"rows cannot be merged into {frequency.name}; write it like 1h, daily or monthly")
    return text


def _delimiter(text: str) -> str:
    sign = {word: sign for sign, word in DELIMITERS.items()}.get(text.lower(), text)
    if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in "\"'.+-\n\r \x1f\x00":
        words = ", ".join(DELIMITERS.values())
        raise ValueError(f"{text!r} is neither {words} nor a single other character, such as ~")
    return sign


def _encoding(name: str) -> str:
    try:
        known = codecs.lookup(name)
        "".encode(known.name)
    except (LookupError, ValueError):
        # Python also has codecs from bytes to bytes ("hex"), which do not encode text.
        raise ValueError(f"there is no encoding {name!r}; write it like utf-8, latin-1 or utf-16") from None
    return known.name


def _country(text: str) -> str:
    from lstm_forecasting.known.holiday_columns import check_country

    return check_country(text)


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How data are read. The program infers what is None or empty from the data, and reports it.

    Raises:
        OptionError: a value is not allowed, or conflicts with another one.
    """

    missing: Missing = declare(
        "carry",
        "How to fill missing values; interpolate looks ahead",
    )
    missing_indicator: Indicator = declare(
        "auto",
        "Add inputs that tell the network which values were observed; auto: for columns with more than 5 % "
        "missing",
    )
    missing_mark: tuple[str, ...] = declare(
        (),
        f"Number or word that stands for missing values; {NONE}: take every number as it is",
        metavar="MARK",
        clean=_marks,
    )
    duplicates: Duplicates = declare("refuse", "What to do with rows that have the same time")
    time_column: str | None = declare(
        None, f"Column with the times; {NONE}: number the rows", metavar="COLUMN"
    )
    time_zone: str | None = declare(
        None,
        "Time zone of times without an offset, in which all times are shown",
        metavar="ZONE",
        clean=_zone,
    )
    date_order: DateOrder | None = declare(None, "First part of dates such as 1/2/16")
    frequency: str | None = declare(
        None,
        "Spacing of the rows, such as hourly, 15min, business days or month ends",
        metavar="WORDS",
        clean=_frequency,
    )
    resample: str | None = declare(
        None,
        "Longer step, such as 1h or daily, into which rows are merged",
        metavar="WORDS",
        clean=_resampled,
    )
    aggregate: Aggregate = declare("mean", "What becomes of the values that resample merges")
    series_column: tuple[str, ...] = declare(
        (),
        f"Column of a long file that names the series; {NONE}: all rows are one series",
        metavar="COLUMN",
    )
    series: tuple[str, ...] = declare(
        (), "Series to read from a long file; several become one column each", metavar="NAME"
    )
    delimiter: str | None = declare(
        None, "Separator of the fields in a text file", metavar="SIGN", clean=_delimiter
    )
    decimal: Decimal | None = declare(None, "Decimal mark of the numbers in a text file")
    sheet: str | None = declare(None, "Sheet of a workbook, or table of a database", metavar="NAME")
    query: str | None = declare(
        None, "Query of an SQLite database, such as SELECT day, sales FROM shop", metavar="SQL"
    )
    encoding: str | None = declare(
        None, "Character encoding of a text file", metavar="CODEC", clean=_encoding
    )
    difference: Difference = declare(
        "none", "Replace each meter reading, which grows and begins at 0 again, by its change from row to row"
    )
    unit_change: UnitChange = declare(
        "keep", "What to do with values before a change of unit: keep them, or convert them to the last unit"
    )
    minimum: str = declare(
        AUTO,
        f"Least value of forecasts; {AUTO}: 0 if no training value is negative; {NONE}: no limit",
        metavar="X",
        expects=f'a number (in a file, in quotes: "0"), {AUTO} or {NONE}',
        clean=_minimum,
    )
    whole: Whole = declare(
        AUTO,
        f"Round forecasts to whole numbers; {AUTO}: if all training values are whole and change by 5 or more",
    )
    known: tuple[str, ...] = declare(
        (),
        "Column known ahead, such as a price or a promotion, with values after the target's last one",
        metavar="COLUMN",
        inferred=False,
    )
    future: str | None = declare(
        None,
        "File with the values of the known columns after the last row",
        metavar="FILE",
        inferred=False,
    )
    calendar: Calendar = declare(
        "auto",
        "Use hour, weekday and time of the year as known columns; auto: beside known columns or holidays",
    )
    country: str | None = declare(
        None,
        "Country, or part of one, whose holidays are known columns, such as US or DE-BY",
        metavar="CODE",
        clean=_country,
    )
    transform: Transformation = declare(
        "none",
        "Transform the targets before training, and undo it on forecasts; log: if changes grow with the "
        "values; asinh: for heavy tails with negative values",
    )

    def __post_init__(self) -> None:
        for option in READ_OPTIONS:
            object.__setattr__(self, option.name, option.check(getattr(self, option.name)))
        if self.resample is not None and self.frequency is not None:
            raise OptionError("resample", "it decides the frequency; remove the option frequency")
        if NONE in self.series_column and (len(self.series_column) > 1 or self.series):
            raise OptionError("series_column", f"{NONE} cannot be combined with a column or a series")
        if self.calendar == "never" and self.country is not None:
            raise OptionError("country", "holidays belong to the calendar, which is set to never; remove one")

    def to_dict(self) -> dict[str, Any]:
        """All options as JSON-ready values, in the order of declaration."""
        values = dataclasses.asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The options with these values, defaults for the rest.

        Raises:
            OptionError: a name is not an option, or a value is not allowed.
        """
        refuse_unknown(values, READ_OPTIONS_BY_NAME, "option of reading")
        return cls(**values)


READ_OPTIONS: tuple[Option, ...] = options_of(ReadOptions)
READ_OPTIONS_BY_NAME = by_name(READ_OPTIONS)
DEFAULT_OPTIONS = ReadOptions()
