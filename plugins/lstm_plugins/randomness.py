"""All random numbers of a fit, as pure functions of seed, epoch, step, layer and purpose.

docs/specification.md section 6. There is no hidden state, so a resumed fit draws the same numbers as an
uninterrupted one, and all backends draw the same numbers.

Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.config import ForecasterConfig

WEIGHTS, ORDER, DROPOUT = 0, 1, 2


def bit_generator(
    seed: int, purpose: int, *, epoch: int = 0, step: int = 0, layer: int = 0
) -> np.random.Philox:
    """The counter-based generator for one purpose at one point of a fit."""
    return np.random.Philox(
        key=np.array([seed, epoch], np.uint64), counter=np.array([0, step, layer, purpose], np.uint64)
    )


def epoch_order(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """The order of an epoch's `count` training windows: a permutation of 0 … count − 1."""
    generator = np.random.Generator(bit_generator(seed, ORDER, epoch=epoch))
    return generator.permutation(count).astype(np.int64, copy=False)


def in_epoch(order: NDArray[np.int64], config: ForecasterConfig) -> NDArray[np.int64]:
    """The first `windows_per_epoch` windows of an epoch's order; all of them if that is 0."""
    return order[: config.windows_per_epoch or None]


def dropout_mask(
    config: ForecasterConfig, epoch: int, step: int, layer: int, batch: int
) -> NDArray[np.float64]:
    """The inverted-dropout factors of a layer's outputs (layer 0 … L − 2) or of the head input (layer L).

    Returns:
        `[batch, T, S·H]`, or `[batch, R]` for the head input: 0 for dropped values, else 65536 / (65536 − t).
    """
    shape = (
        (batch, config.head_input_width)
        if layer == config.layers
        else (batch, config.steps, config.hidden_width)
    )
    count = int(np.prod(shape))
    threshold = round(65536 * config.dropout)
    raw = bit_generator(config.seed, DROPOUT, epoch=epoch, step=step, layer=layer).random_raw(
        (count + 3) // 4
    )
    words = raw.astype("<u8").view("<u2")[:count].reshape(shape)
    return np.where(words >= threshold, 65536 / (65536 - threshold), 0.0)


def dropout_masks(
    config: ForecasterConfig, epoch: int, step: int, batch: int
) -> dict[int, NDArray[np.float64]]:
    """All masks of a training step by layer; empty without dropout."""
    if not config.dropout:
        return {}
    return {layer: dropout_mask(config, epoch, step, layer, batch) for layer in masked_layers(config)}


def masked_layers(config: ForecasterConfig) -> Iterator[int]:
    """Layers whose outputs are masked in training: those below another layer, and L for the head input."""
    yield from range(config.layers - 1)
    yield config.layers
