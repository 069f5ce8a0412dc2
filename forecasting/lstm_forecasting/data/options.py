"""Every choice that a user may make on reading data, declared once.

The flags of the command line, the form of the app and what a run folder stores are derived from the fields of
`ReadOptions`: a field's metadata holds its help text and how a value is written.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args, get_type_hints

from lstm_forecasting.data.errors import OptionError

Missing = Literal["interpolate", "forward-fill", "refuse"]
Duplicates = Literal["refuse", "first", "last", "mean", "sum"]
DateOrder = Literal["day-first", "month-first", "year-first"]
Decimal = Literal["point", "comma"]

NONE = "none"
"""In place of a column: that there is none."""

DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
"""The usual ones and their names. Between equally good candidates the earlier one wins: a comma may also be a
decimal mark or part of a title."""


def _option(
    default: Any,
    help: str,  # noqa: A002
    metavar: str = "",
    clean: Callable[[str], str] | None = None,
) -> Any:
    return field(default=default, metadata={"help": help, "metavar": metavar, "clean": clean})


def _zone(name: str) -> str:
    # Here and not above: few need it, and it reads the system's list.
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = difflib.get_close_matches(name, zoneinfo.available_timezones(), n=2, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}" if close else "write it such as Europe/Berlin, or UTC"
        raise OptionError("time_zone", f"there is no zone {name!r}; {hint}") from None


def _frequency(text: str) -> str:
    # Here and not above: a list of options must not wait for NumPy.
    from lstm_forecasting.data.frequency_text import parse_frequency

    parse_frequency(text)
    return text


def _delimiter(text: str) -> str:
    sign = {word: sign for sign, word in DELIMITERS.items()}.get(text.lower(), text)
    if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in "\"'.+-\n\r \x1f\x00":
        words = ", ".join(DELIMITERS.values())
        raise OptionError("delimiter", f"{text!r} is neither {words} nor one other sign, such as ~")
    return sign


def _encoding(name: str) -> str:
    try:
        known = codecs.lookup(name)
        "".encode(known.name)
    except (LookupError, ValueError):
        # Bytes to bytes ("hex") is a codec to Python too, and no way to write a text.
        raise OptionError(
            "encoding", f"there is no encoding {name!r}; write it such as utf-8, latin-1 or utf-16"
        ) from None
    return known.name


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How data are read; None, and no name, leave a decision to the program, which then says it.

    Raises:
        OptionError: a value cannot be, or does not go with another one.
    """

    missing: Missing = _option("interpolate", "what becomes of missing values and missing rows")
    duplicates: Duplicates = _option("refuse", "what becomes of rows with the same time")
    time_column: str | None = _option(
        None, f"column that holds the times; {NONE} for none, so that rows are counted", "COLUMN"
    )
    time_zone: str | None = _option(
        None, "zone of clocks without an offset, and the one that times are shown in", "ZONE", _zone
    )
    date_order: DateOrder | None = _option(None, "what comes first in dates such as 1/2/16")
    frequency: str | None = _option(
        None,
        "how far apart the rows are, such as hourly, 15min, business days or month ends",
        "WORDS",
        _frequency,
    )
    series_column: tuple[str, ...] = _option(
        (), f"column of a long file that names its series; {NONE} if all rows are one series", "COLUMN"
    )
    series: tuple[str, ...] = _option((), "series of a long file; several become one column each", "NAME")
    delimiter: str | None = _option(None, "what stands between two fields of a text file", "SIGN", _delimiter)
    decimal: Decimal | None = _option(None, "decimal mark of numbers in a text file")
    encoding: str | None = _option(None, "how the letters of a text file are encoded", "CODEC", _encoding)

    def __post_init__(self) -> None:
        for option in READ_OPTIONS:
            object.__setattr__(self, option.name, option.checked(getattr(self, option.name)))
        if NONE in self.series_column and (len(self.series_column) > 1 or self.series):
            raise OptionError("series_column", f"{NONE} goes with no other column and with no series")

    def to_dict(self) -> dict[str, Any]:
        """All options as JSON-ready values, in the order of declaration."""
        values = dataclasses.asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The options with these values, defaults for the rest.

        Raises:
            OptionError: a name is not an option, or a value is not allowed.
        """
        for name in values:
            if name not in READ_OPTIONS_BY_NAME:
                known = ", ".join(READ_OPTIONS_BY_NAME)
                raise OptionError(name, f"there is no such option of reading; the options are {known}")
        return cls(**values)


@dataclass(frozen=True)
class ReadOption:
    """One field of `ReadOptions` as the front ends need it.

    Attributes:
        name: the field's name.
        default: the field's default.
        help: one line for people.
        choices: the words allowed; empty for free text.
        several: True for names of which there may be any number.
        metavar: what free text stands for, in one word.
        clean: gives the value that a free text means.
    """

    name: str
    default: Any
    help: str
    choices: tuple[str, ...]
    several: bool
    metavar: str
    clean: Callable[[str], str] | None

    def checked(self, value: Any) -> Any:
        """`value` in the field's own type.

        Raises:
            OptionError: it cannot be.
        """
        if self.several:
            return self._names(value)
        if value is None and self.default is None:
            return None
        if self.choices:
            if value not in self.choices:
                raise OptionError(self.name, f"{value!r} is not one of {', '.join(self.choices)}")
            return value
        if not isinstance(value, str) or not value:
            raise OptionError(self.name, f"{value!r} is no text")
        return self.clean(value) if self.clean else value

    def checked_text(self, text: str) -> str:
        """The value that a person wrote as `text`; of several, one of them.

        Raises:
            OptionError: it cannot be.
        """
        if self.several:
            return self._names([text])[0]
        value: str = self.checked(text)
        return value

    def parsed(self, text: str) -> Any:
        """The value that a person wrote on one line; the default for an empty one.

        Several names stand between commas, and one that has a comma in it between quotes.

        Raises:
            OptionError: it cannot be.
        """
        if not text.strip():
            return self.default
        if not self.several:
            return self.checked_text(text.strip())
        names = next(csv.reader([text], skipinitialspace=True))
        return self._names([name.strip() for name in names])

    def written(self, names: tuple[str, ...]) -> str:
        """Several names on one line, as `parsed` reads them."""
        return ", ".join(_quoted(name) if "," in name or '"' in name else name for name in names)

    def _names(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(name, str) and name for name in value):
            raise OptionError(self.name, f"{value!r} is no list of names")
        twice = next((name for place, name in enumerate(value) if name in value[:place]), None)
        if twice is not None:
            raise OptionError(self.name, f"{twice!r} is named twice; name it once")
        return tuple(value)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _read_options() -> tuple[ReadOption, ...]:
    hints = get_type_hints(ReadOptions)
    options = []
    for declared in dataclasses.fields(ReadOptions):
        several = hints[declared.name] == tuple[str, ...]
        hint = hints[declared.name]
        # Of `Literal[...] | None` the words are one level down.
        words = [word for part in (hint, *get_args(hint)) for word in get_args(part) if isinstance(word, str)]
        options.append(
            ReadOption(
                declared.name,
                declared.default,
                declared.metadata["help"],
                () if several else tuple(dict.fromkeys(words)),
                several,
                declared.metadata["metavar"],
                declared.metadata["clean"],
            )
        )
    return tuple(options)


READ_OPTIONS: tuple[ReadOption, ...] = _read_options()
READ_OPTIONS_BY_NAME: dict[str, ReadOption] = {option.name: option for option in READ_OPTIONS}
DEFAULT_OPTIONS = ReadOptions()
