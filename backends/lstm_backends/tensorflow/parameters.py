"""All weights in one flat vector, in canonical order, and the blocks that the network reads from it.

Kernel, recurrent kernel and bias of a layer and direction follow one another in canonical order, so the three
are one matrix `[D + H + 1, 4H]` that multiplies `[x, h, 1]`; likewise the head's two. One vector also keeps
the compiled optimizer to a handful of loops, however many arrays a network has.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import Array, ForecasterConfig, Weights
from lstm_plugins.weights import is_decayed, weight_shapes


class Blocks(NamedTuple):
    """The weights as the network multiplies by them.

    Attributes:
        layers: by layer `[S, D_l + H + 1, 4H]`: kernels, recurrent kernels, biases.
        attention: one `[S·H, S·H]`, none unless attention is general.
        head: `[R + 1, Q·K·P]`: kernel, bias.
    """

    layers: tuple[tf.Tensor, ...]
    attention: tuple[tf.Tensor, ...]
    head: tf.Tensor


def split_blocks(config: ForecasterConfig, features: int, targets: int, flat: tf.Tensor) -> Blocks:
    """The blocks of a flat vector."""
    hidden = config.hidden_units
    shapes: list[tuple[int, ...]] = []
    for layer in range(config.layers):
        inputs = config.patch * features if layer == 0 else config.hidden_width
        shapes.append((config.directions, inputs + hidden + 1, 4 * hidden))
    if config.attention == "general":
        shapes.append((config.hidden_width, config.hidden_width))
    shapes.append((config.head_input_width + 1, config.horizon * targets * len(config.output_quantiles)))
    parts = tf.split(flat, [math.prod(shape) for shape in shapes])
    blocks = [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]
    return Blocks(tuple(blocks[: config.layers]), tuple(blocks[config.layers : -1]), blocks[-1])


def join_blocks(blocks: Blocks) -> tf.Tensor:
    """The flat vector of these blocks."""
    ordered = (*blocks.layers, *blocks.attention, blocks.head)
    return tf.concat([tf.reshape(block, [-1]) for block in ordered], axis=0)


def flatten(weights: Weights) -> Array:
    """Canonical arrays, in canonical order, as one vector."""
    return np.concatenate([array.ravel() for array in weights.values()])


def unflatten(config: ForecasterConfig, features: int, targets: int, flat: Array) -> Weights:
    """Copies of the canonical arrays in a vector."""
    weights: Weights = {}
    begin = 0
    for name, shape in weight_shapes(config, features, targets).items():
        end = begin + math.prod(shape)
        weights[name] = flat[begin:end].reshape(shape).copy()
        begin = end
    return weights


def decay_by_weight(config: ForecasterConfig, features: int, targets: int) -> Array:
    """config.weight_decay for each weight that decays, 0 for the biases, flat."""
    shapes = weight_shapes(config, features, targets)
    rates = [np.full(shape, config.weight_decay * is_decayed(name)) for name, shape in shapes.items()]
    return np.concatenate([rate.ravel() for rate in rates]).astype(config.precision)
