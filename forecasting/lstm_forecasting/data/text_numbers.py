"""From text to numbers: decimal marks, thousands separators and signs for "missing"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lstm_forecasting.data.options import Decimal
from lstm_forecasting.data.raw_table import RawTable

Array = npt.NDArray[np.float64]

MISSING_SIGNS = ("na", "n/a", "#n/a", "#na", "<na>", "nan", "null", "none", "nil", "-", "--", "?", ".")

_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_INTEGER = r"[+-]?[0-9]+" + _EXPONENT
_DOT = r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)" + _EXPONENT
_COMMA = r"[+-]?(?:[0-9]+,[0-9]*|,[0-9]+)" + _EXPONENT
_INFINITE = r"[+-]?(?i:inf|infinity|∞)"
# A single group of thousands ("1,234") may as well be a number with three decimals.
_DOT_GROUP = r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}"
_COMMA_GROUP = r"[+-]?[1-9][0-9]{0,2},[0-9]{3}"
_DOT_GROUPS = r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]*)?|\.[0-9]{3},[0-9]*)"
_COMMA_GROUPS = r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]*)?|,[0-9]{3}\.[0-9]*)"
# These signs between digits can only be thousands separators: apostrophe, space, no-break and narrow space.
_GROUPING_SIGN = r"['’ \u00a0\u202f]"
_SPACED = r"[+-]?[0-9]{1,3}(?:" + _GROUPING_SIGN + r"[0-9]{3})+(?:[.,][0-9]*)?"
_SAMPLE = 100
_SIGNS: dict[Decimal, str] = {"point": ".", "comma": ","}
_NUMBER = "|".join((_INTEGER, _DOT, _COMMA, _INFINITE, _DOT_GROUPS, _COMMA_GROUPS, _SPACED))


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column as numbers, or why it is none.

    Attributes:
        values: float64 `[rows]`, NaN where a value is missing; None when there is a `problem`.
        missing: how many values are missing.
        problem: one sentence for the user, raised only if the column is wanted.
        nearly: True when most of the column are numbers, so that it was probably meant to be one of numbers.
        decisions: what was decided on the way, in plain sentences.
        decimal: the decimal mark, None where no sign was taken for one or for its counterpart.
    """

    values: Array | None
    missing: int
    problem: str | None = None
    nearly: bool = False
    decisions: tuple[str, ...] = ()
    decimal: Decimal | None = None


@dataclass(frozen=True)
class _Marks:
    """For one column, a row that proves each use of dot and comma; None where there is none."""

    dot_decimal: int | None = None
    dot_thousands: int | None = None
    dot_either: int | None = None
    comma_decimal: int | None = None
    comma_thousands: int | None = None
    comma_either: int | None = None

    def decimal_marks(self) -> set[str]:
        """The decimal marks that are proven."""
        dot = self.dot_decimal is not None or self.comma_thousands is not None
        comma = self.comma_decimal is not None or self.dot_thousands is not None
        return {mark for mark, proven in ((".", dot), (",", comma)) if proven}


def read_numbers(raw: RawTable, decimal: Decimal | None = None) -> dict[str, NumberColumn]:
    """Every column of a table as numbers, in the table's order.

    The decimal mark is decided column by column; where a column leaves it open ("1,234" may be 1234 or 1.234)
    the others of the file decide, and if they do not either, the column is refused rather than guessed.

    Args:
        raw: the table.
        decimal: the decimal mark, if the user said so; a column that proves another one is refused.
    """
    texts = {name: _without_missing(column) for name, column in raw.columns.items() if _is_text(column)}
    marks = {name: found for name, column in texts.items() if (found := _marks(column)) is not None}
    proven = set().union(*(found.decimal_marks() for found in marks.values())) if marks else set()
    numbers = {}
    for name, column in raw.columns.items():
        if name in marks:
            numbers[name] = _parsed(raw, name, texts[name], marks[name], decimal, proven)
        elif name in texts:
            numbers[name] = _text(raw, name, texts[name])
        else:
            numbers[name] = _typed(raw, name, column)
    return numbers


def number_columns(numbers: Mapping[str, NumberColumn]) -> list[str]:
    """The columns that hold numbers, or were probably meant to; not those without any value."""
    return [
        name
        for name, column in numbers.items()
        if column.nearly or (column.values is not None and not np.isnan(column.values).all())
    ]


