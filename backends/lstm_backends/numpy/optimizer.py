"""Clipping, AdamW and SGD over one flat vector, in place."""

from __future__ import annotations

import math

import numpy as np

from lstm_backends.numpy.parameters import ParameterLayout
from lstm_plugins import Array, ForecasterConfig, OptimizerState

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NORM_FLOOR = 1e-6


def norm(gradient: Array) -> float:
    """Euclidean norm; summed in float64 only where the square overflows the vector's own precision."""
    square = float(np.dot(gradient, gradient))
    if not math.isfinite(square):
        square = float(np.sum(np.square(gradient, dtype=np.float64)))
    return math.sqrt(square) if square >= 0 else math.nan


def clip(config: ForecasterConfig, gradient: Array) -> float:
    """Scales the gradient in place to config.clip_norm and gives its norm before."""
    before = norm(gradient)
    if config.clip_norm and math.isfinite(before):
        factor = config.clip_norm / (before + NORM_FLOOR)
        if factor < 1.0:
            gradient *= factor
    return before


class FlatOptimizer:
    """The optimizer's memory and its step.

    Attributes:
        step: updates done.
        first: AdamW's m or SGD's velocity.
        second: AdamW's v; empty for SGD.
    """

    def __init__(self, config: ForecasterConfig, layout: ParameterLayout) -> None:
        self._config, self._layout = config, layout
        self.step = 0
        self.first: Array = np.zeros(layout.size, config.precision)
        self.second: Array = np.zeros(0 if config.optimizer == "sgd" else layout.size, config.precision)
        self._scratch: Array = np.empty(layout.size, config.precision)
        self._decay: Array = config.weight_decay * layout.decayed()

    def update(self, weights: Array, gradient: Array, rate: float) -> None:
        """One step; `weights` is changed in place, `gradient` is not."""
        self.step += 1
        if self._config.optimizer == "sgd":
            self._sgd(weights, gradient, rate)
        else:
            self._adamw(weights, gradient, rate)

    def _sgd(self, weights: Array, gradient: Array, rate: float) -> None:
        self.first *= self._config.momentum
        self.first += gradient
        np.multiply(self.first, rate, self._scratch)
        weights -= self._scratch

    def _adamw(self, weights: Array, gradient: Array, rate: float) -> None:
        scratch, m, v = self._scratch, self.first, self.second
        m *= BETA_1
        np.multiply(gradient, 1.0 - BETA_1, scratch)
        m += scratch
        v *= BETA_2
        np.multiply(gradient, gradient, scratch)
        scratch *= 1.0 - BETA_2
        v += scratch
        np.multiply(v, 1.0 / (1.0 - BETA_2**self.step), scratch)
        np.sqrt(scratch, scratch)
        scratch += EPSILON
        np.divide(m, scratch, scratch)
        scratch *= rate / (1.0 - BETA_1**self.step)
        if self._config.weight_decay:
            scratch += rate * self._decay * weights
        weights -= scratch

    def state(self) -> OptimizerState:
        """The memory by canonical arrays, as copies."""
        second = self._layout.unpack(self.second) if len(self.second) else {}
        return OptimizerState(self.step, self._layout.unpack(self.first), second)

    def load(self, state: OptimizerState) -> None:
        """Replaces the memory."""
        self.step = state.step
        self.first = self._layout.pack(state.first)
        if len(self.second):
            self.second = self._layout.pack(state.second)
