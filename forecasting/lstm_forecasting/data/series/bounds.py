"""What forecasts are held to: a least value, and whole numbers; found in the training rows."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.options import AUTO, NONE, ReadOptions
from lstm_forecasting.data.series.splits import RowRange
from lstm_forecasting.data.table import SeriesTable
from lstm_plugins.counting import counted, joined

USUAL_CHANGE = 5.0
"""Median absolute change from row to row from which rounding loses next to nothing."""
_FEWEST = 20
"""Training values; fewer may be whole, or not negative, by chance."""


@dataclass(frozen=True)
class Bounds:
    """What forecasts of the targets are held to, in the series' units.

    Attributes:
        minimum: least value, by target; −inf for none. Empty, like `whole`, for models without bounds.
        whole: whether forecasts are rounded to whole numbers, by target.
        decisions: why, one sentence each.
    """

    minimum: tuple[float, ...] = ()
    whole: tuple[bool, ...] = ()
    decisions: tuple[str, ...] = ()

    def hold(self, forecasts: Array) -> Array:
        """Rounds and limits forecasts `[..., targets]`."""
        if not any(self.whole) and all(least == -math.inf for least in self.minimum):
            return forecasts
        whole, minimum = np.array(self.whole), np.array(self.minimum)
        rounded = np.where(whole, np.rint(forecasts), forecasts)
        # The sum turns −0 into 0.
        held: Array = np.maximum(rounded, np.where(whole, np.ceil(minimum), minimum)) + 0.0
        return held

    def hold_quantiles(self, forecasts: Array) -> Array:
        """Rounds and limits quantile forecasts `[..., targets, quantiles]`."""
        return np.swapaxes(self.hold(np.swapaxes(forecasts, -1, -2)), -1, -2)


NO_BOUNDS = Bounds()
"""Forecasts as the network computes them."""


def find_bounds(table: SeriesTable, training: RowRange) -> Bounds:
    """The bounds that the options of reading ask for, or else those that the training rows show.

    Only values that are in the file count, not those that were filled.
    """
    columns = [_seen(table, target, training) for target in table.target_indices]
    found = Bounds(
        tuple(0.0 if is_never_negative(values) else -math.inf for values in columns),
        tuple(is_whole(values) and usual_change(values) >= USUAL_CHANGE for values in columns),
    )
    options = table.reading.options
    bounds = bounds_as_asked(found, options, table.targets)
    if options.minimum != AUTO:
        return bounds
    contradicted = (
        f"{negative_later(name, count)} Set minimum to {NONE} to allow negative forecasts."
        for name, least, count in zip(
            table.targets, bounds.minimum, count_negative(table, training.stop), strict=True
        )
        if least == 0.0 and count
    )
    return replace(bounds, decisions=(*bounds.decisions, *contradicted))


def count_negative(table: SeriesTable, first_row: int) -> tuple[int, ...]:
    """How many values of each target are negative, from a row on."""
    later = RowRange(first_row, table.rows)
    return tuple(int((_seen(table, target, later) < 0).sum()) for target in table.target_indices)


def negative_later(name: str, count: int) -> str:
    """A sentence about values of a target that are negative, unlike all training values."""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'value')} of {name} after the training rows {verb} negative."


def bounds_as_asked(found: Bounds, options: ReadOptions, targets: Sequence[str]) -> Bounds:
    """The bounds that were found, or what the user asks for instead."""
    minimum, whole = found.minimum or (-math.inf,) * len(targets), found.whole or (False,) * len(targets)
    if options.minimum != AUTO:
        minimum = (-math.inf if options.minimum == NONE else float(options.minimum),) * len(targets)
    if options.whole != AUTO:
        whole = (options.whole == "yes",) * len(targets)
    return Bounds(minimum, whole, tuple(_sentences(options, targets, minimum, whole)))


def is_never_negative(values: Array) -> bool:
    """Whether values `[rows]` without gaps are enough to tell, vary, and are never below 0."""
    return len(values) >= _FEWEST and values.min() >= 0.0 and values.max() > values.min()


def is_whole(values: Array) -> bool:
    """Whether values `[rows]` without gaps are enough to tell, vary, and are all whole numbers."""
    return bool(len(values) >= _FEWEST and values.max() > values.min() and (values == np.rint(values)).all())


def usual_change(values: Array) -> float:
    """Median absolute change from row to row of values that vary, where they change at all."""
    changes = np.abs(np.diff(values))
    return float(np.median(changes[changes > 0]))


def _seen(table: SeriesTable, column: int, rows: RowRange) -> Array:
    values: Array = table.values[rows.slice, column][~table.filled[rows.slice, column]]
    return values


def _sentences(
    options: ReadOptions, targets: Sequence[str], minimum: Sequence[float], whole: Sequence[bool]
) -> Iterator[str]:
    limited = [name for name, least in zip(targets, minimum, strict=True) if least > -math.inf]
    rounded = [name for name, chosen in zip(targets, whole, strict=True) if chosen]
    if limited and options.minimum != AUTO:
        yield f"Forecasts are at least {minimum[0]:g}, as requested."
    elif limited:
        yield f"Forecasts of {joined(limited)} are at least 0, because no training value is negative."
    if rounded and options.whole != AUTO:
        yield "Forecasts are rounded to whole numbers, as requested."
    elif rounded:
        yield (
            f"Forecasts of {joined(rounded)} are rounded to whole numbers, because all training values are "
            "whole."
        )
