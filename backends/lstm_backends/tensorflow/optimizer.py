"""Clipping and the two optimizers on flat vectors: docs/specification.md section 7.

Keras' own are not used: its AdamW adds ε before the bias correction and rounds β and the learning rate to
float32. Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019 (AdamW); Polyak,
1964 (momentum); Pascanu et al., ICML 2013 (clipping by global norm).
"""

from dataclasses import dataclass

from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.parameters import Layout
from lstm_plugins import ForecasterConfig

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


@dataclass
class Memory:
    """The optimizer's state as flat vectors.

    Attributes:
        first: AdamW's m or SGD's velocity.
        second: AdamW's v; empty for SGD.
        decay: weight decay of each weight.
        step: number of updates so far, counted by the caller.
    """

    first: tf.Tensor
    second: tf.Tensor
    decay: tf.Tensor
    step: int = 0


def new_memory(config: ForecasterConfig, layout: Layout, weights: tf.Tensor) -> Memory:
    """The state before the first update of these flat weights."""
    second = tf.zeros_like(weights if config.optimizer == "adamw" else weights[:0])
    return Memory(tf.zeros_like(weights), second, tf.constant(layout.decayed))


def corrections(step: int) -> tuple[float, float]:
    """AdamW's bias corrections of update `step`, counted from 1: 1 − β1^t and 1 − β2^t."""
    return 1.0 - BETA_1**step, 1.0 - BETA_2**step


def clip(config: ForecasterConfig, gradient: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The gradient, clipped to the norm config.clip_norm, and its norm before clipping, in float64."""
    norm = tf.sqrt(tf.reduce_sum(tf.square(tf.cast(gradient, tf.float64))))
    if not config.clip_norm:
        return gradient, norm
    factor = tf.minimum(config.clip_norm / (norm + NORM_FLOOR), 1.0)
    return gradient * tf.cast(factor, config.precision), norm


def update(
    config: ForecasterConfig,
    weights: tf.Tensor,
    gradient: tf.Tensor,
    memory: Memory,
    learning_rate: tf.Tensor,
    correction: tf.Tensor,
) -> tf.Tensor:
    """The flat weights after one step; the vectors of the memory are replaced.

    `correction` is the result of `corrections` for this step; like the learning rate, it is in the config's
    precision.
    """
    if config.optimizer == "sgd":
        memory.first = config.momentum * memory.first + gradient
        return weights - learning_rate * memory.first
    memory.first = BETA_1 * memory.first + (1.0 - BETA_1) * gradient
    memory.second = BETA_2 * memory.second + (1.0 - BETA_2) * tf.square(gradient)
    change = (memory.first / correction[0]) / (tf.sqrt(memory.second / correction[1]) + EPSILON)
    if config.weight_decay:
        change += memory.decay * weights
    return weights - learning_rate * change
