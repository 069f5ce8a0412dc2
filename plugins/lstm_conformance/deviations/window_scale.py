"""Errors that are measured in the window, and the constant windows that training then leaves out."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_conformance.deviations.windows import of_each_series
from lstm_plugins.normalisation import VARIANCE_FLOOR
from lstm_plugins.records import NormalisedWindows, Starts, TargetRows
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Array

windows = partial(Deviation, level="windows", applies=when.in_window & when.scaled)
loss = partial(Deviation, level="loss", applies=when.in_window & when.normalised)
derivatives = partial(Deviation, level="derivatives", applies=when.in_window & when.scaled)
Float64 = NDArray[np.float64]


def _left_out(choose: Callable[[Float64, list[int]], Any]) -> Plant:
    """Other training windows left out, from the variances `[B, features]` of all columns and the targets."""

    def training_starts(true: Any, self: ReferenceForecaster, rows: TargetRows) -> Starts:
        starts = self.window_starts(rows, self.config.stride)
        chosen: Starts = starts[~choose(_variances(self, starts), list(self.targets))]
        return chosen

    return overriding(training_starts=training_starts)


def _variances(forecaster: ReferenceForecaster, starts: Starts) -> Float64:
    rows = starts[:, None] + np.arange(forecaster.config.look_back)
    inputs = forecaster._loaded().values.take(rows, axis=0)
    # Rounding gives equal values a variance that is not quite 0.
    return np.where(np.ptp(inputs, axis=1) > 0, inputs.var(axis=1), 0.0)


def _before_the_stride(true: Any, self: ReferenceForecaster, rows: TargetRows) -> Starts:
    starts = self.window_starts(rows, 1)
    constant = (_variances(self, starts)[:, list(self.targets)] <= VARIANCE_FLOOR).any(axis=1)
    parts = of_each_series(self._loaded(), starts[~constant])
    return np.concatenate([part[:: self.config.stride] for part in parts])


def _validation_too(true: Any, self: ReferenceForecaster, rows: TargetRows) -> Starts:
    starts: Starts = true(rows)
    constant = (_variances(self, starts)[:, list(self.targets)] <= VARIANCE_FLOOR).any(axis=1)
    return starts[~constant]


def _series_units(
    self: ReferenceForecaster, starts: Starts, windows: NormalisedWindows, output: Array
) -> Any:
    """Forecasts and targets as in the series."""
    return self._denormalise(output, windows), self._targets(starts)


def _ignored(true: Any, self: ReferenceForecaster, *given: Any) -> Any:
    return _series_units(self, *given)


def _derivative_ignored(
    true: Any, self: ReferenceForecaster, starts: Starts, windows: NormalisedWindows, output: Array
) -> Array:
    derivative: Array = true(starts, windows, output)
    return derivative * self._target_statistics(windows)[1][:, None, :, None]


def _during(name: str) -> Plant:
    """Errors in the series' units in one method alone."""

    def method(true: Any, self: Any, *given: Any) -> Any:
        self.in_series = True
        try:
            return true(*given)
        finally:
            self.in_series = False

    def compared(true: Any, self: Any, *given: Any) -> Any:
        return _series_units(self, *given) if getattr(self, "in_series", False) else true(*given)

    def derivative(true: Any, self: Any, *given: Any) -> Array:
        if getattr(self, "in_series", False):
            return _derivative_ignored(true, self, *given)
        return np.asarray(true(*given))

    return overriding(**{name: method}, _compared=compared, _loss_derivative=derivative)


def _target(change: Callable[[Float64, Float64, Float64], Float64]) -> Plant:
    """Other targets in the window, from targets and center `[B, Q, K]` and scale `[B, K]`."""
    return altered(target_in_window=lambda true, *given: change(*given))


def _multiplied(true: Any, self: ReferenceForecaster, starts: Starts, windows: Any, output: Array) -> Any:
    scale = self._target_statistics(windows)[1]
    forecast, targets = _series_units(self, starts, windows, output)
    return forecast * scale[:, None, :, None], targets * scale[:, None]


