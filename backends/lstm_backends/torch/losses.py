"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, Annals of Mathematical Statistics 1964; Koenker and Bassett, "Regression quantiles",
Econometrica 1978 (pinball).
"""

import torch
from torch import Tensor

from lstm_plugins import ForecasterConfig


def mean_loss(config: ForecasterConfig, error: Tensor) -> Tensor:
    """Mean loss of errors `[B, Q, K, P]`, forecast minus target, summed in float64."""
    match config.loss:
        case "mse":
            each = error * error
        case "mae":
            each = error.abs()
        case "huber":
            size = error.abs()
            each = torch.where(size <= 1, 0.5 * error * error, size - 0.5)
        case "quantile":
            quantiles = error.new_tensor(config.output_quantiles)
            each = torch.where(error < 0, -quantiles * error, (1 - quantiles) * error)
    return each.mean(dtype=torch.float64)


def loss_derivative(config: ForecasterConfig, error: Tensor) -> Tensor:
    """The derivative of the mean loss with respect to each error; 0 at error 0."""
    share = 1.0 / error.numel()
    match config.loss:
        case "mse":
            return error * (2.0 * share)
        case "mae":
            return error.sign() * share
        case "huber":
            return error.clamp(-1.0, 1.0) * share
        case "quantile":
            quantiles = error.new_tensor(config.output_quantiles)
            return ((error > 0) * (1 - quantiles) - (error < 0) * quantiles) * share
