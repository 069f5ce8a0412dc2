"""Attention over the last layer's outputs, batch last, and its derivative."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lstm_plugins import Array


@dataclass(frozen=True)
class Attended:
    """What attention computed: query `[S·H, B]`, weights `[T, B]`, context `[S·H, B]`."""

    query: Array
    weights: Array
    context: Array


def attend(final_hidden: Array, outputs: Array, kernel: Array | None) -> Attended:
    """Softmax of s·h_t or s·A·h_t over steps, and the mean of h_t under it.

    Args:
        final_hidden: s, `[S·H, B]`.
        outputs: h_t, `[T, S·H, B]`.
        kernel: A, None for dot.
    """
    query = final_hidden if kernel is None else np.dot(kernel.T, final_hidden)
    scores = _by_step(query, outputs)
    scores -= scores.max(axis=0)
    np.exp(scores, scores)
    scores /= scores.sum(axis=0)
    return Attended(query, scores, np.einsum("tb,tsb->sb", scores, outputs))


def attend_backward(
    attended: Attended,
    final_hidden: Array,
    outputs: Array,
    kernel: Array | None,
    context: Array,
    kernel_gradient: Array | None,
) -> tuple[Array, Array]:
    """Derivatives with respect to the final hidden state `[S·H, B]` and outputs `[T, S·H, B]`.

    Args:
        attended: what `attend` gave.
        final_hidden: its argument.
        outputs: its argument.
        kernel: its argument.
        context: `[S·H, B]`, derivative with respect to the context.
        kernel_gradient: is overwritten with A's gradient; None for dot.
    """
    weights = attended.weights
    scores = np.einsum("sb,tsb->tb", context, outputs)
    scores -= np.einsum("tb,tb->b", weights, scores)
    scores *= weights
    scores *= 1.0 / math.sqrt(len(final_hidden))
    query = np.einsum("tb,tsb->sb", scores, outputs)
    by_outputs = weights[:, None] * context
    by_outputs += scores[:, None] * attended.query
    if kernel is None or kernel_gradient is None:
        return query, by_outputs
    np.dot(final_hidden, query.T, kernel_gradient)
    return np.dot(kernel, query), by_outputs


def _by_step(query: Array, outputs: Array) -> Array:
    scores: Array = np.einsum("sb,tsb->tb", query, outputs)
    scores *= 1.0 / math.sqrt(len(query))
    return scores
