"""How the numbers of a column are written: with the decimals that the file has, the same in every row."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_DECIMALS = 6
_LOOKED_AT = 10_000
_LARGEST, _SMALLEST = 1e12, 1e-4


@dataclass(frozen=True)
class Digits:
    """How numbers are written.

    Attributes:
        decimals: of every number; None for powers of ten.
        width: cells of the widest one.
    """

    decimals: int | None
    width: int

    def text(self, value: float) -> str:
        """The number as people read it."""
        return _written(value, self.decimals)


def digits_of(values: NDArray[np.float64], made: NDArray[np.bool_]) -> Digits:
    """The decimals that show a column as its file has it, as far as 6 can.

    Args:
        values: `[rows]`, none missing.
        made: `[rows]`, True for values that the file does not have, whose decimals tell nothing.
    """
    real = values if made.all() else values[~made]
    sample = real[:: max(1, len(real) // _LOOKED_AT)]
    sizes = np.abs(sample[sample != 0])
    decimals: int | None = None
    if not len(sizes) or (sizes.max() < _LARGEST and np.median(sizes) >= _SMALLEST):
        decimals = next(
            (count for count in range(_MOST_DECIMALS) if (np.round(sample, count) == sample).all()),
            _MOST_DECIMALS,
        )
    ends = (float(values.min()), float(values.max()), float(sample[0]))
    return Digits(decimals, max(len(_written(value, decimals)) for value in ends))


def _written(value: float, decimals: int | None) -> str:
    return f"{value:.5e}" if decimals is None else f"{value:,.{decimals}f}"
