"""Numbers as people read them: as many digits as say something, the same for a whole column."""

from __future__ import annotations

import math
from collections.abc import Iterable

UNDEFINED = "–"
DIGITS = 4
"""That the smallest number of a column shows at least."""


def decimals_for(values: Iterable[float], digits: int = DIGITS) -> int:
    """Decimals that give the smallest of these numbers so many digits; 0 to 8."""
    sizes = [abs(value) for value in values if math.isfinite(value) and value]
    if not sizes:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(min(sizes))), 0), 8)


def fixed(value: float, decimals: int) -> str:
    """The number with so many decimals, thousands set apart; a dash where it is not finite."""
    if not math.isfinite(value):
        return UNDEFINED
    return f"{value:,.{decimals}f}".replace("-", "−")


def in_one_form(values: Iterable[float], digits: int = DIGITS) -> list[str]:
    """A column of numbers, all with the same decimals."""
    listed = list(values)
    decimals = decimals_for(listed, digits)
    return [fixed(value, decimals) for value in listed]
