"""Attention of the final hidden state over the last layer's outputs: docs/specification.md section 4.

Source: Luong et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015 (dot
and general scores), scaled as in Vaswani et al., NeurIPS 2017. PyTorch differentiates it automatically.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import linear


@dataclass(frozen=True)
class Attended:
    """The results of attention.

    Attributes:
        weights: `[T, B]`, softmax of the scores.
        context: `[B, S·H]`, weighted sum of the outputs.
    """

    weights: Tensor
    context: Tensor


def attend(final_hidden: Tensor, outputs: Tensor, kernel: Tensor | None) -> Attended:
    """Weighs the outputs h_t, `[T, B, S·H]`, by the softmax of s·h_t, or s·A·h_t, over the steps.

    The final hidden state is s, `[B, S·H]`; the kernel is A transposed, or None for dot.
    """
    query = final_hidden if kernel is None else linear(final_hidden, kernel)
    scores = (outputs * query).sum(dim=2) / math.sqrt(query.shape[1])
    weights = torch.softmax(scores, dim=0)
    return Attended(weights, (outputs * weights[:, :, None]).sum(dim=0))
