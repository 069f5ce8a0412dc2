"""Numbers as shades and bars of plain characters, for text that has no colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EIGHTHS = " ▁▂▃▄▅▆▇█"
POSITIVE = " ░▒▓█"
NEGATIVE = " ·∘○●"
"""As many as positive ones: a negative number is told from a positive one by its shape, not by its shade."""

WIDEST = 4
"""Columns that one number may take, unless more are wanted."""

Values = NDArray[np.float64]


def shaded(values: Values, size: float, columns: int, widest: int = WIDEST) -> list[str]:
    """A line of shades for every row.

    Where there are more numbers than columns, one stands for its neighbours: the one furthest from 0.

    Args:
        values: `[rows, numbers]`.
        size: the number with the darkest shade, positive.
        columns: room for a line.
        widest: columns that one number may take.
    """
    lines = []
    for row in furthest(values, columns):
        levels = np.minimum(np.abs(row) / size * len(POSITIVE), len(POSITIVE) - 1).astype(int)
        wide = cell_width(values.shape[1], columns, widest)
        signs = (
            (NEGATIVE if number < 0 else POSITIVE)[level] for number, level in zip(row, levels, strict=True)
        )
        lines.append("".join(sign * wide for sign in signs))
    return lines


def bars(
    values: Values, columns: int, lowest: float = 0.0, highest: float | None = None, widest: int = WIDEST
) -> str:
    """A line of bars for the numbers `[numbers]`; where they are too many, as in `shaded`.

    Args:
        values: from `lowest` to `highest`.
        columns: room for the line.
        lowest: the number that has no height.
        highest: the number that has the whole height; None for the largest there is.
        widest: columns that one bar may take.
    """
    top = (float(values.max()) if highest is None else highest) - lowest
    shares = (furthest(values[np.newaxis], columns)[0] - lowest) / (top or 1.0)
    wide = cell_width(len(values), columns, widest)
    return "".join(EIGHTHS[round(float(share) * 8)] * wide for share in shares)


def cell_width(numbers: int, columns: int, widest: int = WIDEST) -> int:
    """Columns that one number takes: at least 1."""
    return max(1, min(widest, columns // numbers))


def furthest(values: Values, columns: int) -> Values:
    """At most so many numbers a row `[rows, numbers]`: of neighbours the one furthest from 0."""
    count = values.shape[1]
    if count <= columns:
        return values
    groups = np.array_split(np.arange(count), columns)
    return np.stack(
        [
            values[:, group][np.arange(len(values)), np.abs(values[:, group]).argmax(axis=1)]
            for group in groups
        ],
        axis=1,
    )
