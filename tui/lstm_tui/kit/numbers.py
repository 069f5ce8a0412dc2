"""Numbers as people read them: as many digits as say something, the same form for a whole column."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

UNDEFINED = "–"
DIGITS = 4
"""That the smallest number of a column shows at least."""

_MOST_DECIMALS = 12
_PLAIN = (1e-3, 1e10)
"""Columns whose largest number lies between these are written without an exponent."""

Form = Callable[[float], str]


def form_for(values: Iterable[float], finest: float, digits: int) -> Form:
    """A form for a column in which a number as small as `finest` has so many digits.

    Args:
        values: of the column.
        finest: size of the smallest difference that means something; 0 for unknown.
        digits: at least 1.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = digits - 1 - math.floor(math.log10(finest)) if finest > 0 and math.isfinite(finest) else 0
    if largest == 0 or _PLAIN[0] <= largest < _PLAIN[1]:
        return lambda value: fixed(value, decimals)
    mantissa = min(max(decimals + math.floor(math.log10(largest)), 1), _MOST_DECIMALS)
    return lambda value: _signed(f"{value:.{mantissa}e}") if math.isfinite(value) else UNDEFINED


def fixed(value: float, decimals: int) -> str:
    """The number with so many decimals (0 to 12), thousands set apart; a dash where it is not finite."""
    if not math.isfinite(value):
        return UNDEFINED
    return _signed(f"{value:,.{min(max(decimals, 0), _MOST_DECIMALS)}f}")


def in_one_form(values: Iterable[float], digits: int = DIGITS) -> list[str]:
    """A column of numbers; the smallest has so many digits."""
    listed = list(values)
    sizes = [abs(value) for value in listed if math.isfinite(value) and value]
    form = form_for(listed, min(sizes, default=0.0), digits)
    return [form(value) for value in listed]


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
    return f"{value:.{decimals}f}" if math.isfinite(value) else UNDEFINED


def _signed(text: str) -> str:
    return text.replace("-", "−")
