"""Attention, forward and backward."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, altered, variants_of, weights_taken_for
from lstm_conformance.deviations.layers import joined_backward_first, outputs_not_put_back
from lstm_plugins.reference.attention import Attention, AttentionDerivatives
from lstm_plugins.weights import Array, Weights

Over = Literal["steps", "batch", "one", "all"]


@dataclass(frozen=True)
class Attending:
    """Attention; each field is something that real ports get wrong in it.

    Attributes:
        scale: what scores are divided by, from the width S·H and the number of steps T.
        over: softmax over the steps, the windows of the batch, an axis of length one (all weights 1), or
            the whole batch at once.
        query: step whose output asks, None for the final hidden state.
        without_last: the last step is left out.
        uniform: every weight 1/T.
        scale_backward: scores' derivatives are divided by the scale too.
        through_query: the derivative flows through the query.
        through_weights: the derivative flows through the scores at all.
        centered: the softmax's derivative has its second term.
    """

    scale: Callable[[int, int], float] = lambda width, time: math.sqrt(width)
    over: Over = "steps"
    query: int | None = None
    without_last: bool = False
    uniform: bool = False
    scale_backward: bool = True
    through_query: bool = True
    through_weights: bool = True
    centered: bool = True

    def attend(self, final_hidden: Array, outputs: Array, kernel: Array | None) -> Attention:
        """See `reference.attention.attend`."""
        source = final_hidden if self.query is None else outputs[:, self.query]
        query = source if kernel is None else source @ kernel
        scores = np.einsum("bh,bth->bt", query, outputs) / self.scale(*outputs.shape[:0:-1])
        if self.without_last:
            scores[:, -1] = -np.inf
        weights = self._weights(scores)
        return Attention(query, weights, np.einsum("bt,bth->bh", weights, outputs))

    def backward(
        self, attention: Attention, final_hidden: Array, outputs: Array, kernel: Array | None, context: Array
    ) -> AttentionDerivatives:
        """See `reference.attention.attend_backward`."""
        weights = np.einsum("bh,bth->bt", context, outputs)
        scores = self._scores_derivative(attention.weights, weights)
        if self.scale_backward:
            scores = scores / self.scale(*outputs.shape[:0:-1])
        query = np.einsum("bt,bth->bh", scores, outputs)
        by_outputs = attention.weights[:, :, None] * context[:, None] + (
            scores[:, :, None] * attention.query[:, None]
        )
        source = final_hidden if self.query is None else outputs[:, self.query]
        by_kernel = None if kernel is None else source.T @ query
        by_source = query if kernel is None else query @ kernel.T
        if not self.through_query:
            by_source = np.zeros_like(by_source)
        if self.query is None:
            return AttentionDerivatives(by_source, by_outputs, by_kernel)
        by_outputs[:, self.query] += by_source
        return AttentionDerivatives(np.zeros_like(final_hidden), by_outputs, by_kernel)

    def _weights(self, scores: Array) -> Array:
        if self.over == "one" or self.uniform:
            share = 1.0 if self.over == "one" else 1.0 / scores.shape[1]
            return np.full_like(scores, share)
        axis = {"steps": 1, "batch": 0, "all": None}[self.over]
        powers: Array = np.exp(scores - scores.max(axis=axis, keepdims=True))
        return np.asarray(powers / powers.sum(axis=axis, keepdims=True), scores.dtype)

    def _scores_derivative(self, weights: Array, by_weights: Array) -> Array:
        if self.over == "one" or self.uniform or not self.through_weights:
            return np.zeros_like(weights)
        axis = {"steps": 1, "batch": 0, "all": None}[self.over]
        mean = np.sum(weights * by_weights, axis=axis, keepdims=True)
        return np.asarray(weights * (by_weights - mean if self.centered else by_weights))


_attending = variants_of(Attending(), attend="attend", attend_backward="backward")


def _transposed(weights: Weights, config: Any) -> Weights:
    return {name: array.T if name == "attention.kernel" else array for name, array in weights.items()}


several = when.attentive & when.several_steps
one_layer_two_directions = when.bidirectional & when.one_layer

deviation = partial(Deviation, level="attention")
attended = partial(deviation, applies=several)
backward = partial(Deviation, level="derivatives", applies=several)

DEVIATIONS = (
    deviation("softmax over the batch", "softmax over the batch", _attending(over="batch"), when.attentive),
    attended(
        "softmax over one",
        "softmax over an axis of length one, so that all attention weights are 1",
        _attending(over="one"),
    ),
    deviation(
        "softmax over all", "softmax over batch and steps together", _attending(over="all"), when.attentive
    ),
    attended("uniform attention", "attention weights of 1/T", _attending(uniform=True)),
    attended(
        "scores not scaled",
        "attention scores not divided by √(S·H)",
        _attending(scale=lambda width, time: 1.0),
    ),
    attended(
        "scores by the width",
        "attention scores divided by S·H instead of its root",
        _attending(scale=lambda width, time: float(width)),
    ),
    deviation(
        "scores by √T",
        "attention scores divided by √T",
        _attending(scale=lambda width, time: math.sqrt(time)),
        several & when.Condition(lambda probe: probe.config.steps != probe.config.hidden_width),
    ),
    deviation(
        "scores by √H",
        "attention scores divided by √H, without the directions",
        _attending(scale=lambda width, time: math.sqrt(width / 2)),
        several & when.bidirectional,
    ),
    attended("query from the first step", "a query from the first step", _attending(query=0)),
    deviation(
        "query from the last step",
        "a query from the outputs at the last step instead of both final states",
        _attending(query=-1),
        several & when.bidirectional,
    ),
    attended(
        "last step not attended to", "attention to all steps but the last", _attending(without_last=True)
    ),
    deviation(
        "attention kernel transposed",
        "the attention kernel transposed",
        weights_taken_for(_transposed, _transposed),
        when.general_attention & when.several_steps,
    ),
    deviation(
        "context after final hidden state",
        "the context after the final hidden state",
        altered(
            join_head_input=lambda true, context, final_hidden: true(final_hidden, context),
            split_head_input=lambda true, head_input: true(head_input)[::-1],
        ),
        when.attentive,
    ),
    deviation(
        "outputs attended to in reverse",
        "outputs of the backward direction not put back in time order before attention",
        outputs_not_put_back,
        several & one_layer_two_directions,
    ),
    deviation(
        "states joined backward first",
        "the backward direction joined before the forward one",
        joined_backward_first,
        one_layer_two_directions,
    ),
    backward(
        "no derivative through the query",
        "no derivative through the query of attention",
        _attending(through_query=False),
    ),
    backward(
        "no derivative through the scores",
        "no derivative through the scores of attention",
        _attending(through_weights=False),
    ),
    backward(
        "softmax slope without its mean",
        "w·dw instead of w·(dw − Σ w·dw) in the derivative of softmax",
        _attending(centered=False),
    ),
    backward(
        "score derivatives not scaled",
        "derivatives of the attention scores not divided by √(S·H)",
        _attending(scale_backward=False),
    ),
)
