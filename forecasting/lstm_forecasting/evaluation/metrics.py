"""Forecast errors: MAE, RMSE, MASE, sMAPE and R², over all windows and by horizon step.

Sources: Hyndman and Koehler, "Another look at measures of forecast accuracy", International Journal of
Forecasting 22 (2006), for MASE; Makridakis, Spiliotis and Assimakopoulos, "The M4 Competition", International
Journal of Forecasting 36 (2020), for the form of sMAPE.
"""

import math
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths

UNDEFINED = {
    "mase": "the training rows repeat their season exactly, or no two observed ones are a season apart",
    "r2": "the true values are constant",
}
"""Why a score is undefined."""


@dataclass(frozen=True)
class Scores:
    """Error measures of some forecasts; nan if undefined, for the reason in `UNDEFINED`.

    Attributes:
        mae: mean absolute error, in the series' units.
        rmse: root of the mean squared error, in the series' units.
        mase: MAE divided by that of the one-step seasonal naive forecast on the training rows; below 1 is
            better than that forecast.
        smape: symmetric mean absolute percentage error, 0 to 200.
        r2: share of the true values' variance that is explained; at most 1, negative if worse than
            forecasting their mean.
    """

    mae: float
    rmse: float
    mase: float
    smape: float
    r2: float


def naive_error(training: Array, season: int, observed: Truths | None = None) -> float:
    """The denominator of MASE: mean |y_t − y_(t−season)| over one target's training rows, in its units.

    Only pairs of `observed` values count; None for all. It is nan if there are none, which includes fewer
    rows than a season, or if the rows repeat their season exactly.
    """
    if len(training) <= season:
        return math.nan
    unit = _unit(training)
    scaled = np.asarray(training, np.float64) / unit
    changes = np.abs(scaled[season:] - scaled[:-season])
    if observed is not None:
        changes = changes[observed[season:] & observed[:-season]]
    error = unit * float(changes.mean()) if len(changes) else math.nan
    return error if error > 0 else math.nan


def scores(truth: Array, forecast: Array, naive: float, counted: Truths | None = None) -> Scores:
    """All measures, every value weighted equally; `naive` is the `naive_error` of the target.

    Truth and forecasts may have any shape, such as `[windows, horizon]`. `counted` says which of their values
    count; None for all. If none does, every measure is nan.

    Raises:
        ValueError: the shapes differ, there are no values, or a value is not finite.
    """
    if counted is not None and counted.shape == truth.shape == forecast.shape:
        truth, forecast = truth[counted], forecast[counted]
        if not truth.size:
            return Scores(math.nan, math.nan, math.nan, math.nan, math.nan)
    truth = np.asarray(truth, np.float64)
    forecast = np.asarray(forecast, np.float64)
    if truth.shape != forecast.shape or not truth.size:
        raise ValueError(f"forecasts of shape {forecast.shape} cannot be compared with {truth.shape} values")
    if not (np.isfinite(truth).all() and np.isfinite(forecast).all()):
        raise ValueError("forecasts with non-finite values cannot be scored")
    # Dividing by one power of two is exact, and keeps squares of very large or small values in range.
    unit = max(_unit(truth), _unit(forecast))
    truth = truth / unit
    errors = forecast / unit - truth
    absolute = np.abs(errors)
    mae = float(absolute.mean()) * unit
    squares = float(np.square(errors).mean())
    size = np.abs(truth) + np.abs(truth + errors)
    relative = np.divide(absolute, size, out=np.zeros_like(size), where=size > 0)
    return Scores(
        mae=mae,
        rmse=math.sqrt(squares) * unit,
        mase=mae / naive if naive > 0 else math.nan,
        smape=200.0 * float(relative.mean()),
        r2=_explained(truth, squares),
    )


def scores_by_step(
    truth: Array, forecast: Array, naive: float, counted: Truths | None = None
) -> tuple[Scores, ...]:
    """`scores` of each horizon step of `[windows, horizon]`, with the same arguments and exceptions."""
    if truth.shape != forecast.shape:
        raise ValueError(f"forecasts of shape {forecast.shape} cannot be compared with {truth.shape} values")
    return tuple(
        scores(truth[:, step], forecast[:, step], naive, None if counted is None else counted[:, step])
        for step in range(truth.shape[1])
    )


def _unit(values: Array) -> float:
    largest = float(np.abs(values).max(initial=0.0))
    return math.ldexp(1.0, min(math.frexp(largest)[1], 1023)) if largest > 0 else math.ldexp(1.0, -1021)


def _explained(truth: Array, squared_error: float) -> float:
    if truth.min() == truth.max():
        return math.nan
    variance = float(np.square(truth - truth.mean()).mean())
    return 1.0 - squared_error / variance if variance > 0 else math.nan
