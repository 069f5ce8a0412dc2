"""Clipping and one update: docs/specification.md section 7.

Sources: Pascanu et al., ICML 2013 (clipping by norm); Kingma and Ba, ICLR 2015 (Adam); Loshchilov and
Hutter, ICLR 2019 (AdamW); Polyak, 1964 (momentum).
"""

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import OptimizerState
from lstm_plugins.weights import Weights, is_decayed

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


def global_norm(gradients: Weights) -> float:
    """Euclidean norm over all arrays together."""
    squares = (np.sum(np.square(gradient, dtype=np.float64)) for gradient in gradients.values())
    return float(np.sqrt(sum(squares)))


def clip_factor(config: ForecasterConfig, norm: float) -> float:
    """The factor by which clipping scales gradients: min(1, c / (norm + 1e-6)), or 1 for c = 0."""
    return min(1.0, config.clip_norm / (norm + NORM_FLOOR)) if config.clip_norm else 1.0


def clip(config: ForecasterConfig, gradients: Weights) -> tuple[Weights, float]:
    """Gradients scaled by `clip_factor` and their norm before; c = 0 leaves them unchanged."""
    norm = global_norm(gradients)
    if not config.clip_norm:
        return dict(gradients), norm
    factor = clip_factor(config, norm)
    return {name: factor * gradient for name, gradient in gradients.items()}, norm


def initial_state(config: ForecasterConfig, weights: Weights) -> OptimizerState:
    """The optimizer's state before the first update: zeros."""
    first = {name: np.zeros_like(array) for name, array in weights.items()}
    second = {} if config.optimizer == "sgd" else {name: array.copy() for name, array in first.items()}
    return OptimizerState(0, first, second)


def adamw(
    config: ForecasterConfig, weights: Weights, gradients: Weights, state: OptimizerState, rate: float
) -> tuple[Weights, OptimizerState]:
    """One step of AdamW: the new weights and the new state."""
    step = state.step + 1
    updated: Weights = {}
    first: Weights = {}
    second: Weights = {}
    for name, w in weights.items():
        g = gradients[name]
        m = BETA_1 * state.first[name] + (1.0 - BETA_1) * g
        v = BETA_2 * state.second[name] + (1.0 - BETA_2) * g**2
        corrected_m = m / (1.0 - BETA_1**step)
        corrected_v = v / (1.0 - BETA_2**step)
        decay = config.weight_decay if is_decayed(name) else 0.0
        updated[name] = w - rate * (corrected_m / (np.sqrt(corrected_v) + EPSILON) + decay * w)
        first[name], second[name] = m, v
    return updated, OptimizerState(step, first, second)


def sgd(
    config: ForecasterConfig, weights: Weights, gradients: Weights, state: OptimizerState, rate: float
) -> tuple[Weights, OptimizerState]:
    """One step of stochastic gradient descent with momentum: the new weights and the new state."""
    velocity: Weights = {name: config.momentum * state.first[name] + gradients[name] for name in weights}
    updated: Weights = {name: w - rate * velocity[name] for name, w in weights.items()}
    return updated, OptimizerState(state.step + 1, velocity, {})
