"""Columns that are known ahead of time: in the window's inputs, and of the target rows."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.normalisation import of_all_rows, statistics
from lstm_plugins.records import NormalisedWindows, SeriesSet, Starts
from lstm_plugins.reference.forecaster import ReferenceForecaster

deviation = partial(Deviation, level="normalised", applies=when.known)
Float64 = NDArray[np.float64]
Rows = Callable[..., Float64]
"""Known columns of some rows of windows, from series, starts and config."""


def _of_series(change: Callable[[SeriesSet], SeriesSet]) -> Callable[..., Float64]:
    """The known columns of another series."""

    def rows(true: Rows, series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
        return true(change(series), starts, config)

    return rows


def _moved(by: int) -> Callable[..., Float64]:
    """The known columns of the rows so many rows later; the edges are repeated."""

    def change(series: SeriesSet) -> SeriesSet:
        known = _known(series)
        return replace(series, known=known[np.clip(np.arange(len(known)) + by, 0, len(known) - 1)])

    return _of_series(change)


def _known(series: SeriesSet) -> Float64:
    assert series.known is not None  # noqa: S101 - only series with known columns are asked for them
    return series.known


def _without_ahead(series: SeriesSet) -> SeriesSet:
    """The series as one, so that the rows of the stack are those of its known columns."""
    return replace(series, lengths=(len(series.values),))


def _of_first_row(true: Rows, series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    return true(series, starts - (config.patch - 1), config)


def _look_back_rows(series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    """The known columns of all rows of the windows, `[B, look_back, G]`."""
    return _known(series).take(series.known_rows(starts)[:, None] + np.arange(config.look_back), axis=0)


def _inputs_normalised(true: Rows, series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    inputs = _look_back_rows(series, starts, config)
    found = statistics(inputs, config)
    last = np.arange(config.patch - 1, config.look_back, config.patch)
    return np.asarray((true(series, starts, config) - found.center[:, last]) / found.scale[:, None])


def _ahead_normalised(true: Rows, series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    found = statistics(_look_back_rows(series, starts, config), config)
    return np.asarray((true(series, starts, config) - found.ahead) / found.scale[:, None])


def _standardised_ahead(true: Rows, *given: Any) -> Float64:
    ahead = true(*given)
    found = of_all_rows(ahead.mean(axis=1), ahead.std(axis=1), given[2])
    return np.asarray((ahead - found.ahead) / np.where(found.scale > 0, found.scale, 1.0)[:, None])


def _last_row_ahead(true: Rows, series: SeriesSet, starts: Starts, config: ForecasterConfig) -> Float64:
    last = _known(series).take(series.known_rows(starts) + config.look_back - 1, axis=0)
    return np.repeat(last[:, None], config.horizon, axis=1)


def _known_first(true: Any, self: ReferenceForecaster, starts: Starts) -> NormalisedWindows:
    windows: NormalisedWindows = true(starts)
    values, known = np.split(windows.inputs, [-self.known], axis=2)
    return replace(windows, inputs=np.concatenate([known, values], axis=2))


def _same_for_all_steps(true: Any, self: ReferenceForecaster, *given: Any) -> Any:
    features = true(*given)
    return None if features is None else np.repeat(features[:, :1], features.shape[1], axis=1)


def _columns(change: Callable[[Float64], Float64]) -> Plant:
    """Other known columns, in the inputs and in the target rows, from those of a row in the last axis."""

    def rows(true: Rows, *given: Any) -> Float64:
        return change(true(*given))

    return altered(known_inputs=rows, known_ahead=rows)


several_known = when.Condition(lambda probe: probe.series.known_columns > 1)

DEVIATIONS = (
    deviation(
        "known inputs one early",
        "the known columns of the row before in each input row",
        altered(known_inputs=_moved(-1)),
    ),
    deviation(
        "known inputs one late",
        "the known columns of the next row in each input row",
        altered(known_inputs=_moved(1)),
    ),
    deviation(
        "known targets one early",
        "the known columns of the row before in each target row",
        altered(known_ahead=_moved(-1)),
    ),
    deviation(
        "known targets one late",
        "the known columns of the next row in each target row",
        altered(known_ahead=_moved(1)),
    ),
    deviation(
        "known everywhere one early",
        "the known columns of the row before in input rows and target rows",
        altered(known_inputs=_moved(-1), known_ahead=_moved(-1)),
    ),
    deviation(
        "known everywhere one late",
        "the known columns of the next row in input rows and target rows",
        altered(known_inputs=_moved(1), known_ahead=_moved(1)),
    ),
    deviation(
        "known of a patch's first row",
        "the known columns of a patch's first row instead of its last",
        altered(known_inputs=_of_first_row),
        applies=when.known & when.patched,
    ),
    deviation(
        "known of another series",
        "known columns without the rows ahead of each series, so that later series get those of other rows",
        altered(known_inputs=_of_series(_without_ahead), known_ahead=_of_series(_without_ahead)),
        applies=when.known_ahead & when.several_series,
    ),
    deviation(
        "known inputs normalised",
        "the known columns of the input rows normalised per window",
        altered(known_inputs=_inputs_normalised),
        applies=when.known & when.normalised,
    ),
    deviation(
        "known targets normalised",
        "the known columns of the target rows normalised by the window",
        altered(known_ahead=_ahead_normalised),
        applies=when.known & when.normalised,
    ),
    deviation(
        "known everywhere normalised",
        "the known columns of input rows and target rows normalised by the window",
        altered(known_inputs=_inputs_normalised, known_ahead=_ahead_normalised),
        applies=when.known & when.normalised,
    ),
    deviation(
        "known targets standardised",
        "the known columns of the target rows standardised over the horizon",
        altered(known_ahead=_standardised_ahead),
        applies=when.known & when.long_horizon,
    ),
    deviation(
        "known of the last input row",
        "the known columns of the last input row in every target row",
        altered(known_ahead=_last_row_ahead),
        applies=when.known & when.long_horizon,
    ),
    deviation(
        "known targets reversed",
        "the known columns of the target rows in reverse order",
        altered(known_ahead=lambda true, *given: true(*given)[:, ::-1]),
        applies=when.known & when.long_horizon,
    ),
    deviation(
        "known columns first",
        "the known columns before a patch's values instead of after them",
        overriding(normalised_windows=_known_first),
    ),
    deviation(
        "known columns reversed",
        "the known columns in reverse order",
        _columns(lambda known: known[..., ::-1]),
        applies=several_known,
    ),
    deviation(
        "features of the first target row",
        "the known columns and lags of the first target row in every target row",
        overriding(_step_features=_same_for_all_steps),
        applies=when.stepping & when.long_horizon,
    ),
)
