"""The loss of one batch, its derivative, and the mean loss over batches."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.conditions import (
    dropping,
    in_float64,
    in_window,
    long_horizon,
    loss_is,
    scaled,
    several_quantiles,
    several_targets,
    several_windows,
)
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding, steps
from lstm_conformance.deviations.windows import full_batches
from lstm_plugins.config import ForecasterConfig, Loss
from lstm_plugins.records import Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.loss import Mask, numbers
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.tracing import target_statistics
from lstm_plugins.weights import Array

deviation = partial(Deviation, level="loss")
ALL = slice(None)


def _both(change: Callable[..., Any]) -> Plant:
    """Loss and derivative changed alike.

    `change` takes the true function, config, prediction, targets and which of them were observed.
    """
    return altered(loss=change, loss_derivative=change)


def _times(factor: Callable[[ForecasterConfig, Array, Mask], float]) -> Plant:
    """Loss and derivative times a factor, from config, prediction `[B, Q, K, P]` and mask."""
    return _both(lambda true, config, p, t, o: true(config, p, t, o) * factor(config, p, o))


def _another(loss: Loss) -> Plant:
    return _both(lambda true, config, *given: true(replace(config, loss=loss), *given))


def _part(horizon: slice, targets: slice) -> Plant:
    """The mean over a part of horizon and targets."""

    def loss_derivative(true: Any, config: ForecasterConfig, *given: Any) -> Array:
        derivative: Array = np.zeros_like(given[0])
        derivative[:, horizon, targets] = true(config, *(one[:, horizon, targets] for one in given))
        return derivative

    return altered(
        loss=lambda true, config, *given: true(config, *(one[:, horizon, targets] for one in given)),
        loss_derivative=loss_derivative,
    )


def _rooted(before: Steps) -> Mapping[str, Any]:
    def loss_derivative(*given: Any) -> Array:
        derivative: Array = before.loss_derivative(*given) / max(2.0 * np.sqrt(before.loss(*given)), 1e-300)
        return derivative

    return {"loss": lambda *given: float(np.sqrt(before.loss(*given))), "loss_derivative": loss_derivative}


def _crossed(prediction: Array, wanted: Array, observed: Mask) -> tuple[Array, Array, Mask]:
    """Every forecast of the batch with every target of it: (B,) against (B, 1)."""
    batch = len(prediction)
    crossed = np.repeat(prediction, batch, axis=0), np.tile(wanted, (batch, 1, 1))
    return *crossed, np.tile(observed, (batch, 1, 1))


def _crossed_derivative(true: Any, config: ForecasterConfig, prediction: Array, *given: Any) -> Array:
    each = true(config, *_crossed(prediction, *given))
    return np.asarray(each.reshape(len(prediction), *prediction.shape).sum(axis=1))


def _huber_without_half(
    true: Any, config: ForecasterConfig, prediction: Array, wanted: Array, observed: Mask
) -> float:
    beyond = (np.abs(prediction - wanted[..., None]) > 1.0) & observed[..., None]
    found: float = true(config, prediction, wanted, observed)
    return found + 0.5 * float(np.sum(beyond)) / numbers(prediction, observed)


def _normalised(
    true: Any, self: ReferenceForecaster, starts: Starts, training: TrainingStep | None = None
) -> Any:
    """The loss of normalised forecasts against normalised targets."""
    statistics = target_statistics(self.normalised_windows(starts), self.targets)
    center, scale = statistics[0][..., None], statistics[1][:, None, :, None]
    before = self.steps

    def normalised(p: Array, t: Array) -> tuple[Array, Array]:
        return (p - center) / scale, (t - center[..., 0]) / scale[..., 0]

    self.steps = replace(
        before,
        loss=lambda config, p, t, o: before.loss(config, *normalised(p, t), o),
        loss_derivative=lambda config, p, t, o: before.loss_derivative(config, *normalised(p, t), o) / scale,
    )
    try:
        return true(starts, training)
    finally:
        self.steps = before


def parts_of(forecaster: ReferenceForecaster, starts: Starts) -> list[Starts]:
    """The windows of each batch."""
    return [starts[part] for part in forecaster._batches(len(starts))]


def mean_of_batches(
    forecaster: ReferenceForecaster, starts: Starts, step: Callable[[int], TrainingStep | None]
) -> float:
    """The mean of the batches' training losses; `step` gives the training step of a batch."""
    parts = parts_of(forecaster, starts)
    losses = [forecaster.loss_and_gradients(part, step(n))[0] for n, part in enumerate(parts)]
    return float(np.average(losses, weights=weights_of(forecaster, parts)))


