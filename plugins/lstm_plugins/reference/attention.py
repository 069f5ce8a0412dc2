"""Attention of the final hidden state over all hidden states: docs/specification.md section 4.

Source: Luong et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015
(its dot and general scores).
"""

import math
from dataclasses import dataclass

import numpy as np

from lstm_plugins.weights import Array


@dataclass(frozen=True)
class Attention:
    """The results of attention.

    Attributes:
        query: `[B, S·H]`, s for dot, s·A for general.
        weights: `[B, T]`, softmax of the scores.
        context: `[B, S·H]`, the weighted mean of the outputs.
    """

    query: Array
    weights: Array
    context: Array


@dataclass(frozen=True)
class AttentionDerivatives:
    """Derivatives of the loss: final hidden state `[B, S·H]`, outputs `[B, T, S·H]`, kernel or None."""

    final_hidden: Array
    outputs: Array
    kernel: Array | None


def softmax(scores: Array) -> Array:
    """exp(score) / Σ exp(score) over the last axis."""
    powers: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights: Array = powers / powers.sum(axis=-1, keepdims=True)
    return weights


def attend(final_hidden: Array, outputs: Array, kernel: Array | None) -> Attention:
    """Weighs the outputs h_t, `[B, T, S·H]`, by their similarity to the final hidden state s, `[B, S·H]`.

    The kernel is A for general attention and None for dot.
    """
    query = final_hidden if kernel is None else final_hidden @ kernel
    scores = np.einsum("bh,bth->bt", query, outputs) / math.sqrt(final_hidden.shape[1])
    weights = softmax(scores)
    return Attention(query, weights, np.einsum("bt,bth->bh", weights, outputs))


def attend_backward(
    attention: Attention, final_hidden: Array, outputs: Array, kernel: Array | None, context: Array
) -> AttentionDerivatives:
    """Derivatives by the arguments of `attend`, given the derivative by the context `[B, S·H]`."""
    weights = np.einsum("bh,bth->bt", context, outputs)
    scores = attention.weights * (weights - np.sum(attention.weights * weights, axis=1, keepdims=True))
    scores = scores / math.sqrt(final_hidden.shape[1])
    query = np.einsum("bt,bth->bh", scores, outputs)
    by_outputs = (
        attention.weights[:, :, None] * context[:, None] + scores[:, :, None] * attention.query[:, None]
    )
    if kernel is None:
        return AttentionDerivatives(query, by_outputs, None)
    return AttentionDerivatives(query @ kernel.T, by_outputs, final_hidden.T @ query)
