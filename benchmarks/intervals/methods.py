"""Ways to find intervals from the same errors, and their scores on the test part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.intervals.bands import bands
from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS, supported
from lstm_forecasting.evaluation.intervals.model import Forecasts, residuals_of
from lstm_forecasting.evaluation.intervals.rolling import Residuals, half_widths
from lstm_forecasting.evaluation.intervals.scores import CRPS_LEVELS, Coverage, coverages, crps

OURS, PLAIN, FIXED = "ours", "plain", "fixed split"
Method = Callable[[Residuals, Forecasts, tuple[float, ...]], Array]


@dataclass(frozen=True)
class Score:
    """The scores of a method.

    Attributes:
        coverages: by level.
        crps: in the series' units.
    """

    coverages: tuple[Coverage, ...]
    crps: float


def rolling(residuals: Residuals, test: Forecasts, levels: tuple[float, ...]) -> Array:
    """What the program does."""
    return half_widths(residuals, test.first_rows, levels)


def plain(residuals: Residuals, test: Forecasts, levels: tuple[float, ...]) -> Array:
    """Rolling conformal without a scale."""
    return half_widths(replace(residuals, season=1), test.first_rows, levels)


def fixed(residuals: Residuals, test: Forecasts, levels: tuple[float, ...]) -> Array:
    """The errors of the validation part, once for all origins."""
    before = residuals.first_rows < test.first_rows[0]
    known = Residuals(residuals.errors[before], residuals.first_rows[before])
    (once,) = half_widths(known, test.first_rows[:1], levels)
    return np.broadcast_to(once, (len(test.first_rows), *once.shape))


METHODS: Mapping[str, Method] = {OURS: rolling, PLAIN: plain, FIXED: fixed}


def score(earlier: Forecasts, test: Forecasts, season: int) -> Mapping[str, Score]:
    """The scores of every method at the default levels that the validation part supports."""
    residuals = residuals_of([earlier, test], season)
    levels = supported(DEFAULT_LEVELS, int(np.isfinite(earlier.errors).sum(axis=0).min()))
    every = tuple(sorted({*levels, *CRPS_LEVELS}))
    found = {}
    for name, method in METHODS.items():
        widths = method(residuals, test, every)
        own, others = (
            bands(test.point, widths[..., [every.index(level) for level in some]], some)
            for some in (levels, CRPS_LEVELS)
        )
        found[name] = Score(
            coverages(test.truth, own.low, own.high, levels, test.counted),
            crps(test.truth, test.point, others.low, others.high, test.counted),
        )
    return found
