"""Numbers as shades and bars of plain characters, for text without colours."""

import numpy as np
from numpy.typing import NDArray

EIGHTHS = " ▁▂▃▄▅▆▇█"
POSITIVE = " ░▒▓█"
NEGATIVE = " ·∘○●"
"""As many as positive ones. Shapes tell negative numbers from positive ones; shades show the size."""

WIDEST = 4
"""Default for the most columns that one number may take."""

Values = NDArray[np.float64]


def shaded(values: Values, size: float, columns: int, widest: int = WIDEST) -> list[str]:
    """A line of shades for each row of `values`, at most `columns` long.

    If there are more numbers than columns, the one furthest from 0 represents its neighbours. Numbers of size
    `size` have the darkest shade. A number takes at most `widest` columns.
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
    """A line of bars for the numbers, at most `columns` long; too many are reduced as in `shaded`.

    The number `lowest` has no height, `highest` (None: the largest value) the full height.
    """
    top = (float(values.max()) if highest is None else highest) - lowest
    shares = (furthest(values[np.newaxis], columns)[0] - lowest) / (top or 1.0)
    wide = cell_width(len(values), columns, widest)
    return "".join(EIGHTHS[round(float(share) * 8)] * wide for share in shares)


def cell_width(numbers: int, columns: int, widest: int = WIDEST) -> int:
    """The number of columns for one number, at least 1."""
    return max(1, min(widest, columns // numbers))


def furthest(values: Values, columns: int) -> Values:
    """Rows with at most this many numbers `[rows, columns]`: of neighbours, the one furthest from 0."""
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
