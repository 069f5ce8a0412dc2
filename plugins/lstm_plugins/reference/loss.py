"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, 1964; Koenker and Bassett, "Regression quantiles", 1978 (pinball loss).
"""

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.weights import Array

Mask = NDArray[np.bool_]


def loss(config: ForecasterConfig, prediction: Array, targets: Array, observed: Mask) -> float:
    """Mean loss of predictions `[B, Q, K, P]` over the observed ones of the targets `[B, Q, K]`."""
    error = prediction - targets[..., None]
    if config.loss == "mse":
        each = error**2
    elif config.loss == "mae":
        each = np.abs(error)
    elif config.loss == "huber":
        each = np.where(np.abs(error) <= 1.0, 0.5 * error**2, np.abs(error) - 0.5)
    else:
        quantiles = np.array(config.output_quantiles, error.dtype)
        each = np.where(error < 0, -quantiles * error, (1.0 - quantiles) * error)
    return float(np.sum(np.where(observed[..., None], each, 0.0), dtype=np.float64) / numbers(each, observed))


def loss_derivative(config: ForecasterConfig, prediction: Array, targets: Array, observed: Mask) -> Array:
    """Derivative of `loss` with respect to the prediction, `[B, Q, K, P]`."""
    error = prediction - targets[..., None]
    if config.loss == "mse":
        each = 2.0 * error
    elif config.loss == "mae":
        each = np.sign(error)
    elif config.loss == "huber":
        each = np.clip(error, -1.0, 1.0)
    else:
        quantiles = np.array(config.output_quantiles, error.dtype)
        each = np.where(error < 0, -quantiles, (1.0 - quantiles)) * (error != 0)
    return np.where(observed[..., None], each, 0.0) / numbers(each, observed)


def numbers(each: Array, observed: Mask) -> int:
    """How many of the losses `[B, Q, K, P]` were observed; 1 without any, so that their mean is 0."""
    return max(int(observed.sum()) * int(each.shape[3]), 1)


def weight(observed: Mask) -> float:
    """What the loss of windows with this mask weighs in a mean: their number if all was observed."""
    return float(observed.sum() / observed[0].size)
