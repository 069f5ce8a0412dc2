"""The step part and the linear part, which add to the head's output: docs/specification.md section 4."""

from dataclasses import dataclass

import numpy as np

from lstm_backends.numpy.parameters import LinearWeights, StepWeights
from lstm_plugins import Array


@dataclass(frozen=True)
class StepPass:
    """Arguments and results of the step part.

    Attributes:
        features: `[B, Q, F]`, what is known of each target row.
        hidden: `[B, Q, 24]`, its units after relu.
        output: `[B, Q, K·P]`.
    """

    features: Array
    hidden: Array
    output: Array


def step_part(weights: StepWeights, head_input: Array, features: Array) -> StepPass:
    """Its pass over the head input `[R, B]` and what is known of each target row, `[B, Q, F]`."""
    batch, horizon, _ = features.shape
    hidden = np.dot(_rows(features), weights.features).reshape(batch, horizon, -1)
    hidden += np.dot(head_input.T, weights.kernel)[:, None]
    hidden += weights.position
    np.maximum(hidden, 0.0, out=hidden)
    return StepPass(features, hidden, np.dot(_rows(hidden), weights.output).reshape(batch, horizon, -1))


def step_part_backward(
    weights: StepWeights, head_input: Array, done: StepPass, output: Array, gradients: StepWeights
) -> Array:
    """The derivative with respect to the head input, `[R, B]`; `gradients` receives those of the weights.

    `output` is the derivative with respect to the output, `[B, Q, K·P]`. That of relu at 0 is 0.
    """
    by_output = _rows(output)
    np.dot(_rows(done.hidden).T, by_output, gradients.output)
    by_hidden = np.dot(by_output, weights.output.T).reshape(done.hidden.shape)
    by_hidden *= done.hidden > 0.0
    np.sum(by_hidden, axis=0, out=gradients.position)
    np.dot(_rows(done.features).T, _rows(by_hidden), gradients.features)
    by_window = by_hidden.sum(axis=1)
    np.dot(head_input, by_window, gradients.kernel)
    head_input_derivative: Array = np.dot(weights.kernel, by_window.T)
    return head_input_derivative


def linear_part(weights: LinearWeights, inputs: Array, horizon: int) -> Array:
    """Its output `[B, Q, K]`, from its inputs u, `[B, d]`."""
    output: Array = np.dot(inputs, weights.kernel)
    output += weights.bias
    return output.reshape(len(inputs), horizon, -1)


def _rows(sequence: Array) -> Array:
    """`[B, Q, W]` as `[B·Q, W]`."""
    return sequence.reshape(-1, sequence.shape[2])