def weights_of(forecaster: ReferenceForecaster, parts: list[Starts]) -> list[float]:
    """What the loss of each batch weighs in a mean."""
    return [forecaster.steps.weight(forecaster._observed(part)) for part in parts]


def _batch_means(combine: Callable[[list[float]], Any]) -> Plant:
    return overriding(
        mean_loss=lambda true, self, starts: float(combine([true(part) for part in parts_of(self, starts)]))
    )


def _float32(true: Any, config: ForecasterConfig, prediction: Array, wanted: Array, observed: Mask) -> Any:
    return true(config, prediction.astype(np.float32), wanted.astype(np.float32), observed)


DEVIATIONS = (
    deviation(
        "sum for mean", "the sum of all errors instead of their mean", _times(lambda c, p, o: numbers(p, o))
    ),
    deviation(
        "sum over the batch", "errors summed over the batch", _times(lambda c, p, o: len(p)), several_windows
    ),
    deviation(
        "sum over the horizon",
        "errors summed over the horizon",
        _times(lambda c, p, o: p.shape[1]),
        long_horizon,
    ),
    deviation(
        "sum over targets",
        "errors summed over the targets",
        _times(lambda c, p, o: p.shape[2]),
        several_targets,
    ),
    deviation(
        "sum over quantiles",
        "errors summed over the quantiles",
        _times(lambda c, p, o: p.shape[3]),
        several_quantiles,
    ),
    deviation(
        "partial loss by the full size",
        "a partial batch's loss divided by the full batch size",
        _times(lambda c, p, o: len(p) / c.batch_size),
        several_windows,
    ),
    deviation("half the loss", "half the loss", _times(lambda c, p, o: 0.5)),
    deviation("twice the loss", "twice the loss", _times(lambda c, p, o: 2.0)),
    deviation("root of the loss", "the root of the mean loss", steps(_rooted)),
    deviation("squared error", "the squared error", _another("mse"), loss_is("mae", "huber")),
    deviation("absolute error", "the absolute error", _another("mae"), loss_is("mse", "huber")),
    deviation("Huber loss", "the Huber loss", _another("huber"), loss_is("mse", "mae")),
    deviation(
        "Huber without − 0.5",
        "|e| instead of |e| − 0.5 in the Huber loss",
        altered(loss=_huber_without_half),
        loss_is("huber"),
    ),
    deviation(
        "τ and 1 − τ swapped",
        "τ and 1 − τ swapped in the pinball loss",
        altered(
            loss=lambda true, config, p, t, o: true(config, -p, -t, o),
            loss_derivative=lambda true, config, p, t, o: -true(config, -p, -t, o),
        ),
        loss_is("quantile"),
    ),
    deviation(
        "broadcast over the batch",
        "every forecast of the batch compared with every target of it, as (B,) broadcast against (B, 1)",
        altered(
            loss=lambda true, config, *given: true(config, *_crossed(*given)),
            loss_derivative=_crossed_derivative,
        ),
        several_windows,
    ),
    deviation(
        "first step only", "the loss of the horizon's first step only", _part(slice(0, 1), ALL), long_horizon
    ),
    deviation(
        "last step only",
        "the loss of the horizon's last step only",
        _part(slice(-1, None), ALL),
        long_horizon,
    ),
    deviation(
        "first target only", "the loss of the first target only", _part(ALL, slice(0, 1)), several_targets
    ),
    deviation(
        "loss in float32",
        "the loss in float32",
        altered(loss=_float32, loss_derivative=lambda *given: _float32(*given).astype(np.float64)),
        in_float64,
        precision="float32",
    ),
    deviation(
        "loss of normalised values",
        "the loss of normalised forecasts instead of the series' units",
        overriding(
            mean_loss=lambda true, self, starts: mean_of_batches(self, starts, lambda n: None),
            loss_and_gradients=_normalised,
        ),
        scaled & ~in_window,
    ),
    deviation("mean of batch means", "a mean loss that is the mean of batch means", _batch_means(np.mean)),
    deviation(
        "mean without the partial batch",
        "a mean loss without the partial batch",
        overriding(mean_loss=lambda true, self, starts: true(full_batches(self, starts))),
    ),
    deviation("sum of batch means", "a mean loss that is the sum of batch means", _batch_means(np.sum)),
    deviation(
        "mean loss under dropout",
        "dropout active in the mean loss",
        overriding(
            mean_loss=lambda true, self, starts: mean_of_batches(self, starts, partial(TrainingStep, 0))
        ),
        dropping,
    ),
)
