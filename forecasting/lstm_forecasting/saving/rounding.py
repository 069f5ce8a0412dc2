"""How many decimals a saved forecast has: those of the data, and enough for its own meaning."""

import math
from collections.abc import Iterable

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable

DIGITS = 6
"""A unit of the last decimal is at most this many orders of magnitude below the standard deviation."""
_MOST = 15
_EXACT = 6
"""Decimals up to which values are taken to be written with so many."""


def decimals_of_target(table: SeriesTable, target: int) -> int:
    """The decimals of a target's saved forecasts.

    They are as many as its values have in the file, up to 6, and more where the standard deviation needs
    more to have 6 digits.
    """
    column = table.target_indices[target]
    values = table.values[~table.filled[:, column], column]
    values = values[np.isfinite(values)]
    deviation = float(values.std()) if len(values) else 0.0
    needed = DIGITS - 1 - math.floor(math.log10(deviation)) if deviation > 0 else 0
    return min(max(needed, _written(values)), _MOST)


def rounded(values: Iterable[float | None], decimals: Iterable[int]) -> list[float | None]:
    """Each value with its number of decimals; None stays."""
    return [
        value if value is None else round(value, digits)
        for value, digits in zip(values, decimals, strict=True)
    ]


def _written(values: Array) -> int:
    """The fewest decimals that all values are equal to; 0 if they have more than six."""
    for decimals in range(_EXACT + 1):
        if np.array_equal(np.round(values, decimals), values):
            return decimals
    return 0
