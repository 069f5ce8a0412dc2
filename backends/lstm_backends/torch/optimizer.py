"""Clipping and the two optimizers on flat vectors, in place: docs/specification.md section 7.

Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019 (AdamW); Polyak, 1964
(momentum); Pascanu et al., ICML 2013 (clipping by global norm).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from lstm_backends.torch.parameters import Layout
from lstm_plugins import ForecasterConfig

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


@dataclass
class Memory:
    """The optimizer's state as flat vectors.

    Attributes:
        first: AdamW's m or SGD's velocity.
        second: AdamW's v; empty for SGD.
        decay: number of weights, from the first one on, that decay.
        step: number of updates so far, counted by the caller.
    """

    first: Tensor
    second: Tensor
    decay: int
    step: int = 0


def new_memory(config: ForecasterConfig, layout: Layout, weights: Tensor) -> Memory:
    """The state before the first update of these flat weights."""
    second = torch.zeros_like(weights if config.optimizer == "adamw" else weights[:0])
    return Memory(torch.zeros_like(weights), second, layout.decayed)


def corrections(step: int) -> tuple[float, float]:
    """AdamW's bias corrections of update `step`, counted from 1: 1 − β1^t and 1 − β2^t."""
    return 1.0 - BETA_1**step, 1.0 - BETA_2**step


def clip(config: ForecasterConfig, gradient: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient, clipped in place to the norm config.clip_norm, and its norm before, in float64."""
    norm = torch.linalg.vector_norm(gradient, dtype=torch.float64)
    if config.clip_norm:
        gradient.mul_(torch.clamp(config.clip_norm / (norm + NORM_FLOOR), max=1.0))
    return gradient, norm


def update(
    config: ForecasterConfig,
    weights: Tensor,
    gradient: Tensor,
    memory: Memory,
    learning_rate: float,
    correction: tuple[float, float],
) -> Tensor:
    """The flat weights after one step; they and the memory change in place, the gradient does not.

    `correction` is the result of `corrections` for this step.
    """
    m, v = memory.first, memory.second
    if config.optimizer == "sgd":
        m.mul_(config.momentum).add_(gradient)
        return weights.add_(m, alpha=-learning_rate)
    m.mul_(BETA_1).add_(gradient, alpha=1.0 - BETA_1)
    v.mul_(BETA_2).addcmul_(gradient, gradient, value=1.0 - BETA_2)
    denominator = v.div(correction[1]).sqrt_().add_(EPSILON)
    if config.weight_decay:
        weights[: memory.decay].mul_(1.0 - learning_rate * config.weight_decay)
    return weights.addcdiv_(m, denominator, value=-learning_rate / correction[0])
