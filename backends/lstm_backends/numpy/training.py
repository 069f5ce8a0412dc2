"""Training steps and forecasts in batches, over preallocated memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lstm_backends.numpy.losses import loss_and_derivative
from lstm_backends.numpy.network import Masks, Workspace, backward, forward
from lstm_backends.numpy.optimizer import FlatOptimizer, clip
from lstm_backends.numpy.parameters import ParameterLayout
from lstm_backends.numpy.tracing import layer_traces
from lstm_backends.numpy.windows import WindowBatch, WindowSource
from lstm_plugins import Array, BatchResults, ForecasterConfig, Starts, Trace, TrainingStep, Weights
from lstm_plugins.randomness import dropout_masks

WORKSPACES = 4
"""Batch sizes whose memory is kept: full and last batch, of training and of forecasting."""
FORECAST_VALUES = 1 << 14
"""Hidden units times windows of a forecasting batch, so that one step stays in a core's cache."""


class Trainer:
    """The network with its optimizer, as flat vectors.

    Attributes:
        weights: flat, as trained.
        optimizer: its memory.
    """

    def __init__(
        self, config: ForecasterConfig, features: int, targets: tuple[int, ...], weights: Weights
    ) -> None:
        self._config, self._features, self._targets = config, features, list(targets)
        self.layout = ParameterLayout(config, features, len(targets))
        self.optimizer = FlatOptimizer(config, self.layout)
        self._workspaces: dict[tuple[int, bool], Workspace] = {}
        self._signs = self.layout.signs()
        self._signed: Array = np.empty(self.layout.size, config.precision)
        self._gradient: Array = np.empty(self.layout.size, config.precision)
        self._signed_views = self.layout.views(self._signed)
        self._gradient_views = self.layout.views(self._gradient)
        self.load(weights)

    def load(self, weights: Weights) -> None:
        """Replaces the weights by canonical arrays."""
        self.weights = self.layout.pack(weights)
        self._views = self.layout.views(self.weights)
        self._weights_changed()

    def update(self, gradient: Array, rate: float) -> None:
        """One optimizer step."""
        self.optimizer.update(self.weights, gradient, rate)
        self._weights_changed()

    def train(
        self,
        source: WindowSource,
        starts: Starts,
        learning_rates: NDArray[np.float64],
        first: TrainingStep,
    ) -> BatchResults:
        """See `Forecaster.train_batches`. Ends at the first norm that is not finite; NaN from there on."""
        losses, norms = np.full(len(learning_rates), np.nan), np.full(len(learning_rates), np.nan)
        batches = _batches(len(starts), self._config.batch_size)
        for n, (part, rate) in enumerate(zip(batches, learning_rates.tolist(), strict=True)):
            step = TrainingStep(first.epoch, first.step + n)
            losses[n], gradient = self.loss_and_gradient(source, starts[part], step)
            norms[n] = clip(self._config, gradient)
            if not np.isfinite(norms[n]):
                break
            self.update(gradient, rate)
        return BatchResults(losses, norms)

    def loss_and_gradient(
        self, source: WindowSource, starts: Starts, training: TrainingStep | None
    ) -> tuple[float, Array]:
        """Loss of one batch and its flat gradient, which the next call overwrites."""
        config = self._config
        workspace = self._workspace(len(starts), training=True)
        windows = source.normalised(starts)
        masks = {} if training is None else self._masks(training, len(starts))
        workspace.fill(windows.inputs)
        done = forward(workspace, self._signed_views, masks)
        prediction, scale = self._denormalised(done.output, windows)
        targets = source.targets(starts).astype(config.precision)
        loss, derivative = loss_and_derivative(config, prediction, targets)
        by_output = (derivative * scale).reshape(len(starts), -1)
        backward(workspace, self._views, done, by_output, masks, self._gradient_views)
        return loss, self._gradient

    def predict(self, source: WindowSource, starts: Starts) -> Array:
        """Forecasts `[B, Q, K, P]`."""
        config = self._config
        shape = (len(starts), config.horizon, len(self._targets), len(config.levels))
        predictions: Array = np.empty(shape, config.precision)
        for part, prediction in self._predictions(source, starts):
            predictions[part] = prediction
        return predictions

    def mean_loss(self, source: WindowSource, starts: Starts) -> float:
        """Mean over windows without dropout."""
        total = 0.0
        for part, prediction in self._predictions(source, starts):
            targets = source.targets(starts[part]).astype(self._config.precision)
            loss, _ = loss_and_derivative(self._config, prediction, targets)
            total += loss * len(targets)
        return total / len(starts)

    def trace(self, source: WindowSource, starts: Starts) -> Trace:
        """One forward pass with all that the kernels keep for a backward pass, without derivatives."""
        windows = source.normalised(starts)
        workspace = self._workspace(len(starts), training=True)
        workspace.fill(windows.inputs)
        done = forward(workspace, self._signed_views, {})
        prediction = self._denormalised(done.output, windows)[0]
        return Trace(
            source.patched(starts),
            layer_traces(workspace),
            None if done.attended is None else done.attended.weights.T.copy(),
            done.head_input.T.copy(),
            done.output.reshape(prediction.shape),
            prediction,
        )

    def _predictions(self, source: WindowSource, starts: Starts) -> Iterator[tuple[slice, Array]]:
        size = min(max(FORECAST_VALUES // self._config.hidden_units, 64), 1024)
        for part in _batches(len(starts), size):
            windows = source.normalised(starts[part])
            workspace = self._workspace(len(windows.inputs), training=False)
            workspace.fill(windows.inputs)
            done = forward(workspace, self._signed_views, {})
            yield part, self._denormalised(done.output, windows)[0]

    def _denormalised(self, output: Array, windows: WindowBatch) -> tuple[Array, Array]:
        """Forecasts in scaled units `[B, Q, K, P]`, and the scale that they were multiplied by."""
        config = self._config
        shape = (len(output), config.horizon, len(self._targets), len(config.levels))
        center, scale = (
            statistic[:, None, self._targets, None].astype(config.precision)
            for statistic in (windows.center, windows.scale)
        )
        prediction = output.reshape(shape) * scale
        prediction += center
        return prediction, scale

    def _masks(self, training: TrainingStep, batch: int) -> Masks:
        drawn = dropout_masks(self._config, training.epoch, training.step, batch)
        return {
            layer: np.ascontiguousarray(np.moveaxis(mask, 0, -1), self._config.precision)
            for layer, mask in drawn.items()
        }

    def _workspace(self, batch: int, training: bool) -> Workspace:
        key = (batch, training)
        if key not in self._workspaces:
            while len(self._workspaces) >= WORKSPACES:
                del self._workspaces[next(iter(self._workspaces))]
            self._workspaces[key] = Workspace(self._config, self._features, batch, training)
        # The one used last is the last to go.
        self._workspaces[key] = self._workspaces.pop(key)
        return self._workspaces[key]

    def _weights_changed(self) -> None:
        np.multiply(self.weights, self._signs, self._signed)


def _batches(count: int, size: int) -> list[slice]:
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]
