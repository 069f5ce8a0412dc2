"""The learning rate of every step, in the plainest form: docs/specification.md section 7."""

import math

from lstm_plugins.config import ForecasterConfig


def learning_rate(config: ForecasterConfig, step: int, total_steps: int, plateau_factor: float) -> float:
    """The learning rate of an update; `step` counts from 0 to `total_steps` over all epochs.

    `plateau_factor` has a factor of 0.5 for each time that the plateau schedule has halved the rate.
    """
    base = config.learning_rate
    if config.schedule == "plateau":
        return base * plateau_factor
    if config.schedule == "cosine":
        if step < config.warmup:
            return base * (step + 1) / config.warmup
        share = (step + 1 - config.warmup) / (total_steps - config.warmup)
        return base * 0.5 * (1.0 + math.cos(math.pi * share))
    return base
