"""Clipping and the two optimizers on flat vectors: docs/specification.md section 7.

Keras' own are not used: its AdamW adds ε before the bias correction and rounds β and the learning rate to
float32. Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019 (AdamW); Polyak,
1964 (momentum); Pascanu et al., ICML 2013 (clipping by global norm).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


class Learner(NamedTuple):
    """All that an update changes, flat: weights, AdamW's m or SGD's velocity, AdamW's v (empty for SGD)."""

    weights: tf.Tensor
    first: tf.Tensor
    second: tf.Tensor


def new_learner(config: ForecasterConfig, weights: tf.Tensor) -> Learner:
    """The learner before its first update."""
    zeros = tf.zeros_like(weights)
    return Learner(weights, zeros, zeros if config.optimizer == "adamw" else zeros[:0])


def corrections(step: int, count: int) -> NDArray[np.float64]:
    """1 − β1^t and 1 − β2^t of `count` updates after `step` of them: `[count, 2]`."""
    updates = range(step + 1, step + count + 1)
    return np.array([(1.0 - BETA_1**update, 1.0 - BETA_2**update) for update in updates], np.float64)


def clip(config: ForecasterConfig, gradient: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The gradient scaled to config.clip_norm, and its norm before, summed in float64."""
    norm = tf.sqrt(tf.reduce_sum(tf.square(tf.cast(gradient, tf.float64))))
    if not config.clip_norm:
        return gradient, norm
    factor = tf.minimum(config.clip_norm / (norm + NORM_FLOOR), 1.0)
    return gradient * tf.cast(factor, config.precision), norm


def update(
    config: ForecasterConfig,
    learner: Learner,
    gradient: tf.Tensor,
    decay: tf.Tensor,
    learning_rate: tf.Tensor,
    correction: tf.Tensor,
) -> Learner:
    """One optimizer step with this very gradient.

    Args:
        config: names the optimizer.
        learner: before.
        gradient: flat.
        decay: decay of each weight, flat.
        learning_rate: scalar in the config's precision.
        correction: `[2]` in the config's precision, a row of `corrections`.
    """
    if config.optimizer == "sgd":
        velocity = config.momentum * learner.first + gradient
        return Learner(learner.weights - learning_rate * velocity, velocity, learner.second)
    first = BETA_1 * learner.first + (1.0 - BETA_1) * gradient
    second = BETA_2 * learner.second + (1.0 - BETA_2) * tf.square(gradient)
    change = (first / correction[0]) / (tf.sqrt(second / correction[1]) + EPSILON)
    if config.weight_decay:
        change += decay * learner.weights
    return Learner(learner.weights - learning_rate * change, first, second)
