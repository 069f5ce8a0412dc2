"""The loss of one batch and its derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig, Loss
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array

deviation = partial(Deviation, level="loss")


Factor = Callable[[ForecasterConfig, Array], float]


def _times(factor: Factor) -> Plant:
    """Loss and derivative times a factor, from config and prediction `[B, Q, K, P]`."""

    def change(before: Steps) -> Mapping[str, Any]:
        return {
            "loss": lambda config, p, t: before.loss(config, p, t) * factor(config, p),
            "loss_derivative": lambda config, p, t: before.loss_derivative(config, p, t) * factor(config, p),
        }

    return steps(change)


def _another(loss: Loss) -> Plant:
    def change(before: Steps) -> Mapping[str, Any]:
        return {
            "loss": lambda config, p, t: before.loss(replace(config, loss=loss), p, t),
            "loss_derivative": lambda config, p, t: before.loss_derivative(replace(config, loss=loss), p, t),
        }

    return steps(change)


def _part(horizon: slice, targets: slice) -> Plant:
    """The mean over a part of horizon and targets."""

    def change(before: Steps) -> Mapping[str, Any]:
        def loss_derivative(config: ForecasterConfig, prediction: Array, wanted: Array) -> Array:
            derivative = np.zeros_like(prediction)
            derivative[:, horizon, targets] = before.loss_derivative(
                config, prediction[:, horizon, targets], wanted[:, horizon, targets]
            )
            return derivative

        return {
            "loss": lambda config, p, t: before.loss(config, p[:, horizon, targets], t[:, horizon, targets]),
            "loss_derivative": loss_derivative,
        }

    return steps(change)


def _rooted(before: Steps) -> Mapping[str, Any]:
    def loss_derivative(config: ForecasterConfig, prediction: Array, wanted: Array) -> Array:
        root = np.sqrt(before.loss(config, prediction, wanted))
        derivative: Array = before.loss_derivative(config, prediction, wanted) / max(
            2.0 * float(root), 1e-300
        )
        return derivative

    return {"loss": lambda *given: float(np.sqrt(before.loss(*given))), "loss_derivative": loss_derivative}


def _swapped(before: Steps) -> Mapping[str, Any]:
    return {
        "loss": lambda config, p, t: before.loss(config, -p, -t),
        "loss_derivative": lambda config, p, t: -before.loss_derivative(config, -p, -t),
    }


def _broadcast(before: Steps) -> Mapping[str, Any]:
    """Every forecast of the batch against every target of it: (B,) against (B, 1)."""

    def crossed(prediction: Array, wanted: Array) -> tuple[Array, Array]:
        batch = len(prediction)
        return np.repeat(prediction, batch, axis=0), np.tile(wanted, (batch, 1, 1))

    def loss_derivative(config: ForecasterConfig, prediction: Array, wanted: Array) -> Array:
        each = before.loss_derivative(config, *crossed(prediction, wanted))
        return np.asarray(each.reshape(len(prediction), *prediction.shape).sum(axis=1))

    return {
        "loss": lambda config, p, t: before.loss(config, *crossed(p, t)),
        "loss_derivative": loss_derivative,
    }


def _huber_without_half(before: Steps) -> Mapping[str, Any]:
    def loss(config: ForecasterConfig, prediction: Array, wanted: Array) -> float:
        beyond = np.abs(prediction - wanted[..., None]) > 1.0
        return before.loss(config, prediction, wanted) + 0.5 * float(np.mean(beyond))

    return {"loss": loss}


def _float32(before: Steps) -> Mapping[str, Any]:
    def rounded(function: Any) -> Any:
        def compute(config: ForecasterConfig, *arrays: Array) -> Any:
            return function(config, *(array.astype(np.float32) for array in arrays))

        return compute

    return {
        "loss": rounded(before.loss),
        "loss_derivative": lambda *given: rounded(before.loss_derivative)(*given).astype(np.float64),
    }


def loss_is(*names: Loss) -> Callable[[Probe], bool]:
    """With one of these losses."""
    return lambda probe: probe.config.loss in names


def _several_targets(probe: Probe) -> bool:
    return len(probe.series.targets) > 1


def _several_windows(probe: Probe) -> bool:
    return probe.config.batch_size > 1


def _horizon(probe: Probe) -> bool:
    return probe.config.horizon > 1


ALL = slice(None)


DEVIATIONS = (
    deviation("sum for mean", "the sum of all errors for their mean", _times(lambda c, p: p.size)),
    deviation(
        "sum over the batch", "errors summed over the batch", _times(lambda c, p: len(p)), _several_windows
    ),
    deviation(
        "sum over the horizon", "errors summed over the horizon", _times(lambda c, p: p.shape[1]), _horizon
    ),
    deviation(
        "sum over targets",
        "errors summed over the targets",
        _times(lambda c, p: p.shape[2]),
        _several_targets,
    ),
    deviation(
        "sum over levels",
        "errors summed over the quantile levels",
        _times(lambda c, p: p.shape[3]),
        lambda probe: len(probe.config.output_quantiles) > 1,
    ),
    deviation(
        "partial loss by the full size",
        "a partial batch's loss divided by the full batch size",
        _times(lambda c, p: len(p) / c.batch_size),
        _several_windows,
    ),
    deviation("half the loss", "half the loss", _times(lambda c, p: 0.5)),
    deviation("twice the loss", "twice the loss", _times(lambda c, p: 2.0)),
    deviation("root of the loss", "the root of the mean loss", steps(_rooted)),
    deviation("squared error", "the squared error", _another("mse"), loss_is("mae", "huber")),
    deviation("absolute error", "the absolute error", _another("mae"), loss_is("mse", "huber")),
    deviation("Huber loss", "the Huber loss", _another("huber"), loss_is("mse", "mae")),
    deviation(
        "Huber without − 0.5",
        "|e| for |e| − 0.5 in the Huber loss",
        steps(_huber_without_half),
        loss_is("huber"),
    ),
    deviation(
        "τ and 1 − τ swapped", "τ and 1 − τ swapped in the pinball loss", steps(_swapped), loss_is("quantile")
    ),
    deviation(
        "broadcast over the batch",
        "every forecast of the batch held against every target of it, as (B,) against (B, 1) broadcasts",
        steps(_broadcast),
        _several_windows,
    ),
    deviation(
        "first step only", "the loss of the first step of the horizon", _part(slice(0, 1), ALL), _horizon
    ),
    deviation(
        "last step only", "the loss of the last step of the horizon", _part(slice(-1, None), ALL), _horizon
    ),
    deviation("first target only", "the loss of the first target", _part(ALL, slice(0, 1)), _several_targets),
    deviation(
        "loss in float32",
        "the loss in float32",
        steps(_float32),
        lambda probe: probe.config.precision == "float64",
        precision="float32",
    ),
)
