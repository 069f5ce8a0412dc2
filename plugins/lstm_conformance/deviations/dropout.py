"""Dropout in training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.randomness import dropout_mask
from lstm_plugins.reference.network import ForwardPass
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gradients")
Masks = dict[int, Any]


def _drawn(draw: Callable[..., Masks]) -> Plant:
    """Other masks; `draw` gets the true function, config, epoch, step and windows of the batch."""
    return steps(lambda before: {"dropout_masks": lambda *given: draw(before.dropout_masks, *given)})


def _masks(alter: Callable[[ForecasterConfig, int, Any], Any]) -> Plant:
    """Every mask altered; those that become None are not applied."""

    def draw(true: Any, config: ForecasterConfig, *rest: int) -> Masks:
        altered = {layer: alter(config, layer, mask) for layer, mask in true(config, *rest).items()}
        return {layer: mask for layer, mask in altered.items() if mask is not None}

    return _drawn(draw)


def _shared_over_steps(config: ForecasterConfig, layer: int, mask: Any) -> Any:
    return np.broadcast_to(mask[:, :1], mask.shape) if mask.ndim == 3 else mask


def _layers_one_up(true: Any, config: ForecasterConfig, epoch: int, step: int, batch: int) -> Masks:
    wider = replace(config, layers=config.layers + 1)
    masks = {n: dropout_mask(wider, epoch, step, n + 1, batch) for n in range(config.layers - 1)}
    return {**true(config, epoch, step, batch), **masks}


def _not_backward(before: Steps) -> Mapping[str, Any]:
    def backward(
        steps: Steps, config: ForecasterConfig, weights: Weights, done: ForwardPass, output: Array, masks: Any
    ) -> Any:
        return before.backward(steps, config, weights, done, output, {})

    return {"backward": backward}


def dropping(probe: Probe) -> bool:
    """With dropout."""
    return probe.config.dropout > 0


def _between_layers(probe: Probe) -> bool:
    return dropping(probe) and probe.config.layers > 1


def _several_windows(probe: Probe) -> bool:
    return dropping(probe) and probe.config.batch_size > 1


DEVIATIONS = (
    deviation("no dropout in training", "no dropout in training", _masks(lambda *given: None), dropping),
    deviation(
        "dropout not scaled",
        "dropout without the inverse scaling",
        _masks(lambda config, layer, mask: (mask > 0).astype(mask.dtype)),
        dropping,
    ),
    deviation(
        "dropout scaled by 1 − p",
        "dropout scaled by 1 − p, not by its inverse",
        _masks(lambda config, layer, mask: (mask > 0) * (1.0 - config.dropout)),
        dropping,
    ),
    deviation(
        "p for 1 − p",
        "the dropout rate taken for the share that is kept",
        _drawn(lambda true, config, *rest: true(replace(config, dropout=1.0 - config.dropout), *rest)),
        lambda probe: dropping(probe) and probe.config.dropout != 0.5 and probe.config.dropout >= 0.01,
    ),
    deviation(
        "one mask for all steps",
        "one dropout mask for all steps",
        _masks(_shared_over_steps),
        lambda probe: _between_layers(probe) and probe.config.steps > 1,
    ),
    deviation(
        "one mask for all windows",
        "one dropout mask for all windows of a batch",
        _masks(lambda config, layer, mask: np.broadcast_to(mask[:1], mask.shape)),
        _several_windows,
    ),
    deviation(
        "no dropout before the head",
        "no dropout before the head",
        _masks(lambda config, layer, mask: None if layer == config.layers else mask),
        dropping,
    ),
    deviation(
        "no dropout between layers",
        "no dropout between layers",
        _masks(lambda config, layer, mask: mask if layer == config.layers else None),
        _between_layers,
    ),
    deviation(
        "masks of one step",
        "the masks of the first step at every step",
        _drawn(lambda true, config, epoch, step, batch: true(config, epoch, 0, batch)),
        dropping,
    ),
    deviation(
        "masks of one epoch",
        "the masks of the first epoch in every epoch",
        _drawn(lambda true, config, epoch, step, batch: true(config, 0, step, batch)),
        dropping,
    ),
    deviation(
        "masks one step late",
        "the masks of the step before",
        _drawn(lambda true, config, epoch, step, batch: true(config, epoch, max(step - 1, 0), batch)),
        dropping,
    ),
    deviation(
        "masks one step early",
        "the masks of the next step",
        _drawn(lambda true, config, epoch, step, batch: true(config, epoch, step + 1, batch)),
        dropping,
    ),
    deviation(
        "masks of the next layer",
        "the dropout masks of the next layer between layers",
        _drawn(_layers_one_up),
        _between_layers,
    ),
    deviation(
        "masks without the seed",
        "the masks of seed 0",
        _drawn(lambda true, config, *rest: true(replace(config, seed=0), *rest)),
        lambda probe: dropping(probe) and probe.config.seed != 0,
    ),
    deviation(
        "dropout not in backward", "dropout left out of the backward pass", steps(_not_backward), dropping
    ),
)
