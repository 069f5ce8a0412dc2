"""Target values that were not observed, and indicators of missing values, from windows to epochs."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_conformance.deviations.fit import reporting
from lstm_conformance.deviations.windows import of_each_series
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet, Starts, TargetRows
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.loss import Mask
from lstm_plugins.weights import Array

windows = partial(Deviation, level="windows", applies=when.masked)
normalised = partial(Deviation, level="normalised")
loss = partial(Deviation, level="loss", applies=when.masked)
derivatives = partial(Deviation, level="derivatives", applies=when.masked)
trajectory = partial(Deviation, level="trajectory", applies=when.masked)


def _kept(choose: Callable[[Mask, Mask], Any], *, training_too: bool = False) -> Plant:
    """Other lists of windows.

    `choose` says which windows are kept, from the masks of their targets `[B, Q, K]` and of their last input
    rows `[B, K]`. In a training list the latter is True, unless its last input rows count too.
    """

    def kept_starts(
        true: Any, series: SeriesSet, config: ForecasterConfig, starts: Starts, evaluated: bool
    ) -> Starts:
        if series.observed is None:
            return starts
        rows = starts[:, None] + config.look_back + np.arange(config.horizon)
        last = series.observed[starts + config.look_back - 1] | (not (evaluated or training_too))
        chosen: Starts = starts[choose(series.observed[rows], last)]
        return chosen

    return altered(kept_starts=kept_starts)


def _row(by: int) -> Plant:
    """Evaluated windows chosen by another row than the last input row, so many rows after it."""

    def kept_starts(
        true: Any, series: SeriesSet, config: ForecasterConfig, starts: Starts, evaluated: bool
    ) -> Starts:
        kept = np.asarray(true(series, config, starts, False))
        if series.observed is None or not evaluated:
            return kept
        chosen: Starts = kept[series.observed[kept + config.look_back - 1 + by].any(axis=1)]
        return chosen

    return altered(kept_starts=kept_starts)


def _before_the_stride(
    true: Any, self: ReferenceForecaster, rows: TargetRows, stride: int, *, evaluated: bool = False
) -> Starts:
    parts = of_each_series(self._loaded(), true(rows, 1, evaluated=evaluated))
    return np.concatenate([part[::stride] for part in parts])


def _masks(change: Callable[[Any, Mask, Starts, ForecasterConfig], Mask]) -> Plant:
    """Other masks of windows, from the true function, the mask of the series, starts and config."""
    return altered(observed_windows=change)


def _moved(by: int) -> Plant:
    def masks(true: Any, observed: Mask, starts: Starts, config: ForecasterConfig) -> Mask:
        edged: Mask = np.concatenate([observed[:1], observed, observed[-1:]])
        moved: Mask = true(edged, starts + 1 + by, config)
        return moved

    return _masks(masks)


def _inverted(true: Any, *given: Any) -> Mask:
    observed: Mask = true(*given)
    return ~observed


def _columns_sorted(true: Any, self: ReferenceForecaster, starts: Starts) -> Mask:
    observed: Mask = true(starts)
    return observed[:, :, np.argsort(self.targets)]


def _without_mask(true: Any, self: ReferenceForecaster, series: SeriesSet) -> None:
    true(replace(series, observed=None))


def _as_observed(true: Any, config: ForecasterConfig, p: Array, t: Array, observed: Mask) -> Any:
    return true(config, p, t, np.ones_like(observed))


def _by_windows(true: Any, observed: Mask) -> float:
    """The weight of a batch's loss: its windows, whatever was observed."""
    return float(len(observed))


def _by_all(true: Any, config: ForecasterConfig, p: Array, t: Array, observed: Mask) -> Any:
    return true(config, p, t, observed) * (int(observed.sum()) / observed.size)


def _mean_of_means(axis: int) -> Plant:
    """The mean over an axis of `[B, Q, K]` of the means of what was observed in each part."""

    def averaged(true: Any, config: ForecasterConfig, p: Array, t: Array, observed: Mask) -> Any:
        apart = np.moveaxis(observed, axis, 0)
        numbered = np.arange(len(apart))[:, None, None]
        parts = (np.moveaxis(apart & (numbered == n), 0, axis) for n in range(len(apart)))
        found = [true(config, p, t, part) for part in parts if part.any()]
        return sum(found) / len(found) if found else true(config, p, t, observed)

    return altered(loss=averaged, loss_derivative=averaged)


def _epoch_loss_by_windows(self: Any, losses: Any, norms: Any) -> dict[str, float]:
    size, count = self.config.batch_size, self.fitted.in_epoch(self.config)
    weights = [min(size, count - first) for first in range(0, count, size)]
    return {"training_loss": float(np.average(losses, weights=weights))}


