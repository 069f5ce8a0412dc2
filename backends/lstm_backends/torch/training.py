"""Forecasts, losses, gradients and sequences of updates."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lstm_backends.torch import losses
from lstm_backends.torch.network import Masks, Model, backward, forward, set_weights
from lstm_backends.torch.optimizer import Memory, clip, corrections, update
from lstm_backends.torch.windows import (
    Windows,
    denormalise,
    forecast_error,
    gather_observed,
    normalise,
    output_derivative,
    to_array,
)
from lstm_plugins import Array, BatchResults, ForecasterConfig, TrainingStep
from lstm_plugins.randomness import dropout_masks

MOST_WINDOWS, FORECAST_BYTES = 1024, 1 << 24
"""Limits of a forecasting batch: its windows, and the bytes of the hidden states of one layer."""


def predict(model: Model, windows: Windows, starts: Tensor) -> Array:
    """Forecasts `[B, Q, K, P]` in scaled units."""
    config = model.config
    prediction = model.flat.new_empty(
        len(starts), config.horizon, len(windows.columns), len(config.output_quantiles)
    )
    size = _windows_per_pass(config)
    for first in range(0, len(starts), size):
        batch = normalise(windows, starts[first : first + size])
        output = forward(model, batch, {}, keep=False).head.output
        prediction[first : first + size] = denormalise(windows, batch, output)
    return to_array(prediction)


def mean_loss(model: Model, windows: Windows, starts: Tensor) -> float:
    """Mean loss over the observed values of windows, without dropout, summed in float64."""
    total, weights = torch.zeros(2, dtype=torch.float64, device=starts.device)
    for part in starts.split(_windows_per_pass(model.config)):
        batch = normalise(windows, part)
        output = forward(model, batch, {}, keep=False).head.output
        error = forecast_error(windows, part, batch, output)
        observed = gather_observed(windows, part)
        weight = losses.weight(error, observed)
        total += losses.mean_loss(model.config, error, observed) * weight
        weights += weight
    return total.item() / weights.item() if weights else 0.0


def loss_and_gradient(
    model: Model, windows: Windows, starts: Tensor, training: TrainingStep | None
) -> tuple[Tensor, Tensor]:
    """Mean loss of one batch and its flat gradient, which the next call overwrites."""
    config = model.config
    masks = {} if training is None else _masks(config, training, len(starts), starts.device)
    batch = normalise(windows, starts)
    done = forward(model, batch, masks, keep=True)
    error = forecast_error(windows, starts, batch, done.head.output.detach())
    observed = gather_observed(windows, starts)
    output = output_derivative(windows, batch, losses.loss_derivative(config, error, observed))
    return losses.mean_loss(config, error, observed), backward(model, done, output, masks)


def train_batches(
    model: Model,
    memory: Memory,
    windows: Windows,
    starts: Tensor,
    learning_rates: NDArray[np.float64],
    first: TrainingStep,
) -> BatchResults:
    """See `Forecaster.train_batches`."""
    config, size = model.config, model.config.batch_size
    found, norms = [], []
    for n, learning_rate in enumerate(learning_rates.tolist()):
        step = TrainingStep(first.epoch, first.step + n)
        loss, gradient = loss_and_gradient(model, windows, starts[n * size : (n + 1) * size], step)
        gradient, norm = clip(config, gradient)
        memory.step += 1
        weights = update(config, model.flat, gradient, memory, learning_rate, corrections(memory.step))
        set_weights(model, weights)
        found.append(loss)
        norms.append(norm)
    # Numbers are fetched only here, because each fetch waits for the GPU.
    return BatchResults(torch.stack(found).cpu().numpy(), torch.stack(norms).cpu().numpy())


def _windows_per_pass(config: ForecasterConfig) -> int:
    """Number of windows of a forecasting batch: enough to be fast, few enough to need little memory."""
    return max(1, min(MOST_WINDOWS, FORECAST_BYTES // (config.steps * config.hidden_width * 8)))


def _masks(config: ForecasterConfig, training: TrainingStep, batch: int, device: torch.device) -> Masks:
    masks = {}
    dtype = torch.float64 if config.precision == "float64" else torch.float32
    for layer, mask in dropout_masks(config, training.epoch, training.step, batch).items():
        tensor = torch.from_numpy(mask).to(device, dtype)
        masks[layer] = tensor if tensor.dim() == 2 else tensor.transpose(0, 1).contiguous()
    return masks
