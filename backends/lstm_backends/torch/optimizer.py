"""Clipping and the two optimizers on flat vectors: docs/specification.md section 7.

Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019 (AdamW); Polyak, 1964
(momentum); Pascanu et al., ICML 2013 (clipping by global norm).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lstm_backends.torch.parameters import Layout
from lstm_plugins import ForecasterConfig

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


@dataclass
class Memory:
    """What the optimizer remembers.

    Attributes:
        first: AdamW's m or SGD's u, flat.
        second: AdamW's v, flat; empty for SGD.
        step: updates done.
    """

    first: Tensor
    second: Tensor
    step: int = 0


def new_memory(config: ForecasterConfig, flat: Tensor) -> Memory:
    """The memory before the first update of these weights."""
    return Memory(torch.zeros_like(flat), torch.zeros_like(flat if config.optimizer == "adamw" else flat[:0]))


def clip_(config: ForecasterConfig, gradient: Tensor) -> Tensor:
    """Scales a flat gradient in place to config.clip_norm; gives its norm before, summed in float64."""
    norm = torch.linalg.vector_norm(gradient, dtype=torch.float64)
    if config.clip_norm:
        gradient.mul_(torch.clamp(config.clip_norm / (norm + NORM_FLOOR), max=1.0))
    return norm


def update_(
    config: ForecasterConfig, layout: Layout, flat: Tensor, gradient: Tensor, memory: Memory, rate: float
) -> None:
    """One step of the config's optimizer, in place on the weights and the memory."""
    memory.step += 1
    if config.optimizer == "sgd":
        memory.first.mul_(config.momentum).add_(gradient)
        flat.add_(memory.first, alpha=-rate)
        return
    memory.first.mul_(BETA_1).add_(gradient, alpha=1.0 - BETA_1)
    memory.second.mul_(BETA_2).addcmul_(gradient, gradient, value=1.0 - BETA_2)
    denominator = memory.second.div(1.0 - BETA_2**memory.step).sqrt_().add_(EPSILON)
    if config.weight_decay:
        flat[: layout.decayed].mul_(1.0 - rate * config.weight_decay)
    flat.addcdiv_(memory.first, denominator, value=-rate / (1.0 - BETA_1**memory.step))
