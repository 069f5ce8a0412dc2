"""What a model's forecasts leave over on the test part, and what that says about the model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.evaluation.autocorrelation import autocorrelations, bounds, lags_to_test, ljung_box
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult

Values = NDArray[np.float64]

FEWEST_WINDOWS = 20
"""With fewer test windows nothing can be said about a pattern in their residuals."""
SIGNIFICANT = 0.05


@dataclass(frozen=True, eq=False)
class Residuals:
    """The residuals of one model, target and horizon step, in order of time.

    Attributes:
        step: of the horizon, from 1.
        rows: `[windows]`, the row that each of them belongs to.
        values: `[windows]`, truth minus forecast, in the series' units: positive where a forecast is too low.
        correlations: `[lags]`, autocorrelation at lag 1, 2, …; empty with fewer than `FEWEST_WINDOWS`, and
            where the residuals do not vary.
        bounds: `[lags]`, how large each may be by chance, at 95 %; the lags below `step` are correlated by
            the overlap of the forecasts alone.
        tested: lags that the Ljung-Box test takes together; 0 where there is none, because there are no
            correlations or because the forecasts overlap.
        p_value: of the test; nan where there is none.
    """

    step: int
    rows: NDArray[np.int64]
    values: Values
    correlations: Values
    bounds: Values
    tested: int
    p_value: float

    @property
    def mean(self) -> float:
        """How much too low the forecasts are on average."""
        return float(self.values.mean())

    @property
    def outside(self) -> int:
        """How many of the lags from `step` on lie outside their bounds."""
        beyond = slice(self.step - 1, None)
        return int((np.abs(self.correlations[beyond]) > self.bounds[beyond]).sum())


def find_residuals(result: ExperimentResult, evaluation: Evaluation, target: int, step: int) -> Residuals:
    """The residuals of a model on the test windows, which begin one row after another.

    Args:
        result: of the experiment.
        evaluation: of a backend or a baseline of it.
        target: its index.
        step: of the horizon, from 1.
    """
    values = result.truth[:, step - 1, target] - evaluation.forecasts[:, step - 1, target]
    rows = result.first_rows + step - 1
    count = len(values)
    none = np.empty(0)
    if count < FEWEST_WINDOWS:
        return Residuals(step, rows, values, none, none, 0, math.nan)
    season = result.experiment.season
    found = autocorrelations(values, min(max(2 * season, 24), count // 4))
    if np.isnan(found).any():
        return Residuals(step, rows, values, none, none, 0, math.nan)
    widths = bounds(found, count, known=step - 1)
    if step > 1:
        # Forecasts further ahead overlap, so their residuals are no noise even where the model is perfect.
        return Residuals(step, rows, values, found, widths, 0, math.nan)
    tested = min(lags_to_test(count, season), len(found))
    return Residuals(step, rows, values, found, widths, tested, ljung_box(found[:tested], count))


def in_words(residuals: Residuals, season: int) -> str:
    """What the residuals say about the model, in a sentence or two.

    Args:
        residuals: of one model, target and step.
        season: in rows; 1 for none.
    """
    count, lags = len(residuals.values), len(residuals.correlations)
    if count < FEWEST_WINDOWS:
        windows = "is only 1 test window" if count == 1 else f"are only {count} test windows"
        return (
            f"There {windows}: too few to tell a pattern in the residuals from luck, which takes at least "
            f"{FEWEST_WINDOWS}."
        )
    if not lags:
        return "The residuals are all the same, so there is no pattern to look for."
    if residuals.step == 1:
        return _tested_in_words(residuals, season)
    overlap = residuals.step - 1
    neighbours = "at lag 1" if overlap == 1 else f"at lags 1 to {overlap}"
    begin = (
        f"Forecasts {residuals.step} steps ahead overlap, so their residuals are correlated {neighbours} "
        "even for a perfect model"
    )
    if lags <= overlap:
        return f"{begin}; there are too few test windows to look beyond."
    beyond = lags - overlap
    expected = SIGNIFICANT * beyond
    return (
        f"{begin}; of the {beyond} lags beyond, {residuals.outside} lie outside the bounds, where chance "
        f"alone puts about {expected:.1f}."
    )


def _tested_in_words(residuals: Residuals, season: int) -> str:
    p = residuals.p_value
    tested = "lag 1" if residuals.tested == 1 else f"lags 1 to {residuals.tested}"
    shown = "p < 0.001" if p < 0.001 else f"p {p:.3f}" if p < 0.1 else f"p {p:.2f}"
    if p >= SIGNIFICANT:
        return (
            f"The residuals look like noise: their autocorrelations at {tested} are no larger than chance "
            f"makes them (Ljung-Box {shown})."
        )
    within = residuals.correlations[: residuals.tested]
    lag = int(np.argmax(np.abs(within))) + 1
    what = ", one season" if lag == season else ""
    value = f"{within[lag - 1]:.2f}".replace("-", "−")
    return (
        f"The residuals follow a pattern that the model missed: their autocorrelations at {tested} are "
        f"larger than chance makes them (Ljung-Box {shown}); the largest is {value} at lag {lag}{what}."
    )
