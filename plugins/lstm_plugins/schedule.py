"""The learning rate of every step: docs/specification.md section 7.

Source of the cosine form: Loshchilov and Hutter, "SGDR", ICLR 2017.
"""

import math

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig

GAIN = 1e-4
"""A validation loss is an improvement for the plateau schedule if it is lower by this share."""


def learning_rate(config: ForecasterConfig, step: int, total_steps: int, rate_factor: float = 1.0) -> float:
    """The learning rate of update `step`, from 0, of the `total_steps` of a fit without early stopping.

    `rate_factor` is the factor by which the plateau schedule has lowered the rate.
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
    """The learning rates of `count` consecutive updates."""
    steps = range(first_step, first_step + count)
    return np.array([learning_rate(config, step, total_steps, rate_factor) for step in steps], np.float64)
