"""The head, the normalisation undone, and the path by which a user's forecast is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, methods, steps, weights_taken_for
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import NormalisedWindows, Starts, Trace
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.tracing import trace
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="prediction")


class _Undone(ReferenceForecaster):
    """Undoes the normalisation with other statistics, in forward and in backward."""

    def trace(self, starts: Starts, *, derivatives: bool = False) -> Trace:
        windows = self.normalised_windows(starts)
        targets = self._targets(starts) if derivatives else None
        center, scale = self._target_statistics(windows)
        columns = list(self.targets)
        believed = replace(windows, center=windows.center.copy(), scale=windows.scale.copy())
        believed.center[:, columns], believed.scale[:, columns] = center, scale
        found = trace(self.steps, self.config, self._weights, believed, self.targets, targets)
        return replace(found, windows=windows)


class _NotUndone(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return np.zeros_like(center), np.ones_like(scale)


class _NoCenter(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return np.zeros_like(center), scale


class _NoScale(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return center, np.ones_like(scale)


class _OtherColumns(_Undone):
    """The targets' statistics in rising order of their columns."""

    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        precision, columns = self.config.precision, sorted(self.targets)
        return windows.center[:, columns].astype(precision), windows.scale[:, columns].astype(precision)


class _CenterSubtracted(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return -center, scale


class _ScaleDivided(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return center, 1.0 / scale


class _CenterFirst(_Undone):
    """(y + center)·scale."""

    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return center * scale, scale


class _FirstColumns(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        columns = list(range(len(self.targets)))
        precision = self.config.precision
        return windows.center[:, columns].astype(precision), windows.scale[:, columns].astype(precision)


class _FirstTarget(_Undone):
    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return center[:, [0] * center.shape[1]], scale[:, [0] * scale.shape[1]]


class _Dropping(ReferenceForecaster):
    def predict(self, starts: Starts) -> Array:
        parts = []
        for part in self._batches(len(starts)):
            windows = self.normalised_windows(starts[part])
            drawn = self.steps.dropout_masks(self.config, 0, 0, len(windows.inputs))
            masks = {layer: mask.astype(self.config.precision) for layer, mask in drawn.items()}
            parts.append(self._denormalise(self._forward(windows, masks).output, windows))
        return np.concatenate(parts)


class _Sorted(ReferenceForecaster):
    def predict(self, starts: Starts) -> Array:
        return np.sort(super().predict(starts), axis=-1)


class _PartialBatchShifted(ReferenceForecaster):
    """Fills up a partial batch at its beginning and forgets that it did."""

    def predict(self, starts: Starts) -> Array:
        parts = []
        for part in self._batches(len(starts)):
            missing = self.config.batch_size - len(starts[part])
            filled = np.concatenate([np.repeat(starts[part][:1], missing), starts[part]])
            parts.append(super().predict(filled)[: len(starts[part])])
        return np.concatenate(parts)


def _activated(value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Plant:
    """A nonlinearity after the head; its slope is a function of its value."""

    def change(before: Steps) -> Mapping[str, Any]:
        def backward(
            steps: Steps, config: ForecasterConfig, weights: Weights, done: Any, output: Array, masks: Any
        ) -> Any:
            return before.backward(steps, config, weights, done, output * slope(done.output), masks)

        return {"head": lambda *given: value(before.head(*given)), "backward": backward}

    return steps(change)


def _head_columns(order: Callable[[int, int, int], Array]) -> Plant:
    """Another order of the head's columns; `order` gives, for [Q, K, P], the column taken for each."""

    def columns(weights: Weights, config: ForecasterConfig) -> Array:
        levels = len(config.output_quantiles)
        targets = len(weights["head.bias"]) // (config.horizon * levels)
        return order(config.horizon, targets, levels).reshape(-1)

    def there(weights: Weights, config: ForecasterConfig) -> Weights:
        chosen = columns(weights, config)
        return {n: a[..., chosen] if n.startswith("head") else a for n, a in weights.items()}

    def back(gradients: Weights, config: ForecasterConfig) -> Weights:
        inverse = np.argsort(columns(gradients, config))
        return {n: a[..., inverse] if n.startswith("head") else a for n, a in gradients.items()}

    return weights_taken_for(there, back)


def _numbered(*shape: int) -> Array:
    return np.arange(int(np.prod(shape))).reshape(shape)  # type: ignore[return-value]


def _no_head_bias(weights: Weights, config: ForecasterConfig) -> Weights:
    return {name: 0.0 * array if name == "head.bias" else array for name, array in weights.items()}


def normalised(probe: Probe) -> bool:
    """Windows are normalised at all."""
    return probe.config.normalisation != "none"


def _standard(probe: Probe) -> bool:
    return probe.config.normalisation == "standard"


def _targets(probe: Probe) -> int:
    return len(probe.series.targets)


DEVIATIONS = (
    deviation("not denormalised", "forecasts that stay normalised", methods(_NotUndone), normalised),
    deviation("center not added", "forecasts without the window's center", methods(_NoCenter), _standard),
    deviation("scale not undone", "forecasts without the window's scale", methods(_NoScale), _standard),
    deviation(
        "center subtracted",
        "the window's center subtracted from forecasts, not added",
        methods(_CenterSubtracted),
        normalised,
    ),
    deviation(
        "divided by the scale",
        "forecasts divided by the window's scale, not multiplied",
        methods(_ScaleDivided),
        _standard,
    ),
    deviation(
        "center added before scaling",
        "the window's center added to forecasts before they are scaled",
        methods(_CenterFirst),
        _standard,
    ),
    deviation(
        "denormalised by sorted columns",
        "forecasts denormalised by the targets' columns in rising order",
        methods(_OtherColumns),
        lambda probe: normalised(probe) and list(probe.series.targets) != sorted(probe.series.targets),
    ),
    deviation(
        "denormalised by the first columns",
        "forecasts denormalised by the first columns, not by the targets'",
        methods(_FirstColumns),
        lambda probe: normalised(probe) and probe.series.targets != tuple(range(_targets(probe))),
    ),
    deviation(
        "denormalised by the first target",
        "forecasts of all targets denormalised by the first target's statistics",
        methods(_FirstTarget),
        lambda probe: normalised(probe) and _targets(probe) > 1,
    ),
    deviation("no head bias", "no bias in the head", weights_taken_for(_no_head_bias, _no_head_bias)),
    deviation(
        "output target-major",
        "the head's columns target by target, not step by step",
        _head_columns(lambda q, k, p: _numbered(k, q, p).transpose(1, 0, 2)),
        lambda probe: _targets(probe) > 1 and probe.config.horizon > 1,
    ),
    deviation(
        "output level-major",
        "the head's columns level by level",
        _head_columns(lambda q, k, p: _numbered(p, q, k).transpose(1, 2, 0)),
        lambda probe: len(probe.config.output_quantiles) > 1 and probe.config.horizon * _targets(probe) > 1,
    ),
    deviation(
        "horizon reversed",
        "the horizon in reverse order",
        _head_columns(lambda q, k, p: _numbered(q, k, p)[::-1]),
        lambda probe: probe.config.horizon > 1,
    ),
    deviation(
        "levels reversed",
        "quantile levels in falling order",
        _head_columns(lambda q, k, p: _numbered(q, k, p)[:, :, ::-1]),
        lambda probe: len(probe.config.output_quantiles) > 1,
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
        "dropout at prediction",
        "dropout active at prediction",
        methods(_Dropping),
        lambda probe: probe.config.dropout > 0,
    ),
    deviation(
        "quantiles sorted",
        "quantiles sorted in the forecast",
        methods(_Sorted),
        lambda probe: len(probe.config.output_quantiles) > 1,
    ),
    deviation(
        "partial batch shifted",
        "a partial batch filled up at its beginning",
        methods(_PartialBatchShifted),
        lambda probe: probe.config.batch_size > 1,
    ),
)
