"""The step part and the linear part, which add to the head's output: docs/specification.md section 4.

TensorFlow differentiates them automatically.
"""

from dataclasses import dataclass

from lstm_backends.tensorflow.devices import tf
from lstm_backends.tensorflow.parameters import LinearWeights, StepWeights


@dataclass(frozen=True)
class StepPass:
    """Arguments and results of the step part.

    Attributes:
        features: `[B, Q, F]`, what is known of each target row.
        hidden: `[B, Q, 24]`, its units after relu.
        output: `[B, Q, K·P]`.
    """

    features: tf.Tensor
    hidden: tf.Tensor
    output: tf.Tensor


def step_part(weights: StepWeights, head_input: tf.Tensor, features: tf.Tensor) -> StepPass:
    """Its pass over the head input `[B, R]` and what is known of each target row, `[B, Q, F]`.

    All products have two dimensions, and the position is one too, so that every gradient is a product; see
    `network.head`.
    """
    batch, horizon, width = features.shape
    by_features = tf.matmul(tf.reshape(features, [-1, width]), weights.features)
    position = tf.matmul(tf.ones_like(head_input[:, :1]), tf.reshape(weights.position, [1, -1]))
    sums = [tf.reshape(part, [batch, horizon, -1]) for part in (by_features, position)]
    hidden = tf.nn.relu(sums[0] + sums[1] + tf.matmul(head_input, weights.kernel)[:, None])
    output = tf.matmul(tf.reshape(hidden, [batch * horizon, -1]), weights.output)
    return StepPass(features, hidden, tf.reshape(output, [batch, horizon, -1]))


def linear_part(weights: LinearWeights, inputs: tf.Tensor, horizon: int) -> tf.Tensor:
    """Its output `[B, Q, K]`, from its inputs u, `[B, d]`."""
    output = tf.matmul(inputs, weights.kernel) + weights.bias
    return tf.reshape(output, [inputs.shape[0], horizon, -1])
