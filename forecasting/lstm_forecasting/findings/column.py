"""A column of a table, as the findings look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes:
        table: the table.
        index: the column's place in it.
    """

    table: SeriesTable
    index: int

    @property
    def name(self) -> str:
        """Its title."""
        return self.table.columns[self.index]

    @property
    def is_target(self) -> bool:
        """Whether it is forecast."""
        return self.index < len(self.table.targets)

    @property
    def observed(self) -> Truths:
        """Which rows have a value in the file, `[rows]`."""
        observed: Truths = ~self.table.filled[:, self.index]
        return observed

    @cached_property
    def values(self) -> Array:
        """Its values on the calendar, `[rows]`; NaN where the file has none."""
        return np.where(self.observed, self.table.values[:, self.index], np.nan)

    @cached_property
    def seen(self) -> Array:
        """Its values without gaps."""
        seen: Array = self.table.values[self.observed, self.index]
        return seen

    def when(self, row: int) -> str:
        """The time of a row, or its number."""
        return self.table.row_text(int(row))

    def times(self, rows: Integers) -> tuple[str, ...]:
        """The times of rows."""
        return tuple(self.when(int(row)) for row in rows)


def columns_of(table: SeriesTable) -> Iterator[Column]:
    """Yields every column of a table, targets first."""
    yield from (Column(table, index) for index in range(len(table.columns)))


def rounded(value: float) -> str:
    """A number with four significant digits, without an exponent unless it is very large or small."""
    return f"{float(f'{value:.4g}'):.10g}"
