"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, Annals of Mathematical Statistics 1964; Koenker and Bassett, "Regression quantiles",
Econometrica 1978 (pinball).
"""

import numpy as np

from lstm_plugins import Array, ForecasterConfig


def mean_loss(config: ForecasterConfig, error: Array) -> float:
    """Mean loss of errors `[B, Q, K, P]`, forecast minus target, summed in float64."""
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
    return float(np.add.reduce(each, axis=None, dtype=np.float64)) / each.size


def loss_derivative(config: ForecasterConfig, error: Array) -> Array:
    """The derivative of the mean loss with respect to each error; 0 at error 0."""
    match config.loss:
        case "mse":
            return error * (2.0 / error.size)
        case "mae":
            return np.sign(error) * (1.0 / error.size)
        case "huber":
            return np.clip(error, -1.0, 1.0) * (1.0 / error.size)
        case "quantile":
            return _slope(config, error) * (1.0 / error.size)


def _slope(config: ForecasterConfig, error: Array) -> Array:
    slope: Array = (error > 0) - np.array(config.output_quantiles, error.dtype)
    return np.where(error == 0, 0, slope).astype(error.dtype)
