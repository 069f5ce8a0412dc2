"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, Annals of Mathematical Statistics 1964; Koenker and Bassett, "Regression quantiles",
Econometrica 1978 (pinball).
"""

import numpy as np
from numpy.typing import NDArray

from lstm_plugins import Array, ForecasterConfig

Mask = NDArray[np.bool_]


def mean_loss(config: ForecasterConfig, error: Array, observed: Mask | None) -> float:
    """Mean loss of the observed errors `[B, Q, K, P]`, forecast minus target, summed in float64; 0 of none.

    `observed` is `[B, Q, K]`; None if all were.
    """
    each: Array
    match config.loss:
        case "mse":
            each = error * error
        case "mae":
            each = np.abs(error)
        case "huber":
            # With e clipped to [−1, 1] both branches are e·(error − e/2).
            clipped = np.clip(error, -1.0, 1.0)
            each = clipped * (error - 0.5 * clipped)
        case "quantile":
            each = _slope(config, error) * error
    total = float(np.add.reduce(_observed(each, observed), axis=None, dtype=np.float64))
    return total / _numbers(error, observed)


def loss_derivative(config: ForecasterConfig, error: Array, observed: Mask | None) -> Array:
    """The derivative of the mean loss with respect to each error; 0 at error 0, and where not observed."""
    share = 1.0 / _numbers(error, observed)
    match config.loss:
        case "mse":
            each = error * (2.0 * share)
        case "mae":
            each = np.sign(error) * share
        case "huber":
            each = np.clip(error, -1.0, 1.0) * share
        case "quantile":
            each = _slope(config, error) * share
    return _observed(each, observed)


def weight(error: Array, observed: Mask | None) -> float:
    """What the mean loss of some windows weighs among others: their number if all was observed."""
    return len(error) if observed is None else int(observed.sum()) / observed[0].size


def _numbers(error: Array, observed: Mask | None) -> int:
    """How many errors the mean is taken over; at least 1, so that the mean of none is 0."""
    return error.size if observed is None else max(int(observed.sum()) * error.shape[3], 1)


def _observed(each: Array, observed: Mask | None) -> Array:
    """Numbers `[B, Q, K, P]` with 0 where the target was not observed."""
    return each if observed is None else np.where(observed[..., None], each, 0.0)


def _slope(config: ForecasterConfig, error: Array) -> Array:
    slope: Array = (error > 0) - np.array(config.output_quantiles, error.dtype)
    return np.where(error == 0, 0, slope).astype(error.dtype)
