"""The intervals of one model's forecasts of one target, and how good they were on the test part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.evaluation.intervals.bands import NO_LIMITS, Bands, Limits, bands
from lstm_forecasting.evaluation.intervals.levels import DEFAULT_LEVELS, supported, too_few
from lstm_forecasting.evaluation.intervals.rolling import Residuals, half_widths
from lstm_forecasting.evaluation.intervals.scores import CRPS_LEVELS, Coverage, coverages, crps


@dataclass(frozen=True, eq=False)
class Forecasts:
    """A model's forecasts of one target at consecutive origins, such as those of the test part.

    Attributes:
        point: `[origins, horizon]` in the series' units.
        truth: `[origins, horizon]`.
        counted: `[origins, horizon]`, the values that count.
        first_rows: `[origins]`, the row of the first step, ascending.
    """

    point: Array
    truth: Array
    counted: Truths
    first_rows: Integers

    @property
    def errors(self) -> Array:
        """Truth − forecast; nan where a value does not count."""
        return np.where(self.counted, self.truth - self.point, np.nan)


@dataclass(frozen=True, eq=False)
class ModelIntervals:
    """The intervals of a model's forecasts of one target.

    Attributes:
        test: `[windows, horizon, levels]`, each made from what was known at its origin; nan where too little
            was.
        future: `[steps, levels]`, after the last row; nan for steps beyond the horizon.
        coverage: how good the intervals of the test part are, by level.
        crps: of the test part, in the series' units; see `scores.crps`.
        notes: sentences about levels that are left out, and about steps without intervals.
    """

    test: Bands
    future: Bands
    coverage: tuple[Coverage, ...]
    crps: float
    notes: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[float, ...]:
        """Nominal coverage in percent, ascending."""
        return self.test.levels


def residuals_of(parts: Sequence[Forecasts], season: int) -> Residuals:
    """The errors of consecutive parts, such as validation and test."""
    return Residuals(
        np.concatenate([part.errors for part in parts]),
        np.concatenate([part.first_rows for part in parts]),
        season,
    )


def model_intervals(
    test: Forecasts,
    earlier: Forecasts | None,
    future: Array,
    future_row: int,
    *,
    season: int = 1,
    levels: Sequence[float] = DEFAULT_LEVELS,
    limits: Limits = NO_LIMITS,
) -> ModelIntervals:
    """The intervals of forecasts, from the errors known at each origin.

    Args:
        test: forecasts whose intervals are measured.
        earlier: forecasts before them, such as those of the validation part; None for none.
        future: `[steps]`, the forecast after the last row.
        future_row: its first row.
        season: rows of a season; 1 for none.
        levels: nominal coverage in percent, ascending; those with too few errors are left out.
        limits: what the ends are held to.
    """
    residuals = residuals_of([test] if earlier is None else [earlier, test], season)
    fewest = residuals.fewest
    kept = supported(levels, fewest)
    every = tuple(sorted({*kept, *CRPS_LEVELS}))
    own, others = ([every.index(level) for level in some] for some in (kept, CRPS_LEVELS))
    widths = half_widths(residuals, test.first_rows, every)
    measured = bands(test.point, widths[..., own], kept, limits)
    quantiles = bands(test.point, widths[..., others], CRPS_LEVELS, limits)
    ahead = future_half_widths(residuals, future_row, len(future), kept)
    return ModelIntervals(
        test=measured,
        future=bands(future, ahead, kept, limits),
        coverage=coverages(test.truth, measured.low, measured.high, kept, test.counted),
        crps=crps(test.truth, test.point, quantiles.low, quantiles.high, test.counted),
        notes=(
            *(too_few(level, fewest) for level in levels if level not in kept),
            *_beyond(len(future), test.point.shape[1]),
        ),
    )


def future_half_widths(residuals: Residuals, row: int, steps: int, levels: Sequence[float]) -> Array:
    """Half-widths `[steps, levels]` of a forecast whose first row is `row`; nan beyond the horizon."""
    horizon = residuals.errors.shape[1]
    widths = np.full((steps, len(levels)), np.nan)
    found = half_widths(residuals, np.array([row]), levels)[0]
    widths[:horizon] = found[:steps]
    return widths


def _beyond(steps: int, horizon: int) -> tuple[str, ...]:
    if steps <= horizon:
        return ()
    return (
        f"Steps beyond horizon {horizon} have no intervals: their forecasts are fed back, and their errors "
        f"are not measured. Raise horizon to {steps} for intervals at all steps.",
    )
