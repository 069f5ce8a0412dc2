"""What the LSTM sees: statistics of a window, patches."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.normalisation import VARIANCE_FLOOR, Statistics, of_all_rows
from lstm_plugins.records import Starts
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Array

deviation = partial(Deviation, level="normalised")
Float64 = NDArray[np.float64]
CenterAndScale = tuple[Float64, Float64]
SCALED = ("standard", "last-deviation")


def _under(normalisation: str, compute: Callable[[Float64], CenterAndScale]) -> Plant:
    """Other statistics `[B, features]` of the inputs `[B, look_back, features]` under one setting."""

    def statistics(true: Any, inputs: Float64, config: ForecasterConfig) -> Any:
        if config.normalisation != normalisation:
            return true(inputs, config)
        return of_all_rows(*compute(inputs), config)

    return altered(statistics=statistics)


def _scaled_by(scale: Callable[[Float64], Float64]) -> Plant:
    """Another scale `[B, features]` of the inputs where a window is divided by one."""

    def statistics(true: Any, inputs: Float64, config: ForecasterConfig) -> Any:
        found = true(inputs, config)
        return found._replace(scale=scale(inputs)) if config.normalisation in SCALED else found

    return altered(statistics=statistics)


def _centered_on(center: Callable[[Float64], Float64]) -> Plant:
    """Another center `[B, features]` of the inputs where the last value is subtracted."""

    def statistics(true: Any, inputs: Float64, config: ForecasterConfig) -> Any:
        found = true(inputs, config)
        if config.normalisation not in ("last", "last-deviation"):
            return found
        return of_all_rows(center(inputs), found.scale, config)

    return altered(statistics=statistics)


def _not_centered(found: Statistics) -> Statistics:
    return Statistics(np.zeros_like(found.center), found.scale, np.zeros_like(found.ahead))


def _not_scaled(found: Statistics) -> Statistics:
    return found._replace(scale=np.ones_like(found.scale))


def _changed(change: Callable[[Statistics], Statistics]) -> Plant:
    """Something done to center and scale, whatever they are."""
    return altered(statistics=lambda true, *given: change(true(*given)))


def _over(*axes: int) -> Plant:
    """Statistics over these axes together, the same for all that they leave out."""

    def compute(inputs: Float64) -> CenterAndScale:
        center = inputs.mean(axis=axes, keepdims=True)
        scale = np.sqrt(inputs.var(axis=axes, keepdims=True) + VARIANCE_FLOOR)
        return tuple(np.broadcast_to(one, inputs.shape)[:, 0].copy() for one in (center, scale))  # type: ignore[return-value]

    return _under("standard", compute)


def _in_float32(true: Any, inputs: Float64, config: ForecasterConfig) -> Statistics:
    found = true(inputs.astype(np.float32), config)
    return Statistics(*(array.astype(np.float32).astype(np.float64) for array in found))


def _one_for_constant(inputs: Float64) -> Float64:
    deviation = inputs.std(axis=1)
    return np.where(deviation > 0, deviation, 1.0)


def _targets_included(true: Any, self: ReferenceForecaster, starts: Starts) -> Statistics:
    values = self._loaded().values
    rows = starts[:, None] + np.arange(self.config.look_back + self.config.horizon)
    seen = values.take(np.minimum(rows, len(values) - 1), axis=0)
    found = self.steps.of_values(self.steps.statistics(seen, self.config), self.indicators)
    return found._replace(center=found.center[:, : self.config.look_back])


def _about_the_last(inputs: Float64) -> Float64:
    return np.asarray(np.sqrt(np.square(inputs - inputs[:, -1:]).mean(axis=1) + VARIANCE_FLOOR))


def _patches(cut: Callable[[Array], Array]) -> Plant:
    """Other patches, from `[B, T, patch, features]`."""

    def cut_patches(true: Any, inputs: Array, config: ForecasterConfig) -> Array:
        shape = (len(inputs), config.steps, config.patch, inputs.shape[2])
        return cut(inputs.reshape(shape)).reshape(len(inputs), config.steps, -1)

    return altered(cut_patches=cut_patches)


def _every_t_th_step(inputs: Array) -> Array:
    batch, time, patch, features = inputs.shape
    return inputs.reshape(batch, patch, time, features).swapaxes(1, 2)


on_standard = partial(deviation, applies=when.standard)
on_scaled = partial(deviation, applies=when.scaled)
on_last = partial(deviation, applies=when.minus_last)
on_patches = partial(deviation, applies=when.patched)

DEVIATIONS = (
    deviation(
        "deviation with n − 1",
        "a standard deviation with n − 1 instead of n",
        _scaled_by(lambda x: np.sqrt(x.var(axis=1, ddof=1) + VARIANCE_FLOOR)),
        when.scaled & when.long_look_back,
    ),
    on_scaled(
        "variance for deviation",
        "the variance as scale, without the root",
        _scaled_by(lambda x: x.var(axis=1) + VARIANCE_FLOOR),
    ),
    on_scaled(
        "floor outside the root",
        "1e-5 added to the scale outside the root",
        _scaled_by(lambda x: x.std(axis=1) + VARIANCE_FLOOR),
    ),
    on_scaled(
        "floor 1e-8",
        "1e-8 instead of 1e-5 under the root of the scale",
        _scaled_by(lambda x: np.sqrt(x.var(axis=1) + 1e-8)),
    ),
    on_scaled(
        "floor 1e-8 outside",
        "1e-8 added to the standard deviation, and nothing under the root",
        _scaled_by(lambda x: x.std(axis=1) + 1e-8),
    ),
    on_scaled(
        "no floor", "no 1e-5 under the root, and scale 1 for constant windows", _scaled_by(_one_for_constant)
    ),
    on_standard("statistics of the batch", "one center and scale for the whole batch", _over(0, 1)),
    deviation(
        "statistics of all features",
        "one center and scale for all features together",
        _over(1, 2),
        when.standard & when.several_features,
    ),
    deviation(
        "statistics over targets too",
        "window statistics over inputs and targets",
        overriding(_statistics=_targets_included),
        when.standard | when.minus_last,
    ),
    deviation(
        "statistics in float32",
        "window statistics in float32",
        altered(statistics=_in_float32),
        when.in_float64,
        precision="float32",
    ),
    deviation(
        "not centered",
        "windows that are scaled but not centered",
        _changed(_not_centered),
        when.standard | when.minus_last,
    ),
    on_scaled(
        "not scaled",
        "windows that are centered but not scaled",
        _changed(_not_scaled),
    ),
    on_last(
        "first value removed",
        "the window's first value subtracted instead of its last",
        _centered_on(lambda x: x[:, 0]),
    ),
    deviation(
        "second-to-last removed",
        "the window's second-to-last value subtracted instead of its last",
        _centered_on(lambda x: x[:, -2]),
        when.minus_last & when.long_look_back,
    ),
    on_last(
        "mean removed",
        "the window's mean subtracted instead of its last value",
        _centered_on(lambda x: x.mean(axis=1)),
    ),
    deviation(
        "first column removed",
        "the first column's last value subtracted from all columns",
        _centered_on(lambda x: np.repeat(x[:, -1, :1], x.shape[2], axis=1)),
        when.minus_last & when.several_features,
    ),
    deviation(
        "deviation about the last value",
        "a deviation about the window's last value instead of its mean",
        _scaled_by(_about_the_last),
        when.last_deviation,
    ),
    deviation(
        "patches feature-major",
        "patches laid out feature by feature instead of step by step",
        _patches(lambda x: x.swapaxes(2, 3)),
        when.patched & when.several_features,
    ),
    on_patches(
        "patches reversed", "the steps of every patch in reverse order", _patches(lambda x: x[:, :, ::-1])
    ),
    on_patches(
        "patches of distant steps",
        "patches of every T-th step instead of neighbouring steps",
        _patches(_every_t_th_step),
    ),
)
