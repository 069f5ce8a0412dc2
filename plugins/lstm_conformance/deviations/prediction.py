"""The head, the normalisation undone, and the path by which a user's forecast is made."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding, weights_taken_for
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import NormalisedWindows, Starts, Trace
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.tracing import trace
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="prediction")
Statistics = tuple[Array, Array]


def _traced(true: Any, self: ReferenceForecaster, starts: Starts, *, derivatives: bool = False) -> Trace:
    """A trace that undoes the normalisation with the forecaster's own statistics."""
    windows = self.normalised_windows(starts)
    done = self._forward(starts, windows, {})
    output = self._loss_derivative(starts, windows, done.output) if derivatives else None
    center, scale = self._target_statistics(windows)
    believed = replace(windows, target_center=center.astype(np.float64), scale=windows.scale.copy())
    believed.scale[:, list(self.targets)] = scale
    found = trace(self.steps, self.config, self._weights, believed, self.targets, done, output)
    return replace(found, windows=windows)


def _undone_with(change: Callable[[Array, Array], Statistics]) -> Plant:
    """The normalisation undone with other statistics, in forward and in backward."""
    return overriding(trace=_traced, _target_statistics=lambda true, self, windows: change(*true(windows)))


def _undone_by_columns(choose: Callable[[tuple[int, ...]], list[int]]) -> Plant:
    """The normalisation undone with the statistics of other columns than the targets'."""

    def statistics(true: Any, self: ReferenceForecaster, windows: NormalisedWindows) -> Statistics:
        columns, precision = choose(self.targets), self.config.precision
        center = np.repeat(windows.center[:, :1, columns], self.config.horizon, axis=1)
        return center.astype(precision), windows.scale[:, columns].astype(precision)

    return overriding(trace=_traced, _target_statistics=statistics)


def _dropping(true: Any, self: ReferenceForecaster, starts: Starts) -> Array:
    parts = []
    for part in self._batches(len(starts)):
        windows = self.normalised_windows(starts[part])
        drawn = self.steps.dropout_masks(self.config, 0, 0, len(windows.inputs))
        masks = {layer: mask.astype(self.config.precision) for layer, mask in drawn.items()}
        done = self._forward(starts[part], windows, masks)
        parts.append(self._denormalise(done.output, windows))
    return np.concatenate(parts)


def _partial_batch_shifted(true: Any, self: ReferenceForecaster, starts: Starts) -> Array:
    """A partial batch filled up at its beginning, which is then forgotten."""
    parts = []
    for part in self._batches(len(starts)):
        missing = self.config.batch_size - len(starts[part])
        filled = np.concatenate([np.repeat(starts[part][:1], missing), starts[part]])
        parts.append(true(filled)[: len(starts[part])])
    return np.concatenate(parts)


