"""The compiled functions: many updates in one, the gradients of one batch, the forecasts of one batch.

XLA compiles for fixed shapes. The last, smaller batch is padded and its padding weighed with 0, and the
number of batches is a number that the loop reads, so the bits of a batch do not depend on how batches are
cut into calls. All shapes are compiled: with the layer's gradient written by hand, XLA took 0.2 to 0.9 times
as long as the plain graph, from 32 to 256 hidden units.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_backends.tensorflow import network, optimizer, windows
from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.losses import mean_loss
from lstm_backends.tensorflow.parameters import join_blocks, split_blocks
from lstm_plugins import Array, ForecasterConfig, Starts, TrainingStep
from lstm_plugins.randomness import dropout_masks, masked_layers

MOST_BATCHES = 1024
MOST_STARTS = 131_072
MOST_MASK_BYTES = 16 * 2**20
"""Each call carries its whole capacity of starts and masks: with more, short epochs would feel it."""

PREDICTED_AT_ONCE = 256


def capacity(config: ForecasterConfig) -> int:
    """Batches that one call of the training function has room for: a function of shapes alone."""
    batches = min(MOST_BATCHES, MOST_STARTS // config.batch_size)
    shapes = mask_shapes(config, config.batch_size).values()
    mask_bytes = np.dtype(config.precision).itemsize * sum(math.prod(shape) for shape in shapes)
    if mask_bytes:
        batches = min(batches, MOST_MASK_BYTES // mask_bytes)
    return max(1, batches)


def mask_shapes(config: ForecasterConfig, batch: int) -> dict[int, tuple[int, ...]]:
    """Shape of each dropout mask of a batch, by layer; empty without dropout."""
    if not config.dropout:
        return {}
    between = (batch, config.steps, config.hidden_width)
    head_input = (batch, config.head_input_width)
    return {layer: head_input if layer == config.layers else between for layer in masked_layers(config)}


def padded_starts(starts: Starts, batches: int, batch_size: int) -> tuple[Starts, NDArray[np.int32]]:
    """Starts as `[batches, batch_size]`, filled up with the first one, and how many of each row are real."""
    padded = np.full(batches * batch_size, starts[0], np.int64)
    padded[: len(starts)] = starts
    sizes = np.clip(len(starts) - batch_size * np.arange(batches), 0, batch_size).astype(np.int32)
    return padded.reshape(batches, batch_size), sizes


def padded_masks(
    config: ForecasterConfig, first: TrainingStep, sizes: NDArray[np.int32], batch_size: int
) -> dict[int, Array]:
    """Dropout factors of consecutive steps by layer, `[len(sizes), batch_size, …]`, 0 in the padding."""
    shapes = mask_shapes(config, batch_size)
    masks = {layer: np.zeros((len(sizes), *shape), config.precision) for layer, shape in shapes.items()}
    for n in np.flatnonzero(sizes):
        for layer, mask in dropout_masks(config, first.epoch, first.step + int(n), int(sizes[n])).items():
            masks[layer][n, : sizes[n]] = mask
    return masks


def open_masks(config: ForecasterConfig, batch_size: int) -> dict[int, Array]:
    """Masks of one batch that keep everything, `[1, batch_size, …]` by layer.

    A factor of 1 changes no bit, and with the masks of training the same function serves, compiled once.
    """
    shapes = mask_shapes(config, batch_size)
    return {layer: np.ones((1, *shape), config.precision) for layer, shape in shapes.items()}


def shared_config(config: ForecasterConfig) -> ForecasterConfig:
    """The config without what a compiled function does not depend on, so that more fits share one."""
    free = ("learning_rate", "schedule", "warmup", "plateau", "epochs", "patience", "stride", "seed")
    return _without(config, free)


def gradient_config(config: ForecasterConfig) -> ForecasterConfig:
    """The config of `gradient_function`: what a batch and its masks are like is seen from their shapes."""
    of_updates = ("optimizer", "momentum", "weight_decay", "clip_norm", "batch_size", "dropout")
    return _without(shared_config(config), of_updates)


def prediction_config(config: ForecasterConfig) -> ForecasterConfig:
    """The config of `prediction_function`, for which a loss is no more than its quantiles."""
    rest = gradient_config(config)
    return rest if config.loss == "quantile" else _without(rest, ("loss",))


def _without(config: ForecasterConfig, free: Sequence[str]) -> ForecasterConfig:
    default = ForecasterConfig()
    return dataclasses.replace(config, **{name: getattr(default, name) for name in free})


@lru_cache(maxsize=16)
def training_function(config: ForecasterConfig, columns: tuple[int, ...]) -> Any:
    """The compiled loop over batches, for a `shared_config` and the target columns.

    It takes the rows, a `Learner`, each weight's decay, starts `[capacity, B]` with their sizes, rates
    `[capacity]`, corrections `[capacity, 2]`, masks by layer `[capacity, …]` and the number of batches, and
    gives the learner after them and `[capacity]` losses and norms in float64.
    """
    room = capacity(config)

    def train(rows, learner, decay, starts, sizes, rates, corrections, masks, batches):  # type: ignore[no-untyped-def]
        def one_batch(n, learner, losses, norms):  # type: ignore[no-untyped-def]
            own_masks = {layer: mask[n] for layer, mask in masks.items()}
            loss, gradient = _gradient(config, columns, rows, learner.weights, starts[n], sizes[n], own_masks)
            clipped, norm = optimizer.clip(config, gradient)
            rate = tf.cast(rates[n], config.precision)
            correction = tf.cast(corrections[n], config.precision)
            learner = optimizer.update(config, learner, clipped, decay, rate, correction)
            return n + 1, learner, losses.write(n, tf.cast(loss, tf.float64)), norms.write(n, norm)

        losses, norms = (tf.TensorArray(tf.float64, size=room, element_shape=[]) for _ in range(2))
        _, learner, losses, norms = tf.while_loop(
            lambda n, *_: n < batches, one_batch, (tf.constant(0), learner, losses, norms)
        )
        return learner, losses.stack(), norms.stack()

    return tf.function(train, jit_compile=True, autograph=False)


@lru_cache(maxsize=16)
def gradient_function(config: ForecasterConfig, columns: tuple[int, ...]) -> Any:
    """Loss and flat gradient of one padded batch, compiled from what the training function holds.

    It is made for a `gradient_config` and the target columns.
    """

    def gradient(rows, weights, starts, size, masks):  # type: ignore[no-untyped-def]
        return _gradient(config, columns, rows, weights, starts, size, masks)

    return tf.function(gradient, jit_compile=True, autograph=False)


@lru_cache(maxsize=16)
def prediction_function(config: ForecasterConfig, columns: tuple[int, ...]) -> Any:
    """Forecasts `[PREDICTED_AT_ONCE, Q, K, P]` from rows, flat weights and as many starts.

    It is made for a `prediction_config` and the target columns.
    """

    def predict(rows, weights, starts):  # type: ignore[no-untyped-def]
        seen = windows.normalise(config, windows.gather_inputs(config, rows, starts))
        blocks = split_blocks(config, rows.shape[1], len(columns), weights)
        output = network.forward(config, blocks, seen.inputs, {}).output
        return windows.denormalise(config, columns, output, seen)

    return tf.function(predict, jit_compile=True, autograph=False)


def _gradient(
    config: ForecasterConfig,
    columns: tuple[int, ...],
    rows: tf.Tensor,
    weights: tf.Tensor,
    starts: tf.Tensor,
    size: tf.Tensor,
    masks: Mapping[int, tf.Tensor],
) -> tuple[tf.Tensor, tf.Tensor]:
    seen = windows.normalise(config, windows.gather_inputs(config, rows, starts))
    targets = tf.cast(windows.gather_targets(config, columns, rows, starts), config.precision)
    blocks = split_blocks(config, rows.shape[1], len(columns), weights)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(blocks)
        output = network.forward(config, blocks, seen.inputs, masks).output
        loss = mean_loss(config, windows.denormalise(config, columns, output, seen), targets, size)
    return loss, join_blocks(tape.gradient(loss, blocks))
