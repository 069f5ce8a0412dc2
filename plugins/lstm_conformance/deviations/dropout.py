"""Dropout in training."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.randomness import dropout_mask

deviation = partial(Deviation, level="gradients", applies=when.dropping)
Masks = dict[int, Any]


def _drawn(draw: Callable[..., Masks]) -> Plant:
    """Other masks; `draw` takes the true function, config, epoch, step and windows of the batch."""
    return altered(dropout_masks=draw)


def _masks(change: Callable[[ForecasterConfig, int, Any], Any]) -> Plant:
    """Every mask changed; those that become None are not applied."""

    def draw(true: Any, config: ForecasterConfig, *rest: int) -> Masks:
        changed = {layer: change(config, layer, mask) for layer, mask in true(config, *rest).items()}
        return {layer: mask for layer, mask in changed.items() if mask is not None}

    return _drawn(draw)


def _layers_one_up(true: Any, config: ForecasterConfig, epoch: int, step: int, batch: int) -> Masks:
    wider = replace(config, layers=config.layers + 1)
    masks = {n: dropout_mask(wider, epoch, step, n + 1, batch) for n in range(config.layers - 1)}
    return {**true(config, epoch, step, batch), **masks}


between_layers = when.dropping & when.several_layers

DEVIATIONS = (
    deviation("no dropout in training", "no dropout in training", _masks(lambda *given: None)),
    deviation(
        "dropout not scaled",
        "dropout without the inverse scaling",
        _masks(lambda config, layer, mask: (mask > 0).astype(mask.dtype)),
    ),
    deviation(
        "dropout scaled by 1 − p",
        "dropout scaled by 1 − p instead of its inverse",
        _masks(lambda config, layer, mask: (mask > 0) * (1.0 - config.dropout)),
    ),
    deviation(
        "p for 1 − p",
        "the dropout rate used as the share that is kept",
        _drawn(lambda true, config, *rest: true(replace(config, dropout=1.0 - config.dropout), *rest)),
        applies=when.Condition(lambda probe: probe.config.dropout >= 0.01 and probe.config.dropout != 0.5),
    ),
    deviation(
        "one mask for all steps",
        "one dropout mask for all steps",
        _masks(lambda c, layer, mask: np.broadcast_to(mask[:, :1], mask.shape) if mask.ndim == 3 else mask),
        applies=between_layers & when.several_steps,
    ),
    deviation(
        "one mask for all windows",
        "one dropout mask for all windows of a batch",
        _masks(lambda config, layer, mask: np.broadcast_to(mask[:1], mask.shape)),
        applies=when.dropping & when.several_windows,
    ),
    deviation(
        "no dropout before the head",
        "no dropout before the head",
        _masks(lambda config, layer, mask: None if layer == config.layers else mask),
    ),
    deviation(
        "no dropout between layers",
        "no dropout between layers",
        _masks(lambda config, layer, mask: mask if layer == config.layers else None),
        applies=between_layers,
    ),
    deviation(
        "masks of one step",
        "the first step's dropout masks at every step",
        _drawn(lambda true, config, epoch, step, batch: true(config, epoch, 0, batch)),
    ),
    deviation(
        "masks of one epoch",
        "the first epoch's dropout masks in every epoch",
        _drawn(lambda true, config, epoch, step, batch: true(config, 0, step, batch)),
    ),
    deviation(
        "masks one step late",
        "the previous step's dropout masks",
        _drawn(lambda true, config, epoch, step, batch: true(config, epoch, max(step - 1, 0), batch)),
    ),
    deviation(
        "masks one step early",
        "the next step's dropout masks",
        _drawn(lambda true, config, epoch, step, batch: true(config, epoch, step + 1, batch)),
    ),
    deviation(
        "masks of the next layer",
        "the next layer's dropout masks between layers",
        _drawn(_layers_one_up),
        applies=between_layers,
    ),
    deviation(
        "masks without the seed",
        "the dropout masks of seed 0, whatever the seed",
        _drawn(lambda true, config, *rest: true(replace(config, seed=0), *rest)),
        applies=when.dropping & when.seeded,
    ),
    deviation(
        "dropout not in backward",
        "dropout left out of the backward pass",
        altered(backward=lambda true, *given: true(*given[:-1], {})),
    ),
)
