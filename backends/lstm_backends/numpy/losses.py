"""The losses with their derivatives, computed together."""

from __future__ import annotations

import numpy as np

from lstm_plugins import Array, ForecasterConfig


def loss_and_derivative(config: ForecasterConfig, prediction: Array, targets: Array) -> tuple[float, Array]:
    """Mean loss of a batch and its derivative with respect to the prediction.

    Args:
        config: says which loss.
        prediction: `[B, Q, K, P]`.
        targets: `[B, Q, K]`.
    """
    error = prediction - targets[:, :, :, None]
    if config.loss == "mse":
        return _mean(error * error), error * (2.0 / error.size)
    if config.loss == "mae":
        return _mean(np.abs(error)), np.sign(error) * (1.0 / error.size)
    if config.loss == "huber":
        # With e clipped to [−1, 1] both branches are e·(error − e/2).
        clipped = np.clip(error, -1.0, 1.0)
        return _mean(clipped * (error - 0.5 * clipped)), clipped * (1.0 / error.size)
    levels = np.array(config.levels, error.dtype)
    slope = (error > 0) - levels
    slope = np.where(error == 0, 0, slope).astype(error.dtype)
    return _mean(slope * error), slope * (1.0 / error.size)


def _mean(each: Array) -> float:
    return float(np.add.reduce(each, axis=None, dtype=np.float64)) / each.size
