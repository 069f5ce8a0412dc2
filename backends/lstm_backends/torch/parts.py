"""The step part and the linear part, which add to the head's output: docs/specification.md section 4.

PyTorch differentiates them automatically.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import linear

from lstm_backends.torch.parameters import LinearWeights, StepWeights


@dataclass(frozen=True)
class StepPass:
    """Arguments and results of the step part.

    Attributes:
        features: `[B, Q, F]`, what is known of each target row.
        hidden: `[B, Q, 24]`, its units after relu.
        output: `[B, Q, K·P]`.
    """

    features: Tensor
    hidden: Tensor
    output: Tensor


def step_part(weights: StepWeights, head_input: Tensor, features: Tensor) -> StepPass:
    """Its pass over the head input `[B, R]` and what is known of each target row, `[B, Q, F]`."""
    by_window = linear(head_input, weights.kernel)[:, None]
    hidden = torch.relu(linear(features, weights.features) + by_window + weights.position.t())
    return StepPass(features, hidden, linear(hidden, weights.output))


def linear_part(weights: LinearWeights, inputs: Tensor, horizon: int) -> Tensor:
    """Its output `[B, Q, K]`, from its inputs u, `[B, d]`."""
    return linear(inputs, weights.kernel, weights.bias).view(len(inputs), horizon, -1)
