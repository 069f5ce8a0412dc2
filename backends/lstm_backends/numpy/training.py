"""Forecasts, losses, gradients and sequences of updates."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lstm_backends.numpy import losses
from lstm_backends.numpy.network import Masks, Model, backward, forward, set_weights
from lstm_backends.numpy.optimizer import Memory, clip, corrections, update
from lstm_backends.numpy.windows import (
    Windows,
    denormalise,
    forecast_error,
    gather_observed,
    normalise,
    output_derivative,
)
from lstm_plugins import Array, BatchResults, ForecasterConfig, Starts, TrainingStep
from lstm_plugins.randomness import dropout_masks

FORECAST_VALUES = 1 << 14
"""Hidden units times windows of a forecasting batch, so that one step fits into a core's cache."""


def predict(model: Model, windows: Windows, starts: Starts) -> Array:
    """Forecasts `[B, Q, K, P]` in scaled units."""
    config = model.config
    shape = (len(starts), config.horizon, len(windows.columns), len(config.output_quantiles))
    prediction: Array = np.empty(shape, config.precision)
    for part in _parts(config, starts):
        batch = normalise(windows, starts[part])
        output = forward(model, batch, {}, keep=False).head.output
        prediction[part] = denormalise(windows, batch, output)
    return prediction


def mean_loss(model: Model, windows: Windows, starts: Starts) -> float:
    """Mean loss over the observed values of windows, without dropout, summed in float64."""
    total, weights = 0.0, 0.0
    for part in _parts(model.config, starts):
        batch = normalise(windows, starts[part])
        output = forward(model, batch, {}, keep=False).head.output
        error = forecast_error(windows, starts[part], batch, output)
        observed = gather_observed(windows, starts[part])
        weight = losses.weight(error, observed)
        total += losses.mean_loss(model.config, error, observed) * weight
        weights += weight
    return total / weights if weights else 0.0


def loss_and_gradient(
    model: Model, windows: Windows, starts: Starts, training: TrainingStep | None
) -> tuple[float, Array]:
    """Mean loss of one batch and its flat gradient, which the next call overwrites."""
    config = model.config
    masks = {} if training is None else _masks(config, training, len(starts))
    batch = normalise(windows, starts)
    done = forward(model, batch, masks, keep=True)
    error = forecast_error(windows, starts, batch, done.head.output)
    observed = gather_observed(windows, starts)
    output = output_derivative(windows, batch, losses.loss_derivative(config, error, observed))
    return losses.mean_loss(config, error, observed), backward(model, done, output, masks)


def train_batches(
    model: Model,
    memory: Memory,
    windows: Windows,
    starts: Starts,
    learning_rates: NDArray[np.float64],
    first: TrainingStep,
) -> BatchResults:
    """See `Forecaster.train_batches`. Stops at the first norm that is not finite; later results are NaN."""
    config, size = model.config, model.config.batch_size
    losses, norms = np.full(len(learning_rates), np.nan), np.full(len(learning_rates), np.nan)
    for n, learning_rate in enumerate(learning_rates.tolist()):
        step = TrainingStep(first.epoch, first.step + n)
        losses[n], gradient = loss_and_gradient(model, windows, starts[n * size : (n + 1) * size], step)
        gradient, norms[n] = clip(config, gradient)
        if not np.isfinite(norms[n]):
            break
        memory.step += 1
        weights = update(config, model.flat, gradient, memory, learning_rate, corrections(memory.step))
        set_weights(model, weights)
    return BatchResults(losses, norms)


def _parts(config: ForecasterConfig, starts: Starts) -> Iterator[slice]:
    """Slices of the forecasting batches."""
    size = min(max(FORECAST_VALUES // config.hidden_units, 64), 1024)
    return (slice(first, min(first + size, len(starts))) for first in range(0, len(starts), size))


def _masks(config: ForecasterConfig, training: TrainingStep, batch: int) -> Masks:
    drawn = dropout_masks(config, training.epoch, training.step, batch).items()
    return {layer: np.ascontiguousarray(np.moveaxis(mask, 0, -1), config.precision) for layer, mask in drawn}
