"""Numbers in columns: as many digits as tell them apart, the same decimals all the way down."""

from __future__ import annotations

import math
from collections.abc import Sequence


def decimals_for(values: Sequence[float], digits: int = 3) -> int:
    """Decimals that give the smallest of `values` so many digits; at most 6."""
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
    if not sizes:
        return digits - 1
    return min(6, max(0, digits - 1 - math.floor(math.log10(min(sizes)))))


def decimals_of_axis(values: Sequence[float], digits: int = 4) -> int:
    """Decimals that show how `values` differ from each other; at most 6."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 2
    spread = max(finite) - min(finite) or abs(finite[0]) or 1.0
    return min(6, max(0, digits - 1 - math.floor(math.log10(spread))))


def shown(value: float, decimals: int) -> str:
    """The number, or a dash where it is not defined."""
    return f"{value:.{decimals}f}" if math.isfinite(value) else "–"
