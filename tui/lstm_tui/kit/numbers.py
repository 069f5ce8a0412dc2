"""Numbers for people: only meaningful digits, and one format for a whole column."""

import math
from collections.abc import Callable, Iterable, Sequence

UNDEFINED = "–"
MADE = "◇"
"""Marks a value that is missing from the file and was filled."""
DIGITS = 4
"""Shown at least of the smallest number of a column."""

NEGLIGIBLE = 1e-3
"""A score below this share of the largest in its column does not decide the digits of the column."""
_MOST_DECIMALS = 12
_PLAIN = (1e-3, 1e10)
"""Columns whose largest number lies between these have no exponents."""

Form = Callable[[float], str]


def form_for(values: Iterable[float], finest: float, digits: int) -> Form:
    """A format for a column whose smallest difference `finest` (0: unknown) gets `digits` digits."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = digits - 1 - math.floor(math.log10(finest)) if finest > 0 and math.isfinite(finest) else 0
    if largest == 0 or _PLAIN[0] <= largest < _PLAIN[1]:
        return lambda value: fixed(value, decimals)
    mantissa = min(max(decimals + math.floor(math.log10(largest)), 1), _MOST_DECIMALS)
    return lambda value: _signed(f"{value:.{mantissa}e}") if math.isfinite(value) else UNDEFINED


def fixed(value: float, decimals: int) -> str:
    """The number with this many decimals (0 to 12) and thousands separators; a dash if it is not finite."""
    if not math.isfinite(value):
        return UNDEFINED
    return _signed(f"{value:,.{min(max(decimals, 0), _MOST_DECIMALS)}f}")


def in_one_form(values: Iterable[float], digits: int = DIGITS) -> list[str]:
    """A column of numbers in one format; the smallest has this many digits."""
    listed = list(values)
    sizes = [abs(value) for value in listed if math.isfinite(value) and value]
    form = form_for(listed, min(sizes, default=0.0), digits)
    return [form(value) for value in listed]


def score_texts(measure: str, values: Iterable[float]) -> list[str]:
    """The scores of several models by one measure, such as "mae", in one format.

    The smallest score has three digits, unless it is so much smaller than the largest that the others would
    have digits without meaning.
    """
    listed = list(values)
    if measure in ("mase", "r2"):
        return [fixed(value, 3) for value in listed]
    sizes = [abs(value) for value in listed if math.isfinite(value) and value]
    finest = min((size for size in sizes if size >= NEGLIGIBLE * max(sizes)), default=0.0)
    form = form_for(listed, finest, 3)
    return [
        _signed(f"{value:.1g}") if value and form(value) == form(0.0) else form(value) for value in listed
    ]


def decimals_for(values: Sequence[float], digits: int = 3) -> int:
    """The number of decimals that gives the smallest value this many digits; at most 6."""
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
    if not sizes:
        return digits - 1
    return min(6, max(0, digits - 1 - math.floor(math.log10(min(sizes)))))


def form_of_forecast(values: Iterable[float], finest: float) -> Form:
    """A format for forecasts: whole numbers without decimals, others with three digits of `finest`."""
    listed = list(values)
    if all(math.isfinite(value) and value.is_integer() for value in listed):
        return lambda value: fixed(value, 0)
    return form_for(listed, finest, digits=3)


def decimals_of_values(values: Sequence[float], digits: int = 4) -> int:
    """The number of decimals that shows how the values differ, at most 6; none for whole numbers."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 2
    if all(value.is_integer() for value in finite):
        return 0
    spread = max(finite) - min(finite) or abs(finite[0]) or 1.0
    return min(6, max(0, digits - 1 - math.floor(math.log10(spread))))


def shown(value: float, decimals: int) -> str:
    """The number with this many decimals, or a dash if it is not finite."""
    return f"{value:.{decimals}f}" if math.isfinite(value) else UNDEFINED


def _signed(text: str) -> str:
    return text.replace("-", "−")
