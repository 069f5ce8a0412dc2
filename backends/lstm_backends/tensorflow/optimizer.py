"""Clipping and the two optimizers: docs/specification.md section 7.

Keras' own are not used: its AdamW adds ε before the bias correction and rounds β and the learning rate to
float32. Sources: Kingma and Ba, ICLR 2015; Loshchilov and Hutter, ICLR 2019 (decoupled decay).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig
from lstm_plugins.weights import is_decayed

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6

TensorDict = dict[str, tf.Tensor]


class Learner(NamedTuple):
    """All that an update changes: weights, AdamW's m or SGD's velocity, AdamW's v (empty for SGD)."""

    weights: TensorDict
    first: TensorDict
    second: TensorDict


def corrections(step: int, count: int) -> np.ndarray:
    """1 − β1^t and 1 − β2^t of `count` updates after `step` of them: `[count, 2]` float64."""
    updates = range(step + 1, step + count + 1)
    return np.array([(1.0 - BETA1**update, 1.0 - BETA2**update) for update in updates], np.float64)


def clip(config: ForecasterConfig, gradients: Mapping[str, tf.Tensor]) -> tuple[TensorDict, tf.Tensor]:
    """Gradients scaled to config.clip_norm by their global norm, and that norm before, in float64."""
    squares = [tf.reduce_sum(tf.square(tf.cast(gradient, tf.float64))) for gradient in gradients.values()]
    norm = tf.sqrt(tf.add_n(squares))
    if not config.clip_norm:
        return dict(gradients), norm
    factor = tf.cast(tf.minimum(config.clip_norm / (norm + NORM_FLOOR), 1.0), config.precision)
    return {name: gradient * factor for name, gradient in gradients.items()}, norm


def update(
    config: ForecasterConfig,
    learner: Learner,
    gradients: Mapping[str, tf.Tensor],
    learning_rate: tf.Tensor,
    correction: tf.Tensor,
) -> Learner:
    """One optimizer step with these very gradients.

    Args:
        config: names the optimizer.
        learner: before.
        gradients: by weight array.
        learning_rate: scalar in the config's precision.
        correction: `[2]` in the config's precision, 1 − β^t of this update; AdamW only.
    """
    weights: TensorDict = {}
    first: TensorDict = {}
    second: TensorDict = {}
    for name, gradient in gradients.items():
        weight = learner.weights[name]
        if config.optimizer == "sgd":
            first[name] = config.momentum * learner.first[name] + gradient
            weights[name] = weight - learning_rate * first[name]
            continue
        first[name] = BETA1 * learner.first[name] + (1.0 - BETA1) * gradient
        second[name] = BETA2 * learner.second[name] + (1.0 - BETA2) * tf.square(gradient)
        change = (first[name] / correction[0]) / (tf.sqrt(second[name] / correction[1]) + EPSILON)
        if config.weight_decay and is_decayed(name):
            change += config.weight_decay * weight
        weights[name] = weight - learning_rate * change
    return Learner(weights, first, second)
