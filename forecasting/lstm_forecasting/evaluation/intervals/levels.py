"""The nominal coverage of intervals, in percent, and how many errors each needs."""

import math
from collections.abc import Sequence

from lstm_plugins.counting import counted
from lstm_plugins.options import Option, Range

DEFAULT_LEVELS = (80.0, 95.0)
"""Used unless the user asks for others."""
HIGHEST = 99.9
"""More errors than the last 1000 would be needed above it."""
_ROUNDING = 1e-9
"""Keeps 95 % of 20 from becoming more than 19."""


def _ascending(levels: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted(set(levels)))


LEVEL = Option(
    name="level",
    kind=float,
    several=True,
    default=(),
    range=Range(0, HIGHEST, above=True),
    expects=f"a list of percentages above 0 and at most {HIGHEST:g}, such as 80,95",
    clean=_ascending,
    group="Intervals",
    help="Nominal coverage of the prediction intervals, in percent; by default 80 and 95, where there are "
    "enough errors to measure them",
    metavar="PERCENT,...",
)


def rank(level: float, residuals: int) -> int:
    """The rank of the error that an interval reaches, from 1 for the smallest of so many.

    It is ⌈(n + 1) · level⌉, so that the next error is smaller at least as often as the level says. With too
    few errors it is above `residuals`.
    """
    return math.ceil((residuals + 1) * level / 100 - _ROUNDING)


def residuals_needed(level: float) -> int:
    """The fewest errors that support an interval: 4 at 80 %, 19 at 95 %."""
    needed = max(1, math.ceil(level / (100 - level) - _ROUNDING))
    while rank(level, needed) > needed:
        needed += 1
    return needed


def in_percent(level: float) -> str:
    """A level as users write it: "80", "99.5"."""
    return f"{level:.10g}"


def too_few(level: float, residuals: int) -> str:
    """Why there is no interval at a level, in a sentence; `residuals` is the number at the worst step."""
    return (
        f"An interval at {in_percent(level)} % needs {residuals_needed(level)} errors at each step, but only "
        f"{counted(residuals, 'error')} can be measured on the validation and test part."
    )


def supported(levels: Sequence[float], residuals: int) -> tuple[float, ...]:
    """The levels that so many errors at each step support."""
    return tuple(level for level in levels if residuals_needed(level) <= residuals)
