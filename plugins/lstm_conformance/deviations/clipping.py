"""Clipping of gradients that are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.optimizer import NORM_FLOOR, global_norm
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Weights

deviation = partial(Deviation, level="clipping")
Clipped = tuple[Weights, float]


def _clip(clip: Callable[[ForecasterConfig, Weights], Clipped]) -> Plant:
    return steps(lambda before: {"clip": clip})


def _by_value(config: ForecasterConfig, gradients: Weights) -> Clipped:
    c = config.clip_norm
    return {name: np.clip(array, -c, c) for name, array in gradients.items()}, global_norm(gradients)


def _by_tensor(config: ForecasterConfig, gradients: Weights) -> Clipped:
    clipped = {}
    for name, array in gradients.items():
        clipped[name] = min(1.0, config.clip_norm / (global_norm({name: array}) + NORM_FLOOR)) * array
    return clipped, global_norm(gradients)


def _norm_of(norm: Callable[[Weights], float], floor: float = NORM_FLOOR) -> Plant:
    def clip(config: ForecasterConfig, gradients: Weights) -> Clipped:
        found = norm(gradients)
        factor = min(1.0, config.clip_norm / (found + floor)) if found + floor else 1.0
        return {name: factor * array for name, array in gradients.items()}, found

    return _clip(clip)


def _always(config: ForecasterConfig, gradients: Weights) -> Clipped:
    norm = global_norm(gradients)
    return {n: config.clip_norm / (norm + NORM_FLOOR) * array for n, array in gradients.items()}, norm


def _never(config: ForecasterConfig, gradients: Weights) -> Clipped:
    return dict(gradients), global_norm(gradients)


def _norm_after(before: Steps) -> Mapping[str, Any]:
    def clip(config: ForecasterConfig, gradients: Weights) -> Clipped:
        clipped, _ = before.clip(config, gradients)
        return clipped, global_norm(clipped)

    return {"clip": clip}


def clipping(probe: Probe) -> bool:
    """With clipping."""
    return probe.config.clip_norm > 0


def _without(part: str) -> Callable[[Weights], float]:
    return lambda gradients: global_norm({n: a for n, a in gradients.items() if part not in n})


DEVIATIONS = (
    deviation("clip by value", "clipping by value", _clip(_by_value), clipping),
    deviation("clip per tensor", "clipping of every array by its own norm", _clip(_by_tensor), clipping),
    deviation("norm without the head", "a norm without the head", _norm_of(_without("head")), clipping),
    deviation("norm without biases", "a norm without the biases", _norm_of(_without("bias")), clipping),
    deviation(
        "norm not rooted", "the squared norm for the norm", _norm_of(lambda g: global_norm(g) ** 2), clipping
    ),
    deviation(
        "largest norm",
        "the largest norm of an array for the global one",
        _norm_of(lambda g: max(global_norm({n: a}) for n, a in g.items())),
        clipping,
    ),
    deviation("no 1e-6", "no 1e-6 added to the norm", _norm_of(global_norm, 0.0), clipping),
    deviation("always scaled", "gradients scaled up to the norm too", _clip(_always), clipping),
    deviation("never clipped", "no clipping", _clip(_never), clipping),
    deviation("norm after clipping", "the norm after clipping reported", steps(_norm_after), clipping),
)
