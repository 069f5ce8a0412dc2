"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, Annals of Mathematical Statistics 1964; Koenker and Bassett, "Regression quantiles",
Econometrica 1978 (pinball).
"""

import math

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig


def mean_loss(config: ForecasterConfig, error: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """Mean loss of errors `[B, Q, K, P]`, forecast minus target; only the first `count` windows count."""
    size = tf.abs(error)
    match config.loss:
        case "mse":
            each = error * error
        case "mae":
            each = size
        case "huber":
            each = tf.where(size <= 1.0, 0.5 * error * error, size - 0.5)
        case "quantile":
            quantiles = tf.constant(config.output_quantiles, error.dtype)
            above = tf.where(error > 0.0, (1.0 - quantiles) * error, tf.zeros_like(error))
            each = tf.where(error < 0.0, -quantiles * error, above)
    real = tf.cast(tf.range(each.shape[0]) < count, each.dtype)
    numbers = count * math.prod(each.shape[1:])
    return tf.reduce_sum(each * real[:, None, None, None]) / tf.cast(numbers, each.dtype)


def loss_derivative(config: ForecasterConfig, error: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """The derivative of the mean loss with respect to each error; 0 at error 0, and in the padding."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(error)
        loss = mean_loss(config, error, count)
    return tape.gradient(loss, error)
