"""The learning rate of every step: docs/specification.md section 7.

Source of the cosine form: Loshchilov and Hutter, "SGDR", ICLR 2017.
"""

import math

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig

GAIN = 1e-4
"""A validation loss counts as better for the plateau schedule when it is lower by this share."""


def learning_rate(config: ForecasterConfig, step: int, total_steps: int, rate_factor: float = 1.0) -> float:
    """Rate of update `step`, counted from 0 over all epochs, of `total_steps`.

    Args:
        config: gives schedule, warm-up and base rate.
        step: updates before this one.
        total_steps: updates of the whole fit, when no early stopping ends it.
        rate_factor: what the plateau schedule has made of the base rate.
    """
    if config.schedule == "constant":
        return config.learning_rate
    if config.schedule == "plateau":
        return config.learning_rate * rate_factor
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    done = (step + 1 - config.warmup) / max(total_steps - config.warmup, 1)
    return config.learning_rate * 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))


def learning_rates(
    config: ForecasterConfig, first_step: int, count: int, total_steps: int, rate_factor: float = 1.0
) -> NDArray[np.float64]:
    """Rates of `count` consecutive updates."""
    steps = range(first_step, first_step + count)
    return np.array([learning_rate(config, step, total_steps, rate_factor) for step in steps], np.float64)
