"""Cuts rows out of a table, as if its file had no others."""

from dataclasses import replace

import numpy as np

from lstm_forecasting.data.table import SeriesTable


def cut(table: SeriesTable, start: int, stop: int) -> SeriesTable:
    """The rows of a table from `start` up to but excluding `stop`; what is known ahead reaches further."""
    filled = table.filled[start:stop]
    known = table.known
    return replace(
        table,
        times=None if table.times is None else table.times[start:stop],
        values=table.values[start:stop],
        filled=filled,
        first_number=table.first_number + start * table.frequency.size,
        missing_values=tuple(int(count) for count in filled.sum(axis=0)),
        earlier=_earlier(table, start),
        known=None if known is None else replace(known, values=known.values[start:]),
    )


def _earlier(table: SeriesTable, start: int) -> tuple[float, ...]:
    """The last observed value of each column before a row; nan for none."""
    if not start:
        return table.earlier
    found = list(table.earlier or np.full(len(table.columns), np.nan).tolist())
    for column in range(len(table.columns)):
        rows = np.flatnonzero(~table.filled[:start, column])
        if len(rows):
            found[column] = float(table.values[rows[-1], column])
    return tuple(found)
