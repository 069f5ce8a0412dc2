"""Whether two models differ by more than chance: the Diebold-Mariano test, and p values in words.

Sources: Diebold and Mariano, "Comparing predictive accuracy", Journal of Business & Economic Statistics 13
(1995); Harvey, Leybourne and Newbold, "Testing the equality of prediction mean squared errors", International
Journal of Forecasting 13 (1997), for the correction in small samples; Newey and West, "A simple, positive
semi-definite, heteroskedasticity and autocorrelation consistent covariance matrix", Econometrica 55 (1987);
Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
"""

import math

import numpy as np

from lstm_forecasting.data.arrays import Array

SIGNIFICANT = 0.05
"""Differences with a smaller p value are taken for more than chance."""


def diebold_mariano(errors: Array, other_errors: Array, horizon: int) -> float:
    """The two-sided p value of the test that two models are equally good.

    The variance of the mean difference includes horizon − 1 autocovariances, because forecasts that many rows
    apart overlap. Where it is not positive, they are weighted as by Newey and West.

    Args:
        errors: `[windows]`, the loss of one model in each window, oldest first; at least two windows.
        other_errors: `[windows]`, of the other model.
        horizon: rows of a window.

    Returns:
        The p value; nan with too few windows for the correction.
    """
    difference = errors - other_errors
    count, mean = len(difference), float(difference.mean())
    factor = (count + 1 - 2 * horizon + horizon * (horizon - 1) / count) / count
    if count <= horizon or factor <= 0:
        return math.nan
    size = float(np.abs(difference).max())
    if size == 0:
        return 1.0
    centred = (difference - mean) / size
    covariances = np.array([centred[lag:] @ centred[: count - lag] for lag in range(horizon)]) / count
    variance = _long_run(covariances, np.ones(horizon))
    if variance <= 0:
        variance = _long_run(covariances, 1.0 - np.arange(horizon) / horizon)
    if variance <= 0:
        return 0.0
    statistic = mean / size / math.sqrt(variance / count) * math.sqrt(factor)
    return student_t_tails(statistic, count - 1)


def student_t_tails(statistic: float, degrees: int) -> float:
    """Probability that a variable of Student's t distribution exceeds `statistic` in size, either way.

    For whole degrees of freedom, at least 1, it is a finite sum.
    """
    angle = math.atan(abs(statistic) / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term, total = (cosine, 0.0) if odd else (1.0, 0.0)
    for index in range(degrees // 2):
        total += term
        term *= (
            cosine
            * cosine
            * ((2 * index + 2) / (2 * index + 3) if odd else (2 * index + 1) / (2 * index + 2))
        )
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return min(1.0, max(0.0, 1.0 - inside))


def p_in_words(p_value: float) -> str:
    """A p value with as many digits as matter: "p < 0.001", "p = 0.034", "p = 0.41"."""
    if p_value < 0.001:
        return "p < 0.001"
    return f"p = {p_value:.3f}" if p_value < 0.1 else f"p = {p_value:.2f}"


def _long_run(covariances: Array, weights: Array) -> float:
    return float(2 * (weights * covariances).sum() - covariances[0])
