"""Clipping and the two optimizers on flat vectors, in place: docs/specification.md section 7.

Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019 (AdamW); Polyak, 1964
(momentum); Pascanu et al., ICML 2013 (clipping by global norm).
"""

import math
from dataclasses import dataclass

import numpy as np

from lstm_backends.numpy.parameters import Layout
from lstm_plugins import Array, ForecasterConfig

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


@dataclass
class Memory:
    """The optimizer's state as flat vectors.

    Attributes:
        first: AdamW's m or SGD's velocity.
        second: AdamW's v; empty for SGD.
        decay: weight decay of each weight.
        scratch: for intermediate results.
        step: number of updates so far, counted by the caller.
    """

    first: Array
    second: Array
    decay: Array
    scratch: Array
    step: int = 0


def new_memory(config: ForecasterConfig, layout: Layout, weights: Array) -> Memory:
    """The state before the first update of these flat weights."""
    second = np.zeros_like(weights if config.optimizer == "adamw" else weights[:0])
    return Memory(np.zeros_like(weights), second, layout.decayed, np.empty_like(weights))


def corrections(step: int) -> tuple[float, float]:
    """AdamW's bias corrections of update `step`, counted from 1: 1 − β1^t and 1 − β2^t."""
    return 1.0 - BETA_1**step, 1.0 - BETA_2**step


def clip(config: ForecasterConfig, gradient: Array) -> tuple[Array, float]:
    """The gradient, clipped in place to the norm config.clip_norm, and its norm before clipping."""
    norm = _norm(gradient)
    if config.clip_norm and math.isfinite(norm):
        factor = config.clip_norm / (norm + NORM_FLOOR)
        if factor < 1.0:
            gradient *= factor
    return gradient, norm


def update(
    config: ForecasterConfig,
    weights: Array,
    gradient: Array,
    memory: Memory,
    learning_rate: float,
    correction: tuple[float, float],
) -> Array:
    """The flat weights after one step; they and the memory change in place, the gradient does not.

    `correction` is the result of `corrections` for this step.
    """
    m, v, scratch = memory.first, memory.second, memory.scratch
    if config.optimizer == "sgd":
        m *= config.momentum
        m += gradient
        np.multiply(m, learning_rate, scratch)
    else:
        m *= BETA_1
        np.multiply(gradient, 1.0 - BETA_1, scratch)
        m += scratch
        v *= BETA_2
        np.multiply(gradient, gradient, scratch)
        scratch *= 1.0 - BETA_2
        v += scratch
        np.multiply(v, 1.0 / correction[1], scratch)
        np.sqrt(scratch, scratch)
        scratch += EPSILON
        np.divide(m, scratch, scratch)
        scratch *= learning_rate / correction[0]
        if config.weight_decay:
            scratch += learning_rate * memory.decay * weights
    weights -= scratch
    return weights


def _norm(gradient: Array) -> float:
    """Euclidean norm; summed in float64 only if the square overflows the vector's own precision."""
    square = float(np.dot(gradient, gradient))
    if not math.isfinite(square):
        square = float(np.sum(np.square(gradient, dtype=np.float64)))
    return math.sqrt(square) if square >= 0 else math.nan
