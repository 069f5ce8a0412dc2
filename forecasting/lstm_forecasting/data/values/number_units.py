"""Removes what stands beside numbers: currencies, units, K and M for thousands and millions, parentheses."""

from dataclasses import dataclass

import polars as pl

_SPACE = r"[ \u00a0\u202f]*"
_BARE = r"[0-9.,](?:[0-9.,'’ \u00a0\u202f]*[0-9.,])?(?:[eE][+-]?[0-9]+)?"
# Codes such as A12 are names of things, so in front of a number only currencies count.
_CURRENCY = (
    r"[A-Z]{0,2}[$€£¥₹₩₺₽₫₪฿]|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|TRY"
    r"|KRW|Fr\.|kr\.?|Rs\.?"
)
_UNIT = r"[^0-9\s.,;:()'’_+-][^\s,;:()+]*(?: [^0-9\s.,;:()+-]+)?"
_WRITTEN = (
    rf"^(?P<open>\()?(?P<sign>[+-])?{_SPACE}(?P<front>{_CURRENCY})?{_SPACE}(?P<inner>[+-])?{_SPACE}"
    rf"(?P<number>{_BARE}){_SPACE}(?P<unit>{_UNIT})?(?P<close>\))?$"
)
_SIZES = {
    **dict.fromkeys(("k", "K"), ("thousands", "e3")),
    **dict.fromkeys(("M", "mn", "Mio"), ("millions", "e6")),
    **dict.fromkeys(("B", "bn", "Mrd"), ("billions", "e9")),
    "T": ("trillions", "e12"),
}
"""Letters behind numbers of different sizes: what they stand for, in words and as an exponent."""
_SAMPLE = 100
_MOST_OTHERS = 0.2
"""Share of other texts, such as words for missing values, in a column of numbers with units."""


@dataclass(frozen=True, eq=False)
class BareNumbers:
    """A column of numbers without what stood beside them.

    Attributes:
        column: the numbers as text; other texts as they are.
        decisions: what was removed, one sentence each.
    """

    column: pl.Series
    decisions: tuple[str, ...]


def without_units(name: str, column: pl.Series) -> BareNumbers | None:
    """The bare numbers of a text column; None if nothing stands beside them, or not the same in every row.

    Numbers in parentheses are negative, as in accounts. Letters such as K and M count if a column has several
    of them, as in 950K and 1.2M.
    """
    sample = column.drop_nulls().head(_SAMPLE)
    if 2 * (sample.str.contains(_WRITTEN).sum() or 0) < max(len(sample), 1):
        return None
    parts = column.str.extract_groups(_WRITTEN).struct
    opened, sign, inner = (parts.field(part) for part in ("open", "sign", "inner"))
    balanced = opened.is_null() == parts.field("close").is_null()
    once = pl.select(pl.sum_horizontal(opened.is_null(), sign.is_null(), inner.is_null()) >= 2).to_series()
    numbers = (parts.field("number").str.contains("[0-9]") & balanced & once).fill_null(value=False)
    count = int(numbers.sum())
    if len(column) - column.null_count() - count > _MOST_OTHERS * count:
        return None
    front, unit = parts.field("front").filter(numbers), parts.field("unit").filter(numbers)
    letters = unit.drop_nulls().unique(maintain_order=True).to_list()
    sized = len(letters) > 1 and all(letter in _SIZES for letter in letters)
    digits = parts.field("number").filter(numbers)
    if not _is_usual(front, digits) or not (sized or _is_usual(unit, digits)):
        return None
    decisions = []
    removed = [repr(found.drop_nulls()[0]) for found in (front, unit) if found.count() and not sized]
    if removed:
        decisions.append(f"Numbers in {name} are read without {' and '.join(removed)}.")
    if sized:
        meant = ", ".join(f"{letter} {_SIZES[letter][0]}" for letter in letters)
        decisions.append(f"Letters behind numbers in {name} are read as sizes: {meant}.")
    if (opened.is_not_null() & numbers).any():
        decisions.append(f"Numbers in parentheses in {name} are negative.")
    if not decisions:
        return None
    minus = (opened.is_not_null() | (sign == "-").fill_null(value=False)) | (inner == "-").fill_null(
        value=False
    )
    exponents = {letter: _SIZES[letter][1] for letter in letters} if sized else {}
    exponent = parts.field("unit").replace_strict(exponents, default="", return_dtype=pl.String)
    marks = minus.replace_strict({True: "-", False: ""}, return_dtype=pl.String)
    bare = pl.select(pl.concat_str(marks, parts.field("number"), exponent.fill_null(""))).to_series()
    return BareNumbers(column.zip_with(~numbers, bare), tuple(decisions))


def _is_usual(found: pl.Series, numbers: pl.Series) -> bool:
    """Whether the same stands beside all numbers; zeros may lack it."""
    bare = numbers.filter(found.is_null())
    return found.drop_nulls().n_unique() <= 1 and (found.count() == 0 or not bare.str.contains("[1-9]").any())