def _multiplied_derivative(
    true: Any, self: ReferenceForecaster, starts: Starts, windows: Any, output: Array
) -> Array:
    derivative: Array = true(starts, windows, output)
    return derivative * np.square(self._target_statistics(windows)[1])[:, None, :, None]


WINDOWS = (
    windows(
        "constant windows kept",
        "constant windows kept in training",
        _left_out(lambda variances, targets: np.zeros(len(variances), np.bool_)),
    ),
    windows(
        "windows of constant inputs left out",
        "training windows left out in which any input is constant, not only a target",
        _left_out(lambda variances, targets: (variances <= VARIANCE_FLOOR).any(axis=1)),
        applies=when.in_window & when.scaled & when.several_features,
    ),
    windows(
        "windows left out if all targets are constant",
        "training windows left out only if all targets are constant",
        _left_out(lambda variances, targets: (variances[:, targets] <= VARIANCE_FLOOR).all(axis=1)),
        applies=when.in_window & when.scaled & when.several_targets,
    ),
    windows(
        "windows left out if the first target is constant",
        "training windows left out only if the first target is constant",
        _left_out(lambda variances, targets: variances[:, targets[0]] <= VARIANCE_FLOOR),
        applies=when.in_window & when.scaled & when.several_targets,
    ),
    windows(
        "only exactly constant windows left out",
        "training windows left out only if a target is exactly constant",
        _left_out(lambda variances, targets: (variances[:, targets] <= 0).any(axis=1)),
    ),
    windows(
        "constant windows left out of validation",
        "constant windows left out of validation and test too",
        overriding(evaluated_starts=_validation_too),
    ),
    windows(
        "constant windows removed before the stride",
        "constant windows removed before the stride is applied instead of after it",
        overriding(training_starts=_before_the_stride),
        applies=when.in_window & when.scaled & when.strided,
    ),
)

LOSS = (
    loss(
        "loss_scale ignored",
        "errors in the series' units in spite of loss_scale",
        overriding(_compared=_ignored, _loss_derivative=_derivative_ignored),
        applies=when.in_window & when.scaled,
    ),
    loss(
        "loss_scale ignored in validation",
        "a mean loss in the series' units in spite of loss_scale",
        _during("mean_loss"),
        applies=when.in_window & when.scaled,
    ),
    loss(
        "loss_scale ignored in training",
        "training losses and gradients in the series' units in spite of loss_scale",
        _during("loss_and_gradients"),
        applies=when.in_window & when.scaled,
    ),
    loss(
        "errors times the scale",
        "errors multiplied by the window's scale instead of divided",
        overriding(_compared=_multiplied, _loss_derivative=_multiplied_derivative),
        applies=when.in_window & when.scaled,
    ),
    loss(
        "targets not centered in the window",
        "targets divided by the window's scale from which its center is not subtracted",
        _target(lambda targets, center, scale: targets / scale[:, None]),
    ),
    loss(
        "targets not scaled in the window",
        "targets from which the window's center is subtracted, not divided by its scale",
        _target(lambda targets, center, scale: targets - center),
        applies=when.in_window & when.scaled,
    ),
    loss(
        "targets centered after scaling",
        "the window's center subtracted from targets after they are divided by its scale",
        _target(lambda targets, center, scale: targets / scale[:, None] - center),
        applies=when.in_window & when.scaled,
    ),
    loss(
        "targets in the first target's window",
        "all targets normalised by the first target's center and scale",
        _target(lambda targets, center, scale: (targets - center[:, :, :1]) / scale[:, None, :1]),
        applies=when.in_window & when.several_targets,
    ),
)

DERIVATIVES = (
    derivatives(
        "scale in the gradient",
        "a gradient times the window's scale, though errors are measured in the window",
        overriding(_loss_derivative=_derivative_ignored),
    ),
)
