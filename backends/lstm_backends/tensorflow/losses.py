"""The four losses: docs/specification.md section 7.

Each derivative at error 0 is 0, by the form in which the loss is written.
"""

from __future__ import annotations

import math

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig


def mean_loss(
    config: ForecasterConfig, prediction: tf.Tensor, targets: tf.Tensor, count: tf.Tensor
) -> tf.Tensor:
    """Mean loss of the first `count` windows of a batch.

    Args:
        config: names the loss.
        prediction: `[B, Q, K, P]`.
        targets: `[B, Q, K]`.
        count: windows that are no padding.
    """
    losses = _losses(config, prediction, targets)
    real = tf.cast(tf.range(losses.shape[0]) < count, losses.dtype)
    numbers = count * math.prod(losses.shape[1:])
    return tf.reduce_sum(losses * real[:, None, None, None]) / tf.cast(numbers, losses.dtype)


def _losses(config: ForecasterConfig, prediction: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    error = targets[..., None] - prediction
    size = tf.abs(error)
    if config.loss == "mse":
        return error * error
    if config.loss == "mae":
        return size
    if config.loss == "huber":
        return tf.where(size <= 1.0, 0.5 * error * error, size - 0.5)
    quantiles = tf.constant(config.output_quantiles, error.dtype)
    below = tf.where(error < 0.0, (quantiles - 1.0) * error, tf.zeros_like(error))
    return tf.where(error > 0.0, quantiles * error, below)
