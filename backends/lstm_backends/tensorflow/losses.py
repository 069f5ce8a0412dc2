"""The four losses and their derivatives: docs/specification.md section 7.

Sources: Huber, Annals of Mathematical Statistics 1964; Koenker and Bassett, "Regression quantiles",
Econometrica 1978 (pinball).
"""

import math

from lstm_backends.tensorflow.devices import tf
from lstm_plugins import ForecasterConfig


def mean_loss(config: ForecasterConfig, error: tf.Tensor, observed: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """Mean loss of the observed errors `[B, Q, K, P]`, forecast minus target; 0 of none.

    `observed` is `[B, Q, K]`. Only the first `count` windows count.
    """
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
    # Mask and padding are separate factors: joined, XLA sums complete windows in another order.
    real = tf.cast(tf.range(each.shape[0]) < count, each.dtype)
    each = each * tf.cast(observed, each.dtype)[..., None] * real[:, None, None, None]
    numbers = tf.maximum(_observed_values(observed, count) * each.shape[3], 1)
    return tf.reduce_sum(each) / tf.cast(numbers, each.dtype)


def loss_derivative(
    config: ForecasterConfig, error: tf.Tensor, observed: tf.Tensor, count: tf.Tensor
) -> tf.Tensor:
    """The derivative of the mean loss with respect to each error.

    It is 0 at error 0, where the target was not observed, and in the padding.
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(error)
        loss = mean_loss(config, error, observed, count)
    return tape.gradient(loss, error)


def weight(error: tf.Tensor, observed: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """What the mean loss of the first `count` windows weighs among others: `count` if all was observed."""
    return _observed_values(observed, count) / math.prod(observed.shape[1:])


def _observed_values(observed: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """How many target values of the first `count` windows were observed."""
    real = tf.range(observed.shape[0]) < count
    return tf.reduce_sum(tf.cast(observed & real[:, None, None], tf.int32))
