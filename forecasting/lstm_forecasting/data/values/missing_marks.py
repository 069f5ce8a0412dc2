"""Numbers that stand for missing values, such as -999: recognised, and taken as missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.finding import Finding, as_findings
from lstm_forecasting.data.options import NONE, is_number
from lstm_forecasting.data.values.text_numbers import NumberColumn
from lstm_plugins.counting import counted

_LEAST_COUNT = 3
"""Times that a mark occurs; a single outlier may be true."""
_FAR = 2.0
_NEAR = 0.25
"""Of the range of the other values; the distance to them of any number, and of one that looks like a mark."""
_LEAST_VALUES = 20
_LEAST_DISTINCT = 5
"""Different values; with fewer, a far one may be a class or a price."""
_ASKED = ", which stands for missing values"
_USUAL = {
    sign * float(digits * count) for sign in (1, -1) for digits in ("9", "8") for count in range(2, 9)
} | {
    *(-200.0, 32767.0, -32768.0, 65535.0, 2147483647.0, -2147483648.0, 1e20, -1e20, 1e30, -1e30, 1e36),
}
"""Numbers that devices and archives write for missing values."""


def without_marks(numbers: Mapping[str, NumberColumn], asked: Sequence[str] = ()) -> dict[str, NumberColumn]:
    """The columns with NaN in place of numbers that stand for missing values.

    A mark is the smallest or largest number of a column, occurs several times, and is far from all others, or
    less far if it looks like a mark or is one in another column. `asked` are the marks named by the user
    instead, or "none" for none.
    """
    if tuple(asked) == (NONE,):
        return dict(numbers)
    if asked:
        marks = [float(mark) for mark in asked if is_number(mark)]
        return {name: _without(name, column, marks, _ASKED) for name, column in numbers.items()}
    found = {name: _found(column, _USUAL) for name, column in numbers.items()}
    known = {mark for marks in found.values() for mark in marks}
    if not known:
        return dict(numbers)
    return {
        name: _without(
            name, column, sorted({*found[name], *_found(column, known, 0.0)}), ", far from all others"
        )
        for name, column in numbers.items()
    }


def words_of(asked: Sequence[str]) -> tuple[str, ...]:
    """The words among the marks that the user named."""
    return tuple(mark for mark in asked if mark != NONE and not is_number(mark))


def marks_of(column: NumberColumn) -> tuple[str, ...]:
    """The numbers and words that stand for missing values in a column, as `--missing-mark` takes them."""
    return (*(f"{mark:.15g}" for mark in column.marks), *column.words)


def mark_findings(
    numbers: Mapping[str, NumberColumn], marked: Mapping[str, NumberColumn]
) -> tuple[Finding, ...]:
    """What `without_marks` made of the columns in `numbers`, as findings."""
    return tuple(
        finding
        for name, column in marked.items()
        for finding in as_findings(
            "missing marks",
            column.decisions[len(numbers[name].decisions) :],
            column=name,
            option="missing_mark",
            value=NONE,
        )
    )


def _found(column: NumberColumn, likely: set[float], near: float = _NEAR) -> list[float]:
    """The marks at either end of a column's values."""
    if column.values is None:
        return []
    distinct, counts = np.unique(column.values[~np.isnan(column.values)], return_counts=True)
    marks: list[float] = []
    # A column may have marks at both ends, and several on one side, the farthest first.
    while len(distinct) > 2 and counts.sum() >= _LEAST_VALUES:
        end = next((end for end in (0, -1) if _is_mark(distinct, counts, end, likely, near)), None)
        if end is None:
            break
        marks.append(float(distinct[end]))
        distinct, counts = np.delete(distinct, end), np.delete(counts, end)
    return marks


def _is_mark(distinct: Array, counts: Integers, end: int, likely: set[float], near: float) -> bool:
    value, others = distinct[end], np.delete(distinct, end)
    spread = float(others[-1] - others[0])
    distance = float(abs(value - others[end]))
    if float(value) in likely:
        far = distance > near * spread
    else:
        # 0 is what shops sell on closed days.
        far = value != 0.0 and len(others) >= _LEAST_DISTINCT and distance > _FAR * spread
    return bool(counts[end] >= _LEAST_COUNT and spread > 0.0 and far)


def _without(name: str, column: NumberColumn, marks: Sequence[float], why: str) -> NumberColumn:
    if column.values is None:
        return column
    counts = {mark: int((column.values == mark).sum()) for mark in marks}
    told = tuple(
        f"{counted(count, 'value')} of {name} {'is' if count == 1 else 'are'} {mark:g}{why}, and "
        f"{'counts' if count == 1 else 'count'} as missing."
        for mark, count in counts.items()
        if count
    )
    if not told:
        return column
    return replace(
        column,
        values=np.where(np.isin(column.values, list(counts)), np.nan, column.values),
        missing=column.missing + sum(counts.values()),
        decisions=(*column.decisions, *told),
        marks=tuple(mark for mark, count in counts.items() if count),
    )