on_several_targets = partial(windows, applies=when.masked & when.several_targets)

WINDOWS = (
    windows("mask ignored", "missing target values taken as observed", overriding(load_series=_without_mask)),
    windows(
        "windows without targets kept",
        "windows none of whose targets was observed kept",
        _kept(lambda targets, last: last.any(axis=1)),
    ),
    windows(
        "evaluated windows not filtered",
        "validation and test windows kept whose last input row was made up",
        _kept(lambda targets, last: targets.any(axis=(1, 2))),
    ),
    windows(
        "training windows filtered too",
        "training windows left out whose last input row was made up",
        _kept(lambda targets, last: targets.any(axis=(1, 2)) & last.any(axis=1), training_too=True),
    ),
    windows(
        "lists without the mask",
        "lists of windows without regard to what was observed",
        _kept(lambda targets, last: np.ones(len(targets), np.bool_)),
    ),
    windows(
        "complete windows only",
        "windows left out in which any target was made up",
        _kept(lambda targets, last: targets.all(axis=(1, 2)) & last.any(axis=1)),
    ),
    on_several_targets(
        "last row of every target",
        "validation and test windows left out in whose last input row any target was made up",
        _kept(lambda targets, last: targets.any(axis=(1, 2)) & last.all(axis=1)),
    ),
    windows(
        "first target row for last input row",
        "validation and test windows chosen by their first target row instead of their last input row",
        _row(1),
    ),
    windows(
        "second-to-last input row",
        "validation and test windows chosen by their second-to-last input row",
        _row(-1),
        applies=when.masked & when.long_look_back,
    ),
    windows(
        "removed before the stride",
        "windows without targets removed before the stride is applied instead of after it",
        overriding(window_starts=_before_the_stride),
        applies=when.masked & when.strided,
    ),
    windows("mask one late", "a mask that starts one row late", _moved(1)),
    windows("mask one early", "a mask that starts at the last input row", _moved(-1)),
    windows(
        "mask of the inputs",
        "the mask of the first input rows instead of that of the target rows",
        _masks(lambda true, observed, starts, config: true(observed, starts - config.look_back, config)),
    ),
    windows("mask inverted", "observed and made-up values exchanged", _masks(_inverted)),
    on_several_targets(
        "first target's mask",
        "the first target's mask for all targets",
        _masks(lambda true, *given: np.repeat(true(*given)[:, :, :1], given[0].shape[1], axis=2)),
    ),
    windows(
        "mask columns sorted",
        "the mask's columns in ascending order of the target columns",
        overriding(_observed=_columns_sorted),
        applies=when.masked & when.unsorted_targets,
    ),
    windows(
        "windows taken as complete",
        "all targets of the windows taken as observed",
        _masks(lambda true, *given: np.ones_like(true(*given))),
    ),
)

NORMALISED = (
    normalised(
        "indicators normalised",
        "indicators of missing values normalised like values",
        altered(of_values=lambda true, found, indicators: found),
        when.indicating & when.normalised,
    ),
    normalised(
        "one indicator assumed",
        "only the last column taken as an indicator of missing values",
        altered(of_values=lambda true, found, indicators: true(found, min(indicators, 1))),
        when.several_indicators & when.normalised,
    ),
)

LOSS = (
    loss(
        "made-up targets in the loss",
        "made-up targets counted in the loss like observed ones",
        altered(loss=_as_observed, loss_derivative=_as_observed, weight=_by_windows),
    ),
    loss(
        "divided by all",
        "the sum over observed values divided by the number of all values",
        altered(loss=_by_all, loss_derivative=_by_all, weight=_by_windows),
    ),
    loss(
        "mean of windows",
        "the mean of the windows' means over their observed values",
        _mean_of_means(0),
    ),
    loss(
        "mean of targets",
        "the mean of the targets' means over their observed values",
        _mean_of_means(2),
        applies=when.masked & when.several_targets,
    ),
    loss(
        "mean loss by windows",
        "a mean loss that weighs batches by their windows instead of their observed values",
        altered(weight=_by_windows),
    ),
)

DERIVATIVES = (
    derivatives(
        "made-up targets in the gradient",
        "made-up targets in the gradient, though not in the loss",
        altered(loss_derivative=_as_observed),
    ),
    derivatives(
        "gradient divided by all",
        "a gradient divided by the number of all values, though the loss is not",
        altered(loss_derivative=_by_all),
    ),
)

TRAJECTORY = (
    trajectory(
        "epoch loss by windows",
        "a training loss that weighs batches by their windows instead of their observed values",
        reporting(_epoch_loss_by_windows),
    ),
)