def _activated(value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Plant:
    """A nonlinearity after the head; its slope is a function of its value."""

    def backward(
        true: Any, steps: Any, config: Any, weights: Weights, done: Any, output: Array, masks: Any
    ) -> Any:
        return true(steps, config, weights, done, output * slope(done.output), masks)

    return altered(head=lambda true, *given: value(true(*given)), backward=backward)


def _head_columns(order: Callable[[Callable[..., Array], int, int, int], Array]) -> Plant:
    """Another order of the head's columns.

    `order` gives, for [Q, K, P], the column taken for each, from a function that numbers an array of a shape.
    """

    def numbered(*shape: int) -> Array:
        return np.arange(int(np.prod(shape))).reshape(shape)  # type: ignore[return-value]

    def columns(weights: Weights, config: ForecasterConfig) -> Array:
        quantiles = len(config.output_quantiles)
        targets = len(weights["head.bias"]) // (config.horizon * quantiles)
        return order(numbered, config.horizon, targets, quantiles).reshape(-1)

    def taken(weights: Weights, chosen: NDArray[Any]) -> Weights:
        return {n: a[..., chosen] if n.startswith("head") else a for n, a in weights.items()}

    return weights_taken_for(
        lambda weights, config: taken(weights, columns(weights, config)),
        lambda gradients, config: taken(gradients, np.argsort(columns(gradients, config))),
    )


def _no_head_bias(weights: Weights, config: ForecasterConfig) -> Weights:
    return {name: 0.0 * array if name == "head.bias" else array for name, array in weights.items()}


DEVIATIONS = (
    deviation(
        "not denormalised",
        "forecasts that stay normalised",
        _undone_with(lambda center, scale: (np.zeros_like(center), np.ones_like(scale))),
        when.normalised,
    ),
    deviation(
        "center not added",
        "forecasts without the window's center",
        _undone_with(lambda center, scale: (np.zeros_like(center), scale)),
        when.scaled,
    ),
    deviation(
        "scale not undone",
        "forecasts without the window's scale",
        _undone_with(lambda center, scale: (center, np.ones_like(scale))),
        when.scaled,
    ),
    deviation(
        "center subtracted",
        "the window's center subtracted from forecasts instead of added",
        _undone_with(lambda center, scale: (-center, scale)),
        when.normalised,
    ),
    deviation(
        "divided by the scale",
        "forecasts divided by the window's scale instead of multiplied",
        _undone_with(lambda center, scale: (center, 1.0 / scale)),
        when.scaled,
    ),
    deviation(
        "center added before scaling",
        "the window's center added to forecasts before they are scaled",
        _undone_with(lambda center, scale: (center * scale[:, None], scale)),
        when.scaled,
    ),
    deviation(
        "first step's center for all",
        "the first step's seasonal value added to all steps of the forecast",
        _undone_with(lambda center, scale: (np.repeat(center[:, :1], center.shape[1], axis=1), scale)),
        when.seasonal & when.long_horizon,
    ),
    deviation(
        "denormalised by sorted columns",
        "forecasts denormalised with the targets' columns in ascending order",
        _undone_by_columns(sorted),
        when.normalised & ~when.seasonal & when.unsorted_targets,
    ),
    deviation(
        "denormalised by the first columns",
        "forecasts denormalised with the first columns instead of the targets'",
        _undone_by_columns(lambda targets: list(range(len(targets)))),
        when.normalised & ~when.seasonal & when.targets_not_first,
    ),
    deviation(
        "denormalised by the first target",
        "forecasts of all targets denormalised with the first target's statistics",
        _undone_with(lambda *both: tuple(one[..., [0] * one.shape[-1]] for one in both)),
        when.normalised & when.several_targets,
    ),
    deviation("no head bias", "no bias in the head", weights_taken_for(_no_head_bias, _no_head_bias)),
    deviation(
        "output target-major",
        "the head's columns target by target instead of step by step",
        _head_columns(lambda numbered, q, k, p: numbered(k, q, p).transpose(1, 0, 2)),
        when.several_targets & when.long_horizon,
    ),
    deviation(
        "output quantile-major",
        "the head's columns quantile by quantile",
        _head_columns(lambda numbered, q, k, p: numbered(p, q, k).transpose(1, 2, 0)),
        when.several_quantiles
        & when.Condition(lambda probe: probe.config.horizon * len(probe.series.targets) > 1),
    ),
    deviation(
        "horizon reversed",
        "the horizon in reverse order",
        _head_columns(lambda numbered, q, k, p: numbered(q, k, p)[::-1]),
        when.long_horizon,
    ),
    deviation(
        "quantiles reversed",
        "quantiles in descending order",
        _head_columns(lambda numbered, q, k, p: numbered(q, k, p)[:, :, ::-1]),
        when.several_quantiles,
    ),
    deviation("tanh head", "a tanh after the head", _activated(np.tanh, lambda y: 1.0 - y**2)),
    deviation(
        "relu head",
        "a relu after the head",
        _activated(lambda x: np.maximum(x, 0.0), lambda y: (y > 0).astype(y.dtype)),
    ),
    deviation(
        "sigmoid head",
        "a σ after the head",
        _activated(lambda x: 1.0 / (1.0 + np.exp(-x)), lambda y: y * (1.0 - y)),
    ),
    deviation(
        "dropout at prediction", "dropout active at prediction", overriding(predict=_dropping), when.dropping
    ),
    deviation(
        "quantiles sorted",
        "quantiles sorted in the forecast",
        overriding(predict=lambda true, self, starts: np.sort(true(starts), axis=-1)),
        when.several_quantiles,
    ),
    deviation(
        "partial batch shifted",
        "a partial batch padded at its beginning",
        overriding(predict=_partial_batch_shifted),
        when.several_windows,
    ),
)
