"""What the LSTM sees: statistics of a window, patches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations.deviation import Deviation, Plant, methods, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import NormalisedWindows, Starts
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.windows import VARIANCE_FLOOR
from lstm_plugins.weights import Array

deviation = partial(Deviation, level="normalised")
Float64 = NDArray[np.float64]
Statistics = tuple[Float64, Float64]


def _under(normalisation: str, compute: Callable[[Float64], Statistics]) -> Plant:
    """Other statistics of the inputs `[B, look_back, features]` under one setting."""

    def change(before: Steps) -> Mapping[str, Any]:
        def statistics(inputs: Float64, config: ForecasterConfig) -> Statistics:
            if config.normalisation == normalisation:
                return compute(inputs)
            return before.statistics(inputs, config)

        return {"statistics": statistics}

    return steps(change)


def _scaled_by(scale: Callable[[Float64], Float64]) -> Plant:
    return _under("standard", lambda inputs: (inputs.mean(axis=1), scale(inputs)))


def _centered_on(center: Callable[[Float64], Float64]) -> Plant:
    return _under("last", lambda inputs: (center(inputs), np.ones_like(inputs[:, -1])))


def _altered(alter: Callable[[Float64, Float64], Statistics]) -> Plant:
    """Something done to center and scale, whatever they are."""
    return steps(lambda before: {"statistics": lambda *given: alter(*before.statistics(*given))})


def _over_batch(inputs: Float64) -> Statistics:
    center = np.broadcast_to(inputs.mean(axis=(0, 1)), inputs[:, 0].shape).copy()
    variance = inputs.var(axis=(0, 1))
    return center, np.broadcast_to(np.sqrt(variance + VARIANCE_FLOOR), center.shape).copy()


def _over_features(inputs: Float64) -> Statistics:
    shape = inputs[:, 0].shape
    center = np.broadcast_to(inputs.mean(axis=(1, 2))[:, None], shape).copy()
    variance = inputs.var(axis=(1, 2))
    return center, np.broadcast_to(np.sqrt(variance + VARIANCE_FLOOR)[:, None], shape).copy()


def _one_for_constant(inputs: Float64) -> Float64:
    deviation = inputs.std(axis=1)
    return np.where(deviation > 0, deviation, 1.0)


def _in_float32(before: Steps) -> Mapping[str, Any]:
    def statistics(inputs: Float64, config: ForecasterConfig) -> Statistics:
        center, scale = before.statistics(inputs.astype(np.float32), config)
        return center.astype(np.float64), scale.astype(np.float64)

    return {"statistics": statistics}


class _TargetsIncluded(ReferenceForecaster):
    def normalised_windows(self, starts: Starts) -> NormalisedWindows:
        values = self._loaded().values
        rows = starts[:, None] + np.arange(self.config.look_back + self.config.horizon)
        seen = values.take(np.minimum(rows, len(values) - 1), axis=0)
        center, scale = self.steps.statistics(seen, self.config)
        inputs = self.steps.normalise(self._inputs(starts), center, scale)
        patched = self.steps.cut_patches(inputs, self.config)
        return NormalisedWindows(patched.astype(self.config.precision), center, scale)


def _patches(cut: Callable[[Array], Array]) -> Plant:
    """Other patches, from `[B, T, patch, features]`."""

    def change(before: Steps) -> Mapping[str, Any]:
        def cut_patches(inputs: Array, config: ForecasterConfig) -> Array:
            shape = (len(inputs), config.steps, config.patch, inputs.shape[2])
            return cut(inputs.reshape(shape)).reshape(len(inputs), config.steps, -1)

        return {"cut_patches": cut_patches}

    return steps(change)


def _every_t_th_step(inputs: Array) -> Array:
    batch, time, patch, features = inputs.shape
    return inputs.reshape(batch, patch, time, features).swapaxes(1, 2)


def _standard(probe: Probe) -> bool:
    return probe.config.normalisation == "standard"


def _last(probe: Probe) -> bool:
    return probe.config.normalisation == "last"


def _several_features(probe: Probe) -> bool:
    return probe.features > 1


def _patched(probe: Probe) -> bool:
    return probe.config.patch > 1


DEVIATIONS = (
    deviation(
        "deviation with n − 1",
        "a standard deviation with n − 1 for n",
        _scaled_by(lambda x: np.sqrt(x.var(axis=1, ddof=1) + VARIANCE_FLOOR)),
        lambda probe: _standard(probe) and probe.config.look_back > 1,
    ),
    deviation(
        "variance for deviation",
        "the variance as scale, without the root",
        _scaled_by(lambda x: x.var(axis=1) + VARIANCE_FLOOR),
        _standard,
    ),
    deviation(
        "floor outside the root",
        "the 1e-5 outside the root of the scale",
        _scaled_by(lambda x: x.std(axis=1) + VARIANCE_FLOOR),
        _standard,
    ),
    deviation(
        "floor 1e-8",
        "1e-8 for 1e-5 inside the root of the scale",
        _scaled_by(lambda x: np.sqrt(x.var(axis=1) + 1e-8)),
        _standard,
    ),
    deviation(
        "floor 1e-8 outside",
        "1e-8 added to the standard deviation",
        _scaled_by(lambda x: x.std(axis=1) + 1e-8),
        _standard,
    ),
    deviation(
        "no floor",
        "no 1e-5 under the root, and scale 1 where a window is constant",
        _scaled_by(_one_for_constant),
        _standard,
    ),
    deviation(
        "statistics of the batch",
        "one center and scale for the whole batch",
        _under("standard", _over_batch),
        _standard,
    ),
    deviation(
        "statistics of all features",
        "one center and scale for all features together",
        _under("standard", _over_features),
        lambda probe: _standard(probe) and _several_features(probe),
    ),
    deviation(
        "statistics over targets too",
        "window statistics over inputs and targets",
        methods(_TargetsIncluded),
        lambda probe: _standard(probe) or _last(probe),
    ),
    deviation(
        "statistics in float32",
        "window statistics in float32",
        steps(_in_float32),
        lambda probe: probe.config.precision == "float64",
        precision="float32",
    ),
    deviation(
        "not centered",
        "windows that are scaled and not centered",
        _altered(lambda center, scale: (np.zeros_like(center), scale)),
        lambda probe: _standard(probe) or _last(probe),
    ),
    deviation(
        "not scaled",
        "windows that are centered and not scaled",
        _altered(lambda center, scale: (center, np.ones_like(scale))),
        _standard,
    ),
    deviation(
        "first value removed",
        "the first value of the window removed, not the last",
        _centered_on(lambda x: x[:, 0]),
        _last,
    ),
    deviation(
        "last but one removed",
        "the last value but one removed",
        _centered_on(lambda x: x[:, -2]),
        lambda probe: _last(probe) and probe.config.look_back > 1,
    ),
    deviation(
        "mean removed",
        "the mean of the window removed, not its last value",
        _centered_on(lambda x: x.mean(axis=1)),
        _last,
    ),
    deviation(
        "first column removed",
        "the last value of the first column removed from all columns",
        _centered_on(lambda x: np.repeat(x[:, -1, :1], x.shape[2], axis=1)),
        lambda probe: _last(probe) and _several_features(probe),
    ),
    deviation(
        "patches feature-major",
        "patches cut feature by feature, not step by step",
        _patches(lambda x: x.swapaxes(2, 3)),
        lambda probe: _patched(probe) and _several_features(probe),
    ),
    deviation(
        "patches reversed",
        "the steps of every patch in reverse order",
        _patches(lambda x: x[:, :, ::-1]),
        _patched,
    ),
    deviation(
        "patches of distant steps",
        "patches of every T-th step, not of neighbours",
        _patches(_every_t_th_step),
        _patched,
    ),
)