def _is_text(column: pl.Series) -> bool:
    return column.dtype == pl.String


def _are_plain(column: pl.Series) -> bool:
    """Whether all values are numbers as Python writes them, the usual case, which needs no pattern."""
    return column.cast(pl.Float64, strict=False).null_count() == column.null_count()


def _without_missing(column: pl.Series) -> pl.Series:
    if _are_plain(column) and not column.str.contains("[Nn]").any():
        return column
    # Typographers have a minus of their own.
    stripped = column.str.strip_chars().str.replace("\u2212", "-", literal=True)
    lowered = stripped.str.to_lowercase()
    return stripped.set((stripped == "") | lowered.is_in(MISSING_SIGNS), None)


def _matching(column: pl.Series, pattern: str) -> pl.Series:
    """True where a value has the pattern, null where it is missing."""
    return column.str.contains(f"^(?:{pattern})$")


def _first(found: pl.Series) -> int | None:
    found = found.fill_null(value=False)
    return found.arg_max() if found.any() else None


def _marks(column: pl.Series) -> _Marks | None:
    """How dots and commas are used; None if the column holds something else than numbers."""
    if _are_plain(column):
        found = _dots_alone(column.head(_SAMPLE))
        # Three digits after each dot of the sample leave open what the rest may tell.
        return found if found and found.dot_decimal is not None else _dots_alone(column) or _Marks()
    if not _matching(column, _NUMBER).all():
        return None
    dot_group, comma_group = _matching(column, _DOT_GROUP), _matching(column, _COMMA_GROUP)
    spaced = _matching(column, _SPACED)
    return _Marks(
        dot_decimal=_first(
            (_matching(column, _DOT) & ~dot_group) | spaced & column.str.contains(".", literal=True)
        ),
        dot_thousands=_first(_matching(column, _DOT_GROUPS)),
        dot_either=_first(dot_group),
        comma_decimal=_first(
            (_matching(column, _COMMA) & ~comma_group) | spaced & column.str.contains(",", literal=True)
        ),
        comma_thousands=_first(_matching(column, _COMMA_GROUPS)),
        comma_either=_first(comma_group),
    )


def _dots_alone(column: pl.Series) -> _Marks | None:
    """The marks of numbers as Python writes them, None if no dot tells."""
    dot_group = _matching(column, _DOT_GROUP)
    dot_decimal = _first(column.str.contains(".", literal=True) & ~dot_group)
    dot_either = _first(dot_group)
    if dot_decimal is None and dot_either is None:
        return None
    return _Marks(dot_decimal=dot_decimal, dot_either=dot_either)


def _parsed(
    raw: RawTable,
    name: str,
    column: pl.Series,
    marks: _Marks,
    asked: Decimal | None,
    proven: set[str],
) -> NumberColumn:
    missing = column.null_count()
    own = marks.decimal_marks()
    problem = _two_marks(raw, name, column, marks) if len(own) == 2 else None
    if asked is None:
        decimal = _decimal_mark(raw, column, marks, own or proven)
    else:
        decimal = _SIGNS[asked]
        if problem is None and own and own != {decimal}:
            problem = _against(raw, name, column, marks, asked)
    if problem is None and decimal is None:
        problem = _ambiguous(raw, name, column, marks)
    if problem is not None:
        return NumberColumn(None, missing, problem, nearly=True)
    decisions: list[str] = []
    plain = column
    if decimal == "," or not _are_plain(column):
        plain, decisions = _plain(name, column, decimal)
    values = plain.cast(pl.Float64, strict=False)
    infinite = _first(values.is_infinite())
    if infinite is None and values.null_count() > missing:
        infinite = _first(_matching(plain, _INFINITE))
    if infinite is not None:
        return NumberColumn(None, missing, _infinite(raw, name, infinite), nearly=True)
    seen = None if marks == _Marks() else next(word for word, sign in _SIGNS.items() if sign == decimal)
    return NumberColumn(_array(values), missing, decisions=tuple(decisions), decimal=seen)


