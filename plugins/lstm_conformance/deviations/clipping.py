"""Clipping of gradients that are given."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.conditions import clipping, stepping
from lstm_conformance.deviations.deviation import Deviation, Plant, altered
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.optimizer import NORM_FLOOR, global_norm
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="clipping", applies=clipping)


def _each(change: Callable[[float, float, Array], Array]) -> Plant:
    """Every array changed, from the norm allowed, the global norm and the array."""

    def clip(true: Any, config: ForecasterConfig, gradients: Weights) -> tuple[Weights, float]:
        norm = global_norm(gradients)
        return {n: change(config.clip_norm, norm, array) for n, array in gradients.items()}, norm

    return altered(clip=clip)


def _norm_of(norm: Callable[[Weights], float], floor: float = NORM_FLOOR) -> Plant:
    def clip(true: Any, config: ForecasterConfig, gradients: Weights) -> tuple[Weights, float]:
        found = norm(gradients)
        factor = min(1.0, config.clip_norm / (found + floor)) if found + floor else 1.0
        return {name: factor * array for name, array in gradients.items()}, found

    return altered(clip=clip)


def _norm_after(true: Any, config: ForecasterConfig, gradients: Weights) -> tuple[Weights, float]:
    clipped, _ = true(config, gradients)
    return clipped, global_norm(clipped)


def _without(part: str) -> Callable[[Weights], float]:
    return lambda gradients: global_norm({n: a for n, a in gradients.items() if part not in n})


DEVIATIONS = (
    deviation("clip by value", "clipping by value", _each(lambda c, norm, array: np.clip(array, -c, c))),
    deviation(
        "clip per tensor",
        "every array clipped by its own norm",
        _each(lambda c, norm, array: min(1.0, c / (global_norm({"": array}) + NORM_FLOOR)) * array),
    ),
    deviation("norm without the head", "a norm without the head", _norm_of(_without("head"))),
    deviation(
        "norm without the step part",
        "a norm without the step part",
        _norm_of(_without("step.")),
        applies=clipping & stepping,
    ),
    deviation("norm without biases", "a norm without the biases", _norm_of(_without("bias"))),
    deviation(
        "norm not rooted", "the squared norm instead of the norm", _norm_of(lambda g: global_norm(g) ** 2)
    ),
    deviation(
        "largest norm",
        "the largest norm of an array instead of the global norm",
        _norm_of(lambda g: max(global_norm({n: a}) for n, a in g.items())),
    ),
    deviation("no 1e-6", "no 1e-6 added to the norm", _norm_of(global_norm, 0.0)),
    deviation(
        "always scaled",
        "small gradients scaled up to the allowed norm",
        _each(lambda c, norm, array: c / (norm + NORM_FLOOR) * array),
    ),
    deviation("never clipped", "no clipping", _each(lambda c, norm, array: array)),
    deviation("norm after clipping", "the norm reported after clipping", altered(clip=_norm_after)),
)
