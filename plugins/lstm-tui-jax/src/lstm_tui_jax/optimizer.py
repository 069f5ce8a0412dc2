"""Clipping, AdamW and SGD: docs/specification.md section 7."""

import functools
import math

import jax
import jax.numpy as jnp
from lstm_plugins import ForecasterConfig, OptimizerState
from lstm_plugins.weights import is_decayed

from lstm_tui_jax.network import Parameters

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
compiled = functools.partial(jax.jit, static_argnums=0)
Learner = tuple[Parameters, OptimizerState]
jax.tree_util.register_dataclass(OptimizerState)


@compiled
def clip(config: ForecasterConfig, gradients: Parameters) -> tuple[Parameters, jax.Array]:
    """Gradients clipped to the norm config.clip_norm, and their norm before clipping, in float64."""
    norm = jnp.sqrt(sum(jnp.sum(jnp.square(array.astype("float64"))) for array in gradients.values()))
    if not config.clip_norm:
        return gradients, norm
    factor = jnp.minimum(1.0, config.clip_norm / (norm + 1e-6)).astype(config.precision)
    return {name: factor * array for name, array in gradients.items()}, norm


@compiled
def update(config: ForecasterConfig, learner: Learner, gradients: Parameters, rate: jax.Array) -> Learner:
    """One step at a learning rate in float64."""
    weights, step = {**learner[0]}, learner[1].step + 1
    first, second = {**learner[1].first}, {**learner[1].second}
    # 1 − β^t, without the rounding errors of a difference.
    factors = (rate, *(-jnp.expm1(step * math.log(beta)) for beta in (BETA_1, BETA_2)))
    rate, correction_1, correction_2 = (factor.astype(config.precision) for factor in factors)
    for name, gradient in gradients.items():
        if config.optimizer == "sgd":
            change = first[name] = config.momentum * first[name] + gradient
        else:
            first[name] = BETA_1 * first[name] + (1.0 - BETA_1) * gradient
            second[name] = BETA_2 * second[name] + (1.0 - BETA_2) * jnp.square(gradient)
            change = (first[name] / correction_1) / (jnp.sqrt(second[name] / correction_2) + EPSILON)
            if is_decayed(name):
                change += config.weight_decay * weights[name]
        weights[name] = weights[name] - rate * change
    return weights, OptimizerState(step, first, second)
