"""Half-widths of intervals: rolling split conformal at each step, scaled by the usual error of the phase.

Source: Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World" (2005), for the finite-sample
rank; Lei et al., "Distribution-free predictive inference for regression", Journal of the American Statistical
Association 113 (2018), for errors divided by a scale.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.evaluation.intervals.levels import rank
from lstm_forecasting.evaluation.intervals.scale import scales

WINDOW = 1000
"""Errors at a step that an interval is measured on: the last ones that are known."""
_VALUES_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class Residuals:
    """Errors of a model's forecasts of one target.

    Attributes:
        errors: `[origins, horizon]`, truth − forecast in the series' units; nan where a value does not count.
        first_rows: `[origins]`, the row of each origin's first step; ascending.
        season: rows of a season; 1 for none.
    """

    errors: Array
    first_rows: Integers
    season: int = 1

    @property
    def fewest(self) -> int:
        """The number of errors at the step with the fewest."""
        return int(np.isfinite(self.errors).sum(axis=0).min(initial=len(self.errors)))


def half_widths(residuals: Residuals, first_rows: Integers, levels: Sequence[float]) -> Array:
    """Half-widths `[origins, horizon, levels]` in the series' units; nan where too few errors are known.

    Only what is known at an origin counts: the error at step h of an earlier origin is known if its row lies
    before the origin's first row. The last `WINDOW` of these are used. With a season, errors are divided by
    the scale at their own origin, and the quantile is multiplied by the scale at this one; see `scales`.
    After a time without errors the scale is small and such quotients are large, so no half-width is above
    the largest error.

    Args:
        residuals: of the same model and target, at any origins.
        first_rows: `[origins]`, the row of the first step of each forecast, ascending; it may be after the
            last residual, as that of the forecast of the future is.
        levels: nominal coverage in percent.
    """
    horizon = residuals.errors.shape[1]
    widths = np.full((len(first_rows), horizon, len(levels)), np.nan)
    if not len(first_rows) or not len(residuals.first_rows):
        return widths
    start = int(min(residuals.first_rows[0], first_rows[0]))
    rows = int(max(residuals.first_rows[-1], first_rows[-1])) + 1 - start
    own, asked = residuals.first_rows - start, first_rows - start
    at_once = max(1, _VALUES_AT_ONCE // rows)
    for first in range(0, horizon, at_once):
        sizes = np.full((min(at_once, horizon - first), rows), np.nan)
        sizes[:, own] = np.abs(residuals.errors[:, first : first + at_once]).T
        scale = scales(sizes, residuals.season, first) if residuals.season > 1 else None
        for place, of_step in enumerate(sizes):
            step = first + place
            known = np.flatnonzero(np.isfinite(of_step))
            ends = np.searchsorted(known, asked - step)
            own_sizes = of_step[known]
            warm = len(known) + 1 if scale is None else scale.warm[place]
            cold = int(np.searchsorted(ends, warm))
            widths[:cold, step] = _quantiles(own_sizes, ends[:cold], levels)
            if scale is not None and cold < len(asked):
                scores = own_sizes / scale.values[place, known]
                found = _quantiles(scores, ends[cold:], levels)
                found *= scale.values[place, asked[cold:], np.newaxis]
                widths[cold:, step] = np.minimum(found, _largest(own_sizes, ends[cold:])[:, np.newaxis])
    return widths


def _largest(values: Array, ends: Integers) -> Array:
    """The largest of the last `WINDOW` values before each end, which is at least 1."""
    largest: Array = pl.Series(values).rolling_max(WINDOW, min_samples=1).to_numpy()[ends - 1]
    return largest


def _quantiles(values: Array, ends: Integers, levels: Sequence[float]) -> Array:
    """The quantiles of the last `WINDOW` values before each of the ascending `ends`, `[ends, levels]`.

    They are the values with the rank of a level; nan with too few values.
    """
    growing = int(np.searchsorted(ends, WINDOW))
    found = np.full((len(ends), len(levels)), np.nan)
    found[:growing] = _of_growing(values, ends[:growing], levels)
    if growing < len(ends):
        start = int(ends[growing]) - WINDOW
        frame = pl.DataFrame({"value": values[start : ends[-1]]})
        rolled = frame.select(
            pl.col("value")
            .rolling_quantile((rank(level, WINDOW) - 1) / (WINDOW - 1), "nearest", WINDOW)
            .alias(str(column))
            for column, level in enumerate(levels)
        )
        found[growing:] = rolled.to_numpy()[ends[growing:] - start - 1]
    return found


def _of_growing(values: Array, ends: Integers, levels: Sequence[float]) -> Array:
    """The same for all values before each end, which are fewer than `WINDOW`."""
    found = np.full((len(ends), len(levels)), np.nan)
    ordered: list[float] = []
    for row, end in enumerate(ends.tolist()):
        for value in values[len(ordered) : end].tolist():
            insort(ordered, value)
        for column, level in enumerate(levels):
            place = rank(level, end) - 1
            if place < end:
                found[row, column] = ordered[place]
    return found
