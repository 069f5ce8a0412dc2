"""The user's own known columns: numbers, and texts as categories."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.options import Missing
from lstm_forecasting.data.values.missing import fill, filling_decisions
from lstm_plugins.counting import counted, joined
from lstm_plugins.errors import InputError

NO_WORD = -1.0
"""The code of a row without a text, such as a day that is no holiday."""


@dataclass(frozen=True, eq=False)
class OwnColumns:
    """Columns that the user knows ahead, in the rows of a series and in rows after its end.

    Attributes:
        names: their titles.
        values: float64 `[rows + ahead, columns]`, read-only. A text is its index in `words`, or `NO_WORD`.
            NaN in the rows of the series stands for rows before the column's first value, and in the rows
            after its end for a value that is not known.
        words: the texts of each column; empty for a column of numbers.
    """

    names: tuple[str, ...]
    values: Array
    words: tuple[tuple[str, ...], ...]

    def known_rows(self, rows: int) -> int:
        """Number of rows right after the end of a series of `rows` in which all columns are known."""
        unknown = np.flatnonzero(np.isnan(self.values[rows:]).any(axis=1))
        return int(unknown[0]) if len(unknown) else len(self.values) - rows

    def in_words(self, rows: int, targets: Sequence[str], *, future: bool) -> Iterator[str]:
        """What is known ahead, and for how many rows after a series of `rows`, in sentences.

        `future` tells that a file with later rows will be read.
        """
        names = [
            f"{name} ({counted(len(texts), 'text')})" if texts else name
            for name, texts in zip(self.names, self.words, strict=True)
        ]
        yield f"Known ahead: {', '.join(names)}."
        ahead = len(self.values) - rows
        if ahead:
            which = "The last row has" if ahead == 1 else f"The last {ahead} rows have"
            yield f"{which} no value of {joined(targets)}; forecasts start at the first of them."
        elif not future:
            yield "Their future, which forecasts need, is not in the file; add rows, or set future."


def without_gaps(
    values: Array,
    names: Sequence[str],
    words: Sequence[tuple[str, ...]],
    rows: range,
    missing: Missing,
    describe: Callable[[int], str],
    skipped: Integers,
) -> tuple[Array, tuple[str, ...]]:
    """Fills the gaps of own columns, `[rows of the file's calendar, columns]`, and says so in sentences.

    `rows` are those of the series. In them, a missing number is filled with the last one before it, and a
    missing text counts as none. Rows after them stay as they are, except those `skipped` by clocks.

    Raises:
        InputError: a column has no values in the rows of the series, or a number is missing and `missing` is
            `refuse`. `describe` tells the place or the time of a row.
    """
    values = values.copy()
    past = values[: rows.stop]
    for index, name in enumerate(names):
        if words[index]:
            past[np.isnan(past[:, index]), index] = NO_WORD
        if not (past[rows.start :, index] != NO_WORD).any() or np.isnan(past[:, index]).all():
            raise InputError(
                f"Column {name!r}, which is known ahead, has no values in the rows of the series; choose "
                "another column."
            )
    made = np.isnan(values)
    refused = made[: rows.stop].copy()
    refused[skipped[skipped < rows.stop]] = False
    if missing == "refuse" and refused.any():
        row, index = np.argwhere(refused)[0]
        raise InputError(
            f"Column {names[index]!r} has no value at {describe(int(row))}; fill it in the file, or set "
            "missing to carry."
        )
    filled = fill(values, made, "carry", training_rows=0, season=1, starts=np.full(len(names), np.nan))
    places = np.zeros(len(values), dtype=bool)
    places[: rows.stop] = True
    places[skipped] = True
    values[places] = filled[places]
    first = np.where(np.isnan(values[rows.start]), np.nan, 0.0)
    decisions = filling_decisions(made[rows.start : rows.stop], names, "carry", first)
    return values, tuple(decisions)
