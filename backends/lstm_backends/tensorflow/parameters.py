"""The flat vector of all weights, in canonical order, and its conversion to canonical arrays.

Kernel, recurrent kernel and bias of a layer and direction are adjacent in canonical order, so together they
are one matrix `[D + H + 1, 4H]` that multiplies `[x, h, 1]`; so are the two arrays of the head. One vector
also limits the compiled optimizer to a handful of loops, however many arrays a network has.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import Array, ForecasterConfig, Weights
from lstm_plugins.weights import is_decayed, trained_shapes


class StepWeights(NamedTuple):
    """The step part: kernel `[R, 24]`, features `[F, 24]`, position `[Q, 24]`, output `[24, K·P]`."""

    kernel: tf.Tensor
    features: tf.Tensor
    position: tf.Tensor
    output: tf.Tensor


STEP_NAMES = tuple(f"step.{part}" for part in StepWeights._fields)


class LinearWeights(NamedTuple):
    """The linear part, which is fixed and in no flat vector: kernel `[d, Q·K]`, bias `[Q·K]`."""

    kernel: tf.Tensor
    bias: tf.Tensor


@dataclass(frozen=True)
class Parameters:
    """The weights as the network multiplies by them, or gradients of these shapes.

    Attributes:
        layers: by layer `[S, D_l + H + 1, 4H]`: rows of kernel, recurrent kernel, bias; columns i, f, C̃, o.
        attention: `[S·H, S·H]`, None unless attention is general.
        head: `[R + 1, Q·K·P]`: kernel, bias.
        step: None without known columns and lags.
    """

    layers: tuple[tf.Tensor, ...]
    attention: tf.Tensor | None
    head: tf.Tensor
    step: StepWeights | None


@dataclass(frozen=True)
class Layout:
    """The position of each weight in the flat vector.

    Attributes:
        config: all settings.
        shapes: the canonical shapes of the trained arrays, in canonical order.
        size: length of the vector.
    """

    config: ForecasterConfig
    shapes: dict[str, tuple[int, ...]]
    size: int

    @property
    def decayed(self) -> Array:
        """config.weight_decay for each weight that decays, 0 for the others."""
        decay = self.config.weight_decay
        marks = [np.full(math.prod(s), decay * is_decayed(name)) for name, s in self.shapes.items()]
        return np.concatenate(marks).astype(self.config.precision)

    def views(self, flat: tf.Tensor) -> Parameters:
        """The parts of a flat vector."""
        config = self.config
        shapes: list[tuple[int, ...]] = []
        for layer in range(config.layers):
            inputs = self.shapes[f"layer{layer}.forward.kernel"][0]
            shapes.append((config.directions, inputs + config.hidden_units + 1, 4 * config.hidden_units))
        if attention := self.shapes.get("attention.kernel"):
            shapes.append(attention)
        rows, outputs = self.shapes["head.kernel"]
        shapes.append((rows + 1, outputs))
        shapes += [self.shapes[name] for name in STEP_NAMES if name in self.shapes]
        flat_parts = tf.split(flat, [math.prod(shape) for shape in shapes])
        parts = (tf.reshape(part, shape) for part, shape in zip(flat_parts, shapes, strict=True))
        return Parameters(
            tuple(next(parts) for _ in range(config.layers)),
            next(parts) if attention else None,
            next(parts),
            StepWeights(*parts) if STEP_NAMES[0] in self.shapes else None,
        )

    def join(self, parameters: Parameters) -> tf.Tensor:
        """The flat vector of these parts."""
        attention = () if parameters.attention is None else (parameters.attention,)
        parts = (*parameters.layers, *attention, parameters.head, *(parameters.step or ()))
        return tf.concat([tf.reshape(part, [-1]) for part in parts], axis=0)

    def from_weights(self, weights: Weights) -> tf.Tensor:
        """The flat vector of canonical arrays."""
        return tf.constant(np.concatenate([weights[name].ravel() for name in self.shapes]))

    def to_weights(self, flat: tf.Tensor) -> Weights:
        """Copies of the parts of a flat vector as canonical arrays."""
        values, weights = flat.numpy(), {}
        begin = 0
        for name, shape in self.shapes.items():
            end = begin + math.prod(shape)
            weights[name] = values[begin:end].reshape(shape).copy()
            begin = end
        return weights


def parameter_layout(config: ForecasterConfig, features: int, targets: int, known: int) -> Layout:
    """The layout of the network's trained weights."""
    shapes = trained_shapes(config, features, targets, known)
    return Layout(config, shapes, sum(math.prod(shape) for shape in shapes.values()))
