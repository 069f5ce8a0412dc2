"""A plane of numbers fitted to the cells of a terminal: a heatmap without its colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WIDEST = 4
"""Columns that one number may take; more would make blocks of what are points."""
TALLEST = 4
"""Half rows that one number may take."""


def fitted(values: NDArray[np.float64], columns: int, half_rows: int) -> tuple[NDArray[np.float64], int, int]:
    """The numbers as many as there is room for, and how wide and tall each of them is drawn.

    Where there is no room for all, one stands for its neighbours: the largest, so that nothing bad is hidden.

    Args:
        values: `[rows, columns]`.
        columns: of the terminal.
        half_rows: twice the rows of the terminal.

    Returns:
        numbers `[at most half_rows, at most columns]`, columns and half rows that each takes.
    """
    shrunk = _shrunk(_shrunk(values, half_rows).T, columns).T
    wide = max(1, min(WIDEST, columns // shrunk.shape[1]))
    tall = max(1, min(TALLEST, half_rows // shrunk.shape[0]))
    return shrunk, wide, tall


def _shrunk(values: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """At most so many rows, each the largest of those it stands for."""
    rows = len(values)
    if rows <= max(most, 1):
        return values
    starts = np.arange(most) * rows // most
    return np.asarray(np.maximum.reduceat(values, starts, axis=0))


def scaled(errors: NDArray[np.float64], allowed: float) -> NDArray[np.float64]:
    """Errors in eps as places on two scales: 0 to 1 up to the tolerance, above 1 to 2 beyond it.

    The first is logarithmic and begins at a tenth of an eps; below, numbers are as good as equal.
    The second is linear up to the worst error, which is where a bug shows its shape.
    """
    top = max(allowed, 1.0)
    with np.errstate(all="ignore"):
        places = np.log10(np.maximum(errors, 0.1) / 0.1) / np.log10(top / 0.1)
        finite = errors[np.isfinite(errors)]
        beyond = 1.0 + np.clip(errors / finite.max(initial=0.0), 0.05, 1.0)
    within = np.where(errors > 0, np.clip(places, 0.05, 1.0), 0.0)
    # Without a finite error there is nothing to be a share of.
    return np.where(errors > allowed, np.where(np.isnan(beyond) | np.isinf(errors), 2.0, beyond), within)
