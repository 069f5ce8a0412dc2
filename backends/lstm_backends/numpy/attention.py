"""Attention of the final hidden state over the last layer's outputs: docs/specification.md section 4.

Source: Luong et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015 (dot
and general scores), scaled as in Vaswani et al., NeurIPS 2017. All arrays have the batch last.
"""

import math
from dataclasses import dataclass

import numpy as np

from lstm_plugins import Array


@dataclass(frozen=True)
class Attended:
    """Arguments and results of attention.

    Attributes:
        final_hidden: s, `[S·H, B]`.
        outputs: h_t, `[T, S·H, B]`.
        query: `[S·H, B]`, s for dot, s·A for general.
        weights: `[T, B]`, softmax of the scores.
        context: `[S·H, B]`, weighted sum of the outputs.
    """

    final_hidden: Array
    outputs: Array
    query: Array
    weights: Array
    context: Array


def attend(final_hidden: Array, outputs: Array, kernel: Array | None) -> Attended:
    """Weighs the outputs h_t, `[T, S·H, B]`, by the softmax of s·h_t, or s·A·h_t, over the steps.

    The final hidden state is s, `[S·H, B]`; the kernel is A, or None for dot.
    """
    query = final_hidden if kernel is None else np.dot(kernel.T, final_hidden)
    weights: Array = np.einsum("sb,tsb->tb", query, outputs)
    weights *= 1.0 / math.sqrt(len(query))
    weights -= weights.max(axis=0)
    np.exp(weights, weights)
    weights /= weights.sum(axis=0)
    return Attended(final_hidden, outputs, query, weights, np.einsum("tb,tsb->sb", weights, outputs))


def attend_backward(
    done: Attended, kernel: Array | None, context: Array, gradient: Array | None
) -> tuple[Array, Array]:
    """Derivatives with respect to the final hidden state `[S·H, B]` and the outputs `[T, S·H, B]`.

    `context` is the derivative with respect to the context, `[S·H, B]`; `gradient` receives that of A.
    """
    weights = done.weights
    scores = np.einsum("sb,tsb->tb", context, done.outputs)
    scores -= np.einsum("tb,tb->b", weights, scores)
    scores *= weights
    scores *= 1.0 / math.sqrt(len(done.final_hidden))
    query = np.einsum("tb,tsb->sb", scores, done.outputs)
    outputs = weights[:, None] * context
    outputs += scores[:, None] * done.query
    if kernel is None or gradient is None:
        return query, outputs
    np.dot(done.final_hidden, query.T, gradient)
    return np.dot(kernel, query), outputs
