"""The columns in use as the Data screen shows them: known ones go on after the end of the series."""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.table import Role, SeriesTable
from lstm_forecasting.known.own_columns import NO_WORD

_MOST_DECIMALS = 6
_SAMPLED = 10_000
_LARGEST, _SMALLEST = 1e12, 1e-4
NO_TEXT = "–"
"""Stands for a row without a text, such as a day without a promotion."""


@dataclass(frozen=True, eq=False)
class ShownColumn:
    """A column that forecasts use.

    Attributes:
        name: its title.
        role: target, input or known ahead.
        values: `[rows]`, and of a known column also of the rows after the end; nan where nothing is known. A
            text is its index in `words`, or `NO_WORD`.
        filled: `[rows]`, values that are not in the file.
        words: the texts of a column of texts.
        decimals: of each number; None for an exponent.
        width: of the widest value as text.
    """

    name: str
    role: Role
    values: Array
    filled: Truths
    words: tuple[str, ...]
    decimals: int | None
    width: int

    def text(self, row: int) -> str:
        """A value as text; empty after the last one, and where nothing is known."""
        if row >= len(self.values) or np.isnan(self.values[row]):
            return ""
        value = float(self.values[row])
        if self.words:
            return NO_TEXT if value == NO_WORD else self.words[int(value)]
        return _written(value, self.decimals)

    def number(self, row: int) -> float | str | None:
        """A value with all its digits, to copy; None where nothing is known."""
        if row >= len(self.values) or np.isnan(self.values[row]):
            return None
        return self.text(row) if self.words else float(self.values[row])


def names_in_use(table: SeriesTable) -> tuple[str, ...]:
    """The targets, the inputs, and the columns known ahead."""
    return (*table.columns, *(() if table.known is None else table.known.names))


def shown_column(table: SeriesTable, name: str) -> ShownColumn:
    """A column in use."""
    role, known = table.role(name), table.known
    if known is None or role != "known":
        place = table.columns.index(name)
        return _of_numbers(name, role, table.values[:, place], table.filled[:, place])
    place = known.names.index(name)
    values, words, filled = known.values[:, place], known.words[place], np.zeros(table.rows, dtype=bool)
    if not words:
        return _of_numbers(name, role, values, filled)
    return ShownColumn(name, role, values, filled, words, None, max(map(len, (*words, NO_TEXT))))


def shown_columns(table: SeriesTable) -> tuple[ShownColumn, ...]:
    """The columns in use, in the order of `names_in_use`."""
    return tuple(shown_column(table, name) for name in names_in_use(table))


def rows_after(table: SeriesTable) -> int:
    """Rows after the end of the series in which something is known ahead."""
    return 0 if table.known is None else len(table.known.values) - table.rows


def _of_numbers(name: str, role: Role, values: Array, filled: Truths) -> ShownColumn:
    """A column with the decimals of its file, at most 6; filled values do not count."""
    counts = np.isfinite(values)
    if not filled.all():
        counts[: len(filled)] &= ~filled
    real = values[counts]
    sample = real[:: max(1, len(real) // _SAMPLED)]
    sizes = np.abs(sample[sample != 0])
    decimals: int | None = None
    if not len(sizes) or (sizes.max() < _LARGEST and np.median(sizes) >= _SMALLEST):
        decimals = next(
            (count for count in range(_MOST_DECIMALS) if (np.round(sample, count) == sample).all()),
            _MOST_DECIMALS,
        )
    ends = (float(np.nanmin(values)), float(np.nanmax(values)), *sample[:1].tolist())
    width = max(len(_written(value, decimals)) for value in ends)
    return ShownColumn(name, role, values, filled, (), decimals, width)


def _written(value: float, decimals: int | None) -> str:
    return f"{value:.5e}" if decimals is None else f"{value:,.{decimals}f}"
