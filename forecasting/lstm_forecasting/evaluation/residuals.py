"""Residuals of a model on the test part, and a judgement of the model from their autocorrelation."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.autocorrelation import (
    autocorrelations,
    autocorrelations_with_gaps,
    bounds,
    lags_to_test,
    ljung_box,
)
from lstm_forecasting.evaluation.significance import SIGNIFICANT, p_in_words
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult

FEWEST_WINDOWS = 20
"""With fewer test windows, residuals are not searched for a pattern."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """The residuals of one model, target and horizon step, oldest first.

    Attributes:
        step: horizon step, from 1.
        rows: `[windows]`, the row of the series that each residual belongs to; only values that are scored
            have a residual.
        values: `[windows]`, truth minus forecast in the series' units; positive if the forecast is too low.
        correlations: `[lags]`, autocorrelations at lags 1, 2, …; empty if there are fewer than
            `FEWEST_WINDOWS` residuals or all are equal.
        bounds: `[lags]`, 95 % bounds of each by chance. Lags below `step` are correlated merely because the
            forecasts overlap.
        tested: number of lags in the Ljung-Box test; 0 without a test, because there are no correlations or
            because the forecasts overlap.
        p_value: p value of the test; nan without one.
    """

    step: int
    rows: Integers
    values: Array
    correlations: Array
    bounds: Array
    tested: int
    p_value: float

    @property
    def mean(self) -> float:
        """Mean residual; positive if forecasts are too low on average. It is nan without residuals."""
        return float(self.values.mean()) if len(self.values) else math.nan

    @property
    def outside(self) -> int:
        """Number of lags, from `step` on, whose autocorrelation is outside its bounds."""
        beyond = slice(self.step - 1, None)
        return int((np.abs(self.correlations[beyond]) > self.bounds[beyond]).sum())


def find_residuals(result: ExperimentResult, evaluation: Evaluation, target: int, step: int) -> Residuals:
    """The residuals of a backend or baseline on the test windows, for a target's index and a step from 1."""
    counted = result.counted[:, step - 1, target]
    values = (result.truth[:, step - 1, target] - evaluation.forecasts[:, step - 1, target])[counted]
    rows = result.first_rows[counted] + step - 1
    count = len(values)
    season = result.experiment.season
    found, pairs = np.empty(0), None
    if count >= FEWEST_WINDOWS:
        longest = min(max(2 * season, 24), count // 4)
        if rows[-1] - rows[0] + 1 == count:
            found = autocorrelations(values, longest)
        else:
            observed = np.zeros(rows[-1] - rows[0] + 1, dtype=bool)
            observed[rows - rows[0]] = True
            spread = np.zeros(len(observed))
            spread[observed] = values
            found, pairs = autocorrelations_with_gaps(spread, observed, longest)
        found = found[:0] if np.isnan(found).any() else found
    tested, p_value = 0, math.nan
    # Forecasts further ahead overlap: even a perfect model's residuals are then not white noise.
    if step == 1 and len(found):
        tested = min(lags_to_test(count, season), len(found))
        p_value = ljung_box(found[:tested], count, None if pairs is None else pairs[:tested])
    limits = bounds(found, count, known=step - 1)
    if pairs is not None:
        limits *= np.sqrt(count / np.maximum(pairs[: len(found)], 1))
    return Residuals(step, rows, values, found, limits, tested, p_value)


def in_words(residuals: Residuals, season: int) -> str:
    """A sentence about the model that follows from its residuals; `season` is in rows, 1 for none."""
    count, lags = len(residuals.values), len(residuals.correlations)
    if count < FEWEST_WINDOWS:
        windows = "is only 1 test window" if count == 1 else f"are only {count} test windows"
        return f"There {windows}; finding a pattern in the residuals takes at least {FEWEST_WINDOWS}."
    if not lags:
        return "All residuals are equal, so there is no pattern to find."
    if residuals.step == 1:
        return _tested_in_words(residuals, season)
    overlap = residuals.step - 1
    neighbours = "at lag 1" if overlap == 1 else f"at lags 1 to {overlap}"
    begin = (
        f"Forecasts {residuals.step} steps ahead overlap, so their residuals are correlated {neighbours} "
        "even for a perfect model"
    )
    if lags <= overlap:
        return f"{begin}; there are too few test windows to check longer lags."
    longer = lags - overlap
    return (
        f"{begin}; of the {longer} longer lags, {residuals.outside} are outside the bounds "
        f"(about {SIGNIFICANT * longer:.1f} expected by chance)."
    )


def _tested_in_words(residuals: Residuals, season: int) -> str:
    p = residuals.p_value
    tested = "lag 1" if residuals.tested == 1 else f"lags 1 to {residuals.tested}"
    shown = p_in_words(p)
    if p >= SIGNIFICANT:
        return (
            f"The residuals look like noise: their autocorrelations at {tested} are no larger than expected "
            f"by chance (Ljung-Box {shown})."
        )
    within = residuals.correlations[: residuals.tested]
    lag = int(np.argmax(np.abs(within))) + 1
    what = ", one season" if lag == season else ""
    value = f"{within[lag - 1]:.2f}".replace("-", "−")
    return (
        f"The residuals follow a pattern that the model missed: their autocorrelations at {tested} are "
        f"larger than expected by chance (Ljung-Box {shown}); the largest is {value} at lag {lag}{what}."
    )
