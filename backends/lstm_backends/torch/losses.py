"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, Annals of Mathematical Statistics 1964; Koenker and Bassett, "Regression quantiles",
Econometrica 1978 (pinball).
"""

import torch
from torch import Tensor

from lstm_plugins import ForecasterConfig


def mean_loss(config: ForecasterConfig, error: Tensor, observed: Tensor | None) -> Tensor:
    """Mean loss of the observed errors `[B, Q, K, P]`, forecast minus target, summed in float64; 0 of none.

    `observed` is `[B, Q, K]`; None if all were.
    """
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
    if observed is None:
        return each.mean(dtype=torch.float64)
    return _observed(each, observed).sum(dtype=torch.float64) / _numbers(error, observed)


def loss_derivative(config: ForecasterConfig, error: Tensor, observed: Tensor | None) -> Tensor:
    """The derivative of the mean loss with respect to each error; 0 at error 0, and where not observed."""
    share = 1.0 / _numbers(error, observed)
    match config.loss:
        case "mse":
            each = error * (2.0 * share)
        case "mae":
            each = error.sign() * share
        case "huber":
            each = error.clamp(-1.0, 1.0) * share
        case "quantile":
            quantiles = error.new_tensor(config.output_quantiles)
            each = ((error > 0) * (1 - quantiles) - (error < 0) * quantiles) * share
    return _observed(each, observed)


def weight(error: Tensor, observed: Tensor | None) -> Tensor | int:
    """What the mean loss of some windows weighs among others: their number if all was observed."""
    return len(error) if observed is None else observed.sum() / observed[0].numel()


def _numbers(error: Tensor, observed: Tensor | None) -> Tensor | int:
    """How many errors the mean is taken over; at least 1, so that the mean of none is 0."""
    if observed is None:
        return error.numel()
    return (observed.sum(dtype=torch.float64) * error.shape[3]).clamp(min=1.0)


def _observed(each: Tensor, observed: Tensor | None) -> Tensor:
    """Numbers `[B, Q, K, P]` with 0 where the target was not observed."""
    return each if observed is None else torch.where(observed[..., None], each, 0.0)
