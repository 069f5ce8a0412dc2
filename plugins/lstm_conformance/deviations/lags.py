"""Lagged values of the targets, which each step of the forecast sees."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import SeriesSet, Starts
from lstm_plugins.reference.forecaster import ReferenceForecaster

deviation = partial(Deviation, level="normalised", applies=when.lagged)
windows = partial(Deviation, level="windows", applies=when.long_lags)
Float64 = NDArray[np.float64]


def _rows(choose: Callable[[ForecasterConfig, int], Any]) -> Plant:
    """The targets of other rows.

    `choose` gives them for each step of the horizon, counted from the first target row, from config and lag.
    """

    def lagged(
        true: Any, series: SeriesSet, starts: Starts, config: ForecasterConfig, scale: Float64
    ) -> list[Float64]:
        columns = list(series.targets)
        targets, first = series.values[:, columns], starts[:, None] + config.look_back
        # What is planted in centering and scaling stays: with a lag of 0 rows before, that is all of it.
        found = []
        for lag, right in zip(config.lags, true(series, starts, config, scale), strict=True):
            wanted = np.clip(first + choose(config, lag), 0, len(targets) - 1)
            there = np.clip(first + np.arange(config.horizon) - lag, 0, len(targets) - 1)
            found.append(right + (targets[wanted] - targets[there]) / scale[:, None, columns])
        return found

    return altered(lagged_targets=lagged)


def _minus(last: Callable[[SeriesSet, Starts, ForecasterConfig], Float64]) -> Plant:
    """Lagged values minus something else `[B, K]` than the window's last value."""

    def lagged(
        true: Any, series: SeriesSet, starts: Starts, config: ForecasterConfig, scale: Float64
    ) -> list[Float64]:
        columns = list(series.targets)
        right = series.values[:, columns].take(starts + config.look_back - 1, axis=0)
        change = (right - last(series, starts, config)) / scale[:, columns]
        return [one + change[:, None] for one in true(series, starts, config, scale)]

    return altered(lagged_targets=lagged)


