"""How good intervals are: measured coverage, width, interval score and CRPS.

Sources: Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", Journal of the
American Statistical Association 102 (2007), for the interval score; Laio and Tamea, "Verification tools for
probabilistic forecasts of continuous hydrological variables", Hydrology and Earth System Sciences 11 (2007),
for the CRPS as the mean quantile loss; Künsch, "The jackknife and the bootstrap for general stationary
observations", Annals of Statistics 17 (1989), for the standard error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.evaluation.comparison import block_length

CRPS_LEVELS = (20.0, 40.0, 60.0, 80.0)
"""Levels whose ends are, with the median, the quantiles 0.1, 0.2 … 0.9 that the CRPS is measured on."""
AGREEING = 3.0
"""Standard errors within which measured coverage agrees with the nominal one."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """How often the truth was inside the intervals of one level.

    Attributes:
        level: nominal coverage in percent.
        measured: share inside in percent; nan if no value counts.
        by_step: `[horizon]`, the same at each step.
        standard_error: of `measured`, in percentage points, from moving blocks of windows, since neighbouring
            windows share most of their rows; nan with fewer than two blocks.
        windows: test windows with a value that counts.
        width: mean width in the series' units.
        score: mean interval score in the series' units: the width, and for each value outside 2 / (1 − level)
            times its distance. Lower is better.
    """

    level: float
    measured: float
    by_step: Array
    standard_error: float
    windows: int
    width: float
    score: float

    @property
    def agrees(self) -> bool | None:
        """Whether measured and nominal coverage agree within `AGREEING` standard errors; None if unknown."""
        if not math.isfinite(self.standard_error):
            return None
        return abs(self.measured - self.level) <= AGREEING * self.standard_error


def coverages(
    truth: Array, low: Array, high: Array, levels: Sequence[float], counted: Truths | None = None
) -> tuple[Coverage, ...]:
    """The coverage of each level.

    Args:
        truth: `[windows, horizon]`, oldest first, at stride 1.
        low: `[windows, horizon, levels]`, the lower ends; nan where there is no interval.
        high: the upper ends.
        levels: nominal coverage in percent.
        counted: `[windows, horizon]`, the values that count; None for all.
    """
    return tuple(
        _coverage(truth, low[:, :, index], high[:, :, index], level, counted)
        for index, level in enumerate(levels)
    )


def scored_and_inside(
    truth: Array, low: Array, high: Array, counted: Truths | None = None
) -> tuple[Truths, Truths]:
    """The values that count and have an interval, and those of them that are inside; shapes may broadcast."""
    scored = np.isfinite(low) if counted is None else counted & np.isfinite(low)
    return scored, scored & (low <= truth) & (truth <= high)


def _coverage(truth: Array, low: Array, high: Array, level: float, counted: Truths | None) -> Coverage:
    scored, inside = scored_and_inside(truth, low, high, counted)
    values = int(scored.sum())
    by_step = _shares(inside.sum(axis=0), scored.sum(axis=0))
    windows = int(scored.any(axis=1).sum())
    if not values:
        return Coverage(level, math.nan, by_step, math.nan, 0, math.nan, math.nan)
    share = float(inside.sum()) / values
    width = (high - low)[scored]
    outside = np.maximum(low - truth, truth - high)[scored]
    score = width + np.maximum(outside, 0.0) * (2 / (1 - level / 100))
    return Coverage(
        level,
        100 * share,
        by_step,
        100 * _standard_error(inside, scored, share),
        windows,
        float(width.mean()),
        float(score.mean()),
    )


def _standard_error(inside: Truths, scored: Truths, share: float) -> float:
    """The standard error of a share by the moving-block bootstrap, whose variance has a closed form."""
    kept = scored.any(axis=1)
    excess = (inside.sum(axis=1) - share * scored.sum(axis=1))[kept]
    windows, horizon = len(excess), scored.shape[1]
    block = block_length(windows, horizon)
    if windows < 2 * block:
        return math.nan
    sums = np.lib.stride_tricks.sliding_window_view(excess, block).sum(axis=1)
    variance = float(sums.var()) * windows / block
    return math.sqrt(variance) / float(scored.sum())


def crps(truth: Array, point: Array, low: Array, high: Array, counted: Truths | None = None) -> float:
    """The continuous ranked probability score in the series' units, as twice the mean loss of quantiles.

    The quantiles are 0.1, 0.2 … 0.9: the point forecast is the median, the others are the ends of the
    intervals of `CRPS_LEVELS`. Values without an interval do not count; without any it is nan.

    Args:
        truth: `[windows, horizon]`.
        point: `[windows, horizon]`, the forecasts.
        low: `[windows, horizon, CRPS_LEVELS]`, the lower ends.
        high: the upper ends.
        counted: `[windows, horizon]`, the values that count; None for all.
    """
    scored = np.isfinite(low).all(axis=2)
    if counted is not None:
        scored &= counted
    if not scored.any():
        return math.nan
    values, total = truth[scored], np.abs(truth - point)[scored] / 2
    for index, level in enumerate(CRPS_LEVELS):
        below = (1 - level / 100) / 2
        for ends, quantile in ((low, below), (high, 1 - below)):
            apart = values - ends[:, :, index][scored]
            total = total + np.maximum(quantile * apart, (quantile - 1) * apart)
    return 2 * float(total.mean()) / (2 * len(CRPS_LEVELS) + 1)


def _shares(inside: Array, scored: Array) -> Array:
    """Percentages; nan where nothing is scored."""
    shares: Array = np.divide(100.0 * inside, scored, out=np.full(len(scored), np.nan), where=scored > 0)
    return shares
