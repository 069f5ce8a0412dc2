"""Parses columns of numbers: decimal marks, thousands separators and signs for missing values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.options import Decimal
from lstm_forecasting.data.raw_table import RawTable
from lstm_forecasting.data.values.number_units import without_units
from lstm_plugins.counting import counted

MISSING_SIGNS = ("na", "n/a", "#n/a", "#na", "<na>", "nan", "null", "none", "nil", "-", "--", "?", ".")

_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_INTEGER = r"[+-]?[0-9]+" + _EXPONENT
_DOT = r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)" + _EXPONENT
_COMMA = r"[+-]?(?:[0-9]+,[0-9]*|,[0-9]+)" + _EXPONENT
_INFINITE = r"[+-]?(?i:inf|infinity|∞)"
# A single group of thousands ("1,234") may also be a number with three decimals.
_DOT_GROUP = r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}"
_COMMA_GROUP = r"[+-]?[1-9][0-9]{0,2},[0-9]{3}"
_DOT_GROUPS = r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]*)?|\.[0-9]{3},[0-9]*)"
_COMMA_GROUPS = r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]*)?|,[0-9]{3}\.[0-9]*)"
# Between digits, these can only be thousands separators: apostrophe, space, no-break and narrow space.
_GROUPING_SIGN = r"['’ \u00a0\u202f]"
_SPACED = r"[+-]?[0-9]{1,3}(?:" + _GROUPING_SIGN + r"[0-9]{3})+(?:[.,][0-9]*)?"
_SAMPLE = 100
_MOST_WORDS, _LEAST_WORDS, _DIFFERENT_WORDS = 0.2, 3, 2
"""Words that stand for missing values: their largest share, how often each occurs, and how many there are."""
_SIGNS: dict[Decimal, str] = {"point": ".", "comma": ","}
_NUMBER = "|".join((_INTEGER, _DOT, _COMMA, _INFINITE, _DOT_GROUPS, _COMMA_GROUPS, _SPACED))


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column parsed as numbers, or the reason why it cannot be.

    Attributes:
        values: float64 `[rows]`, NaN for missing values; None if there is a `problem`.
        missing: number of missing values.
        problem: one sentence for the user, raised only if the column is used.
        nearly: True if most values are numbers, so that the column was probably meant to be numeric.
        decisions: decisions made while parsing, one sentence each.
        decimal: the decimal mark; None if the column shows neither a decimal mark nor its counterpart.
        marks: numbers that stand for missing values and are NaN in `values`.
        words: words among the numbers that stand for missing values.
    """

    values: Array | None
    missing: int
    problem: str | None = None
    nearly: bool = False
    decisions: tuple[str, ...] = ()
    decimal: Decimal | None = None
    marks: tuple[float, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Marks:
    """Rows that show how a column uses dots and commas.

    Attributes:
        proofs: for each decimal mark, a row that proves it.
        either: for each sign, a row in which it may be a decimal mark or a thousands separator.
    """

    proofs: dict[str, int]
    either: dict[str, int]


def read_numbers(
    raw: RawTable, decimal: Decimal | None = None, words: Sequence[str] = ()
) -> dict[str, NumberColumn]:
    """Every column of a table as numbers, in the table's order.

    `words` stand for missing values. Without them, one or two words that occur several times among numbers,
    such as "M", do. Units and currencies beside numbers are removed.

    The decimal mark is found for each column. If a column leaves it open ("1,234" may be 1234 or 1.234), the
    other columns of the file decide; if they do not either, the column is refused. So is a column that proves
    another mark than the user's.
    """
    texts = {
        name: _without_missing(column) for name, column in raw.columns.items() if column.dtype == pl.String
    }
    removed = {}
    for name, column in texts.items():
        bare = None if are_plain(column) else without_units(name, column)
        if bare is not None:
            texts[name], removed[name] = bare.column, bare.decisions
    found_words = {}
    for name, column in texts.items():
        found_words[name] = tuple(words) or _words_among_numbers(column)
        if found_words[name]:
            texts[name] = column.set(column.is_in(found_words[name]), None)
    marks = {name: found for name, column in texts.items() if (found := _marks(column)) is not None}
    proven = {mark for found in marks.values() for mark in found.proofs}
    numbers = {}
    for name, column in raw.columns.items():
        if name in marks:
            parsed = _parsed(raw, name, texts[name], marks[name], decimal, proven)
            parsed = replace(parsed, decisions=(*removed.get(name, ()), *parsed.decisions))
            numbers[name] = _with_words(parsed, name, raw.columns[name], found_words[name])
        elif name in texts:
            numbers[name] = _text(raw, name, texts[name])
        else:
            numbers[name] = _typed(raw, name, column)
    return numbers


def _words_among_numbers(column: pl.Series) -> tuple[str, ...]:
    """The words of a column that has numbers otherwise."""
    if are_plain(column):
        return ()
    others = column.filter(~_matching(column, _NUMBER))
    count = len(column) - column.null_count()
    if not len(others) or len(others) > _MOST_WORDS * count:
        return ()
    counts = Counter(others.drop_nulls().to_list())
    names = list(counts)
    usual = len(names) <= _DIFFERENT_WORDS and min(counts.values(), default=0) >= _LEAST_WORDS
    are_words = all(any(map(str.isalpha, name)) and not any(map(str.isdigit, name)) for name in names)
    return tuple(sorted(names)) if usual and are_words else ()


def _with_words(parsed: NumberColumn, name: str, column: pl.Series, words: Sequence[str]) -> NumberColumn:
    """Says which words were taken as missing."""
    found = {word: int((column == word).sum() or 0) for word in words}
    shown = tuple(word for word, count in found.items() if count)
    decisions = tuple(
        f"{counted(found[word], 'value')} of {name} {'is' if found[word] == 1 else 'are'} {word!r} and "
        f"{'counts' if found[word] == 1 else 'count'} as missing."
        for word in shown
    )
    return replace(parsed, decisions=(*parsed.decisions, *decisions), words=shown)


def number_columns(numbers: Mapping[str, NumberColumn]) -> list[str]:
    """The columns that contain numbers, or were probably meant to; not those without any value."""
    return [
        name
        for name, column in numbers.items()
        if column.nearly or (column.values is not None and not np.isnan(column.values).all())
    ]


def are_plain(column: pl.Series) -> bool:
    """Whether all values are written like Python numbers, the usual case, which needs no pattern."""
    return column.cast(pl.Float64, strict=False).null_count() == column.null_count()


def _without_missing(column: pl.Series) -> pl.Series:
    if are_plain(column) and not column.str.contains("[Nn]").any():
        return column
    # Typographers have a minus sign of their own.
    stripped = column.str.strip_chars().str.replace("\u2212", "-", literal=True)
    lowered = stripped.str.to_lowercase()
    return stripped.set((stripped == "") | lowered.is_in(MISSING_SIGNS), None)


def _matching(column: pl.Series, pattern: str) -> pl.Series:
    """True where a value matches the pattern, null where it is missing."""
    return column.str.contains(f"^(?:{pattern})$")


def _first(found: pl.Series) -> int | None:
    found = found.fill_null(value=False)
    return found.arg_max() if found.any() else None


def _marks(column: pl.Series) -> _Marks | None:
    """How dots and commas are used; None if the column contains anything other than numbers."""
    if are_plain(column):
        # The first rows usually settle it.
        sampled = _marks_of_plain(column.head(_SAMPLE))
        return sampled if sampled.proofs else _marks_of_plain(column)
    if not _matching(column, _NUMBER).all():
        return None
    dot, comma = (column.str.contains(sign, literal=True) for sign in ".,")
    dot_group, comma_group = _matching(column, _DOT_GROUP), _matching(column, _COMMA_GROUP)
    spaced = _matching(column, _SPACED)
    return _rows(
        {
            ".": _matching(column, _DOT) & ~dot_group | _matching(column, _COMMA_GROUPS) | spaced & dot,
            ",": _matching(column, _COMMA) & ~comma_group | _matching(column, _DOT_GROUPS) | spaced & comma,
        },
        {",": comma_group, ".": dot_group},
    )


def _marks_of_plain(column: pl.Series) -> _Marks:
    dot_group = _matching(column, _DOT_GROUP)
    return _rows({".": column.str.contains(".", literal=True) & ~dot_group}, {".": dot_group})


def _rows(proofs: Mapping[str, pl.Series], either: Mapping[str, pl.Series]) -> _Marks:
    first, second = (
        {mark: row for mark, found in each.items() if (row := _first(found)) is not None}
        for each in (proofs, either)
    )
    return _Marks(first, second)


def _parsed(
    raw: RawTable,
    name: str,
    column: pl.Series,
    marks: _Marks,
    asked: Decimal | None,
    proven: set[str],
) -> NumberColumn:
    missing, decimal = column.null_count(), None if asked is None else _SIGNS[asked]
    if asked is None:
        decimal = _decimal_mark(raw, column, marks, set(marks.proofs) or proven)
    problem = _problem(raw, name, marks, decimal, asked)
    if problem is not None:
        return NumberColumn(None, missing, problem, nearly=True)
    decisions: list[str] = []
    plain = column
    if decimal == "," or not are_plain(column):
        plain, decisions = _plain(name, column, decimal)
    values = plain.cast(pl.Float64, strict=False)
    infinite = _first(values.is_infinite())
    if infinite is None and values.null_count() > missing:
        infinite = _first(_matching(plain, _INFINITE))
    if infinite is not None:
        return NumberColumn(None, missing, _infinite(raw, name, infinite), nearly=True)
    shown = next(word for word, sign in _SIGNS.items() if sign == decimal)
    seen = shown if marks.proofs or marks.either else None
    return NumberColumn(_array(values), missing, decisions=tuple(decisions), decimal=seen)


def _plain(name: str, column: pl.Series, decimal: str | None) -> tuple[pl.Series, list[str]]:
    """The numbers as Python writes them, and the decisions."""
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


def _problem(
    raw: RawTable, name: str, marks: _Marks, decimal: str | None, asked: Decimal | None
) -> str | None:
    """Why the decimal mark of a column is not certain, or not the one asked for."""
    begin, shown_in = f"Column {name!r} of {raw.file}", raw.columns[name]
    if len(marks.proofs) == 2:
        shown = [f"{raw.where(marks.proofs[mark])} has {shown_in[marks.proofs[mark]]!r}" for mark in ".,"]
        return f"{begin} uses two decimal marks: {', '.join(shown)}; write all numbers the same way."
    if decimal is None:
        row = next(iter(marks.either.values()))
        return (
            f"{begin} is ambiguous: {shown_in[row]!r} in {raw.where(row)} may be a whole number with a "
            "thousands separator or a number with three decimals; set decimal to point or comma."
        )
    if asked is not None and marks.proofs and decimal not in marks.proofs:
        row = next(iter(marks.proofs.values()))
        return (
            f"{begin} has {shown_in[row]!r} in {raw.where(row)}, which is not a number with decimal {asked}; "
            "change the option decimal, or the column."
        )
    return None


def _decimal_mark(raw: RawTable, column: pl.Series, marks: _Marks, proven: set[str]) -> str | None:
    if len(proven) == 1:
        return next(iter(proven))
    if "," in marks.either:
        return None
    if "." in marks.either and raw.delimiter == ";" and _matching(column, r"[+-]?[0-9]{1,3}").any():
        # Semicolons go with decimal commas, and decimals are usually written in every row or none.
        return None
    return "."


def _text(raw: RawTable, name: str, column: pl.Series) -> NumberColumn:
    is_number = _matching(column, _NUMBER)
    row = _first(~is_number) or 0
    problem = (
        f"Column {name!r} of {raw.file} is not numeric: {raw.where(row)} has "
        f"{shortened(raw.columns[name][row])}; correct it, choose another column, or set missing_mark "
        "if it stands for a missing value."
    )
    nearly = 2 * (is_number.sum() or 0) > len(column) - column.null_count()
    return NumberColumn(None, column.null_count(), problem, nearly=nearly)


def _typed(raw: RawTable, name: str, column: pl.Series) -> NumberColumn:
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.Null)):
        problem = f"Column {name!r} of {raw.file} is not numeric but {column.dtype}; choose another column."
        return NumberColumn(None, column.null_count(), problem)
    values = column.cast(pl.Float64).fill_nan(None)
    row = _first(values.is_infinite())
    if row is not None:
        return NumberColumn(None, values.null_count(), _infinite(raw, name, row), nearly=True)
    return NumberColumn(_array(values), values.null_count())


def _infinite(raw: RawTable, name: str, row: int) -> str:
    return (
        f"Column {name!r} of {raw.file} has an infinite value in {raw.where(row)}; correct it, or leave it "
        "empty if it is missing."
    )


def _array(values: pl.Series) -> Array:
    return values.fill_null(float("nan")).to_numpy().astype(np.float64)


def shortened(text: str) -> str:
    """A text from a file in quotes, short enough for a message."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