def _window(series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    """The targets of all rows of the windows, `[B, look_back, K]`."""
    rows = starts[:, None] + np.arange(config.look_back)
    return series.values[:, list(series.targets)].take(rows, axis=0)


def _not_scaled(
    true: Any, series: SeriesSet, starts: Starts, config: ForecasterConfig, scale: Float64
) -> Any:
    return true(series, starts, config, np.ones_like(scale))


def _scaled_by_columns(choose: Callable[[tuple[int, ...]], list[int]]) -> Plant:
    """The scale of other columns."""

    def lagged(true: Any, series: SeriesSet, starts: Starts, config: Any, scale: Float64) -> Any:
        other = scale.copy()
        other[:, list(series.targets)] = scale[:, choose(series.targets)]
        return true(series, starts, config, other)

    return altered(lagged_targets=lagged)


def _of_columns(choose: Callable[[int], Any]) -> Plant:
    """The lagged values of other targets; `choose` gives their numbers from how many there are."""

    def lagged(true: Any, *given: Any) -> list[Float64]:
        return [one[:, :, choose(one.shape[2])] for one in true(*given)]

    return altered(lagged_targets=lagged)


def _target_by_target(true: Any, *given: Any) -> list[Float64]:
    found = true(*given)
    stacked = np.stack(found, axis=-1)
    return np.split(stacked.reshape(*stacked.shape[:2], -1), len(found), axis=2)


def _known_last(true: Any, self: ReferenceForecaster, *given: Any) -> Any:
    features = true(*given)
    return np.concatenate([features[:, :, self.known :], features[:, :, : self.known]], axis=2)


def _starting(lags: Callable[[ForecasterConfig], tuple[int, ...]]) -> Plant:
    """Windows that begin as late as these lags need."""
    return altered(
        window_starts=lambda true, series, config, *rest: true(
            series, replace(config, lags=lags(config)), *rest
        )
    )


WINDOWS = (
    windows(
        "windows before the longest lag",
        "windows whose longest lag reaches before the start of the series",
        _starting(lambda config: ()),
    ),
    windows(
        "longest lag before the window",
        "windows that begin as late as if lags were counted from their first row",
        _starting(lambda config: (config.look_back + config.rows_before,)),
        applies=when.lagged,
    ),
)

NORMALISED = (
    deviation(
        "lag one more",
        "lagged values one row before those asked for",
        _rows(lambda config, lag: np.arange(config.horizon) - lag - 1),
    ),
    deviation(
        "lag one less",
        "lagged values one row after those asked for",
        _rows(lambda config, lag: np.arange(config.horizon) - lag + 1),
    ),
    deviation(
        "lags before the first target row",
        "lags counted from the first target row for every target row",
        _rows(lambda config, lag: np.full(config.horizon, -lag)),
        applies=when.lagged & when.long_horizon,
    ),
    deviation(
        "lags before the last input row",
        "lags counted from the window's last row for every target row",
        _rows(lambda config, lag: np.full(config.horizon, -lag - 1)),
    ),
    deviation(
        "lags in reverse over the horizon",
        "the lagged values of the target rows in reverse order",
        _rows(lambda config, lag: np.arange(config.horizon)[::-1] - lag),
        applies=when.lagged & when.long_horizon,
    ),
    deviation(
        "lags not centered",
        "lagged values from which the window's last value is not subtracted",
        _minus(lambda series, starts, config: np.zeros((len(starts), len(series.targets)))),
    ),
    deviation(
        "lags minus the mean",
        "the window's mean subtracted from lagged values instead of its last value",
        _minus(lambda *given: _window(*given).mean(axis=1)),
    ),
    deviation(
        "lags minus the first value",
        "the window's first value subtracted from lagged values instead of its last",
        _minus(lambda *given: _window(*given)[:, 0]),
    ),
    deviation(
        "lags minus the first target's last value",
        "the first target's last value subtracted from the lagged values of all targets",
        _minus(lambda *given: _window(*given)[:, -1, :1]),
        applies=when.lagged & when.several_targets,
    ),
    deviation(
        "lags not scaled",
        "lagged values that are not divided by the window's scale",
        altered(lagged_targets=_not_scaled),
        applies=when.lagged & when.scaled,
    ),
    deviation(
        "lags scaled by the first target",
        "lagged values of all targets divided by the first target's scale",
        _scaled_by_columns(lambda targets: [targets[0]] * len(targets)),
        applies=when.lagged & when.scaled & when.several_targets,
    ),
    deviation(
        "lags scaled by the first columns",
        "lagged values divided by the first columns' scales instead of the targets'",
        _scaled_by_columns(lambda targets: list(range(len(targets)))),
        applies=when.lagged & when.scaled & when.targets_not_first,
    ),
    deviation(
        "lags of the first target",
        "the first target's lagged values for all targets",
        _of_columns(lambda targets: [0] * targets),
        applies=when.lagged & when.several_targets,
    ),
    deviation(
        "lags with targets reversed",
        "the lagged values of the targets in reverse order",
        _of_columns(lambda targets: slice(None, None, -1)),
        applies=when.lagged & when.several_targets,
    ),
    deviation(
        "lags target by target",
        "lagged values target by target instead of lag by lag",
        altered(lagged_targets=_target_by_target),
        applies=when.several_lags & when.several_targets,
    ),
    deviation(
        "lags falling",
        "the longest lag first instead of the shortest",
        altered(lagged_targets=lambda true, *given: true(*given)[::-1]),
        applies=when.several_lags,
    ),
    deviation(
        "known columns after lags",
        "lagged values before the known columns of a target row instead of after them",
        overriding(_step_features=_known_last),
        applies=when.lagged & when.known,
    ),
)
