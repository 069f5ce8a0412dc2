"""Ticks of an axis and their labels: round numbers and powers of ten."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.datetime64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tick:
    """A position on an axis, in its own coordinate, and the label there."""

    at: float
    label: str


def number_ticks(low: float, high: float, most: int) -> list[Tick]:
    """At most `most` round numbers between `low` and `high`."""
    step = _round_step((high - low) / max(most, 1))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    while last - first + 1 > max(most, 1):
        step = _round_step(step * 1.01)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [Tick(index * step, number(index * step, decimals)) for index in range(first, last + 1)]


def whole_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Like `number_ticks`, but whole numbers only."""
    ticks = number_ticks(low, high, most)
    if len(ticks) > 1 and ticks[1].at - ticks[0].at < 1:
        ticks = [Tick(float(at), str(at)) for at in range(math.ceil(low), math.floor(high) + 1)][
            : max(most, 1)
        ]
    return ticks


def log_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Round numbers between 10^low and 10^high, at their logarithms.

    Uses as many digits of each power of ten as there is room for, and plain round numbers in a short range.
    """
    for digits in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1, 3), (1,)):
        values = [
            digit * 10.0**power
            for power in range(math.floor(low), math.floor(high) + 1)
            for digit in digits
            if low - 1e-9 <= math.log10(digit) + power <= high + 1e-9
        ]
        if 3 <= len(values) <= most:
            return [Tick(math.log10(value), number(value)) for value in values]
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    if len(powers) > most:
        every = math.ceil(len(powers) / max(most, 1))
        return [Tick(float(power), number(10.0**power)) for power in powers if power % every == 0]
    ticks = number_ticks(10.0**low, 10.0**high, most)
    return [Tick(math.log10(tick.at), tick.label) for tick in ticks if tick.at > 0]


def log_limits(values: Floats | Sequence[float]) -> tuple[float, float]:
    """Logarithms of the round numbers 1, 2, 5, … around all positive finite values.

    With round limits, the axis of a growing curve changes seldom.
    """
    known = np.asarray(values, dtype=np.float64)
    positive = known[(known > 0) & np.isfinite(known)]
    if not len(positive):
        return -2.0, 0.0
    low, high = _round_below(float(positive.min())), _round_step(float(positive.max()))
    return math.log10(low), math.log10(high if high > low * 1.5 else low * 2)


def linear_limits(values: Floats | Sequence[float]) -> tuple[float, float]:
    """Round numbers around all finite values; 0 is one of them unless it is far away.

    With round limits, the axis of a growing curve changes seldom.
    """
    known = np.asarray(values, dtype=np.float64)
    finite = known[np.isfinite(known)]
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if 0 <= low < high / 2:
        return 0.0, _round_step(high)
    step = _round_step((high - low) / 4 or abs(high) / 10)
    bottom, top = math.floor(low / step - 1e-9) * step, math.ceil(high / step + 1e-9) * step
    return bottom, max(top, bottom + step)


def number(value: float, decimals: int | None = None) -> str:
    """A number as text: "0.002", "1e-6", "12000"."""
    if decimals is not None and (value == 0 or 1e-5 <= abs(value) < 1e7):
        return f"{value:.{decimals}f}"
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e6:
        return f"{value:.10f}".rstrip("0").rstrip(".")
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def _round_step(least: float) -> float:
    """The smallest round number (1, 2 or 5 times a power of ten) that is not below `least`."""
    if not least > 0 or not math.isfinite(least):
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(digit * power for digit in (1, 2, 5, 10, 20) if digit * power >= least * (1 - 1e-9))


def _round_below(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(digit * power for digit in (5, 2, 1, 0.5) if digit * power <= value * (1 + 1e-9))
