"""Losses, gradients and runs of updates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lstm_backends.torch import kernels
from lstm_backends.torch.losses import elementwise_loss, loss_derivative
from lstm_backends.torch.network import Derivative, Differentiated, differentiate, forward
from lstm_backends.torch.optimizer import Memory, clip_, update_
from lstm_backends.torch.parameters import DTYPES, Layout
from lstm_backends.torch.windows import Batch, Windows
from lstm_plugins import BatchResults, ForecasterConfig, TrainingStep
from lstm_plugins.randomness import dropout_masks

Differentiate = Callable[
    [ForecasterConfig, dict[str, Tensor], Tensor, dict[int, Tensor], Derivative], Differentiated
]


@dataclass(frozen=True)
class Model:
    """A network's weights.

    Attributes:
        config: the network.
        layout: of the flat vector.
        flat: all weights.
        weights: the arrays in `flat`.
        differentiate: how output and gradients are computed, a fixed choice by device and precision.
    """

    config: ForecasterConfig
    layout: Layout
    flat: Tensor
    weights: dict[str, Tensor]
    differentiate: Differentiate


def new_model(config: ForecasterConfig, layout: Layout, device: torch.device) -> Model:
    """A model with all weights zero."""
    flat = torch.zeros(layout.size, dtype=DTYPES[config.precision], device=device)
    chosen = kernels.differentiate if kernels.usable(config, device) else differentiate
    return Model(config, layout, flat, layout.views(flat), chosen)


@dataclass(frozen=True)
class BatchTargets:
    """What a network's output is held against.

    Attributes:
        shifted: `[B, Q, K, 1]`, targets less their window's center.
        scale: `[B, 1, K, 1]`, by which the window was divided.
    """

    shifted: Tensor
    scale: Tensor

    def error(self, output: Tensor) -> Tensor:
        """Forecast minus target in scaled units, `[B, Q, K, P]`.

        The center is taken from the targets rather than added to the output: the same number, but small
        errors far from zero keep all their digits.
        """
        return output.view(*self.shifted.shape[:3], -1) * self.scale - self.shifted


def batch_targets(windows: Windows, starts: Tensor, batch: Batch) -> BatchTargets:
    """The targets of a batch of windows."""
    precision = DTYPES[windows.config.precision]
    center, scale = _target_statistics(windows, batch)
    shifted = windows.futures[starts][..., None] - center
    return BatchTargets(shifted.to(precision), scale.to(precision))


def training_masks(
    config: ForecasterConfig, step: TrainingStep, batch: int, device: torch.device
) -> dict[int, Tensor]:
    """The dropout factors of one training step, time first."""
    masks = {}
    for layer, mask in dropout_masks(config, step.epoch, step.step, batch).items():
        tensor = torch.from_numpy(mask).to(device, DTYPES[config.precision])
        masks[layer] = tensor if tensor.dim() == 2 else tensor.transpose(0, 1).contiguous()
    return masks


def loss_and_gradient(
    model: Model, windows: Windows, starts: Tensor, masks: dict[int, Tensor], gradient: Tensor
) -> Tensor:
    """Mean loss of a batch, float64; its gradient goes into the flat vector `gradient`."""
    batch = windows.batch(starts)
    targets = batch_targets(windows, starts, batch)

    def derivative(output: Tensor) -> Tensor:
        error = targets.error(output)
        return (loss_derivative(model.config, error) * targets.scale).view_as(output)

    output, gradients = model.differentiate(model.config, model.weights, batch.inputs, masks, derivative)
    model.layout.join(gradients, gradient)
    return elementwise_loss(model.config, targets.error(output)).mean(dtype=torch.float64)


def train_batches(
    model: Model,
    memory: Memory,
    windows: Windows,
    starts: Tensor,
    learning_rates: NDArray[np.float64],
    first: TrainingStep,
) -> BatchResults:
    """`Forecaster.train_batches`."""
    config = model.config
    gradient = torch.empty_like(model.flat)
    losses, norms = [], []
    for n, part in enumerate(starts.split(config.batch_size)):
        step = TrainingStep(first.epoch, first.step + n)
        masks = training_masks(config, step, len(part), starts.device)
        losses.append(loss_and_gradient(model, windows, part, masks, gradient))
        norms.append(clip_(config, gradient))
        update_(config, model.layout, model.flat, gradient, memory, float(learning_rates[n]))
    # Only here are numbers fetched: on a GPU every fetch would wait for it.
    return BatchResults(torch.stack(losses).cpu().numpy(), torch.stack(norms).cpu().numpy())


def predict(model: Model, windows: Windows, starts: Tensor) -> Tensor:
    """Forecasts `[B, Q, K, P]` in scaled units, the normalisation undone in float64."""
    config = model.config
    prediction = model.flat.new_empty(
        len(starts), config.horizon, len(windows.columns), len(config.output_quantiles)
    )
    size = windows_per_pass(config)
    for first in range(0, len(starts), size):
        batch = windows.batch(starts[first : first + size])
        output = forward(config, model.weights, batch.inputs, {})
        part = prediction[first : first + size]
        part.copy_(denormalised(output.view_as(part), windows, batch))
    return prediction


def denormalised(output: Tensor, windows: Windows, batch: Batch) -> Tensor:
    """Outputs `[B, Q, K, P]` in scaled units, float64."""
    center, scale = _target_statistics(windows, batch)
    return output.double() * scale + center


def _target_statistics(windows: Windows, batch: Batch) -> tuple[Tensor, Tensor]:
    """Center and scale `[B, 1, K, 1]` of the target columns, float64."""
    shape = len(batch.center), 1, len(windows.columns), 1
    columns = windows.columns
    return batch.center.index_select(1, columns).view(shape), batch.scale.index_select(1, columns).view(shape)


def mean_loss(model: Model, windows: Windows, starts: Tensor) -> float:
    """Mean loss over windows, without dropout, summed in float64."""
    total = torch.zeros((), dtype=torch.float64, device=starts.device)
    for part in starts.split(windows_per_pass(model.config)):
        batch = windows.batch(part)
        targets = batch_targets(windows, part, batch)
        error = targets.error(forward(model.config, model.weights, batch.inputs, {}))
        total += elementwise_loss(model.config, error).mean(dtype=torch.float64) * len(part)
    return total.item() / len(starts)


def windows_per_pass(config: ForecasterConfig) -> int:
    """Windows computed at once without training: enough to be fast, few enough to stay small in memory."""
    return max(1, min(1024, 2**24 // (config.steps * config.hidden_width * 8)))
