"""Attention of the final hidden state over the last layer's outputs: docs/specification.md section 4.

Source: Luong et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015 (dot
and general scores), scaled as in Vaswani et al., NeurIPS 2017. TensorFlow differentiates it automatically.
"""

import math
from typing import NamedTuple

from lstm_backends.tensorflow.devices import tf


class Attended(NamedTuple):
    """The results of attention.

    Attributes:
        weights: `[T, B]`, softmax of the scores.
        context: `[B, S·H]`, weighted sum of the outputs.
    """

    weights: tf.Tensor
    context: tf.Tensor


def attend(final_hidden: tf.Tensor, outputs: tf.Tensor, kernel: tf.Tensor | None) -> Attended:
    """Weighs the outputs h_t, `[T, B, S·H]`, by the softmax of s·h_t, or s·A·h_t, over the steps.

    The final hidden state is s, `[B, S·H]`; the kernel is A, or None for dot.
    """
    query = final_hidden if kernel is None else tf.matmul(final_hidden, kernel)
    scores = tf.reduce_sum(query * outputs, axis=2) / math.sqrt(query.shape[1])
    weights = tf.nn.softmax(scores, axis=0)
    return Attended(weights, tf.reduce_sum(weights[:, :, None] * outputs, axis=0))