def _plain(name: str, column: pl.Series, decimal: str | None) -> tuple[pl.Series, list[str]]:
    """Numbers as Python writes them, and what was done for it."""
    thousands = "," if decimal == "." else "."
    decisions = []
    plain = column
    if plain.str.contains(_GROUPING_SIGN).any():
        plain = plain.str.replace_all(_GROUPING_SIGN, "")
        decisions.append(f"Thousands separators in {name} are removed.")
    if plain.str.contains(thousands, literal=True).any():
        plain = plain.str.replace_all(thousands, "", literal=True)
        decisions.append(f"Thousands separators {thousands!r} in {name} are removed.")
    if decimal == "," and plain.str.contains(",", literal=True).any():
        plain = plain.str.replace_all(",", ".", literal=True)
        decisions.append(f"The decimal mark of {name} is a comma.")
    return plain, decisions


def _two_marks(raw: RawTable, name: str, column: pl.Series, marks: _Marks) -> str:
    rows = (_proof(marks, decimal) for decimal in ".,")
    shown = [f"{raw.where(row)} has {column[row]!r}" for row in rows]
    return (
        f"Column {name!r} of {raw.file} uses two decimal marks: {', '.join(shown)}; write all numbers alike."
    )


def _proof(marks: _Marks, decimal: str) -> int:
    """A row that proves a decimal mark."""
    dot, comma = (marks.dot_decimal, marks.comma_thousands), (marks.comma_decimal, marks.dot_thousands)
    return next(row for row in (dot if decimal == "." else comma) if row is not None)


def _against(raw: RawTable, name: str, column: pl.Series, marks: _Marks, asked: Decimal) -> str:
    row = _proof(marks, next(iter(marks.decimal_marks())))
    return (
        f"Column {name!r} of {raw.file} has {column[row]!r} in {raw.where(row)}, which is no number with "
        f"decimal {asked}; set decimal otherwise, or write the column so."
    )


def _ambiguous(raw: RawTable, name: str, column: pl.Series, marks: _Marks) -> str:
    row = next(row for row in (marks.comma_either, marks.dot_either) if row is not None)
    return (
        f"Column {name!r} of {raw.file} is ambiguous: {column[row]!r} in {raw.where(row)} may be a whole "
        "number with a thousands separator or a number with three decimals; set decimal to point or comma."
    )


def _decimal_mark(raw: RawTable, column: pl.Series, marks: _Marks, proven: set[str]) -> str | None:
    if len(proven) == 1:
        return next(iter(proven))
    if marks.comma_either is not None:
        return None
    if marks.dot_either is not None and raw.delimiter == ";" and _matching(column, r"[+-]?[0-9]{1,3}").any():
        # Semicolons go with decimal commas, and a writer of decimals gives whole numbers decimals too.
        return None
    return "."


def _text(raw: RawTable, name: str, column: pl.Series) -> NumberColumn:
    is_number = _matching(column, _NUMBER)
    row = _first(~is_number) or 0
    problem = (
        f"Column {name!r} of {raw.file} is not a column of numbers: {raw.where(row)} has "
        f"{shortened(column[row])}; correct it or choose another column."
    )
    nearly = 2 * (is_number.sum() or 0) > len(column) - column.null_count()
    return NumberColumn(None, column.null_count(), problem, nearly=nearly)


def _typed(raw: RawTable, name: str, column: pl.Series) -> NumberColumn:
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.Null)):
        problem = (
            f"Column {name!r} of {raw.file} is not a column of numbers but of type {column.dtype}; "
            "choose another column."
        )
        return NumberColumn(None, column.null_count(), problem)
    values = column.cast(pl.Float64).fill_nan(None)
    row = _first(values.is_infinite())
    if row is not None:
        return NumberColumn(None, values.null_count(), _infinite(raw, name, row), nearly=True)
    return NumberColumn(_array(values), values.null_count())


def _infinite(raw: RawTable, name: str, row: int) -> str:
    return (
        f"Column {name!r} of {raw.file} has an infinite value in {raw.where(row)}; "
        "correct it, or leave it empty if it is missing."
    )


def _array(values: pl.Series) -> Array:
    return values.fill_null(float("nan")).to_numpy().astype(np.float64)


def shortened(text: str) -> str:
    """A text of the file in quotes and not too long for a message."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
