"""Fits the linear part, the same for every backend: docs/specification.md section 4.

A ridge regression from a window to its whole horizon. All of it is in float64 and shared, because it is
found once, before training, and never changes; what a backend adds to its output is its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lstm_plugins.config import ForecasterConfig
from lstm_plugins.normalisation import Float64, Statistics, normalise, of_values, statistics
from lstm_plugins.records import SeriesSet, Starts
from lstm_plugins.ridge import PENALTIES, PENALTY_WITHOUT_VALIDATION, Batch, best_penalty, regress
from lstm_plugins.weights import Weights

WINDOWS_AT_ONCE = 2048


@dataclass(frozen=True)
class LinearInputs:
    """What the inputs of the linear part are made from.

    Attributes:
        config: all settings.
        series: the series with its known columns.
        indicators: how many of its last columns are indicators of missing values.
    """

    config: ForecasterConfig
    series: SeriesSet
    indicators: int


def linear_inputs(given: LinearInputs, starts: Starts) -> Float64:
    """u, `[B, d]`, of the windows that begin at these rows.

    It is the normalised window, time-major, then the known columns of its last row, then the user's own known
    columns of the target rows, row-major.
    """
    return _inputs_and_statistics(given, starts)[0]


def fit_linear(given: LinearInputs, training: Starts, validation: Starts) -> Weights:
    """The arrays `linear.kernel` and `linear.bias`, in the config's precision.

    Args:
        given: the series and the settings.
        training: first rows of the training windows.
        validation: first rows of the validation windows, which choose the penalty; may be empty.
    """
    config, targets = given.config, range(len(given.series.targets))
    # Where a window's scale weighs its errors, each target has weights of its own; otherwise all share them.
    weighted = config.normalisation in ("standard", "last-deviation") and not config.measured_in_window
    groups = [(target,) for target in targets] if weighted else [tuple(targets)]
    regressions = [regress(_batches(given, training, group, weighted)) for group in groups]
    errors = np.zeros(len(PENALTIES))
    for group, regression in zip(groups, regressions, strict=True):
        for batch in _batches(given, validation, group, weighted):
            errors += regression.errors(batch, PENALTIES)
    penalty = best_penalty(errors) if len(validation) else PENALTY_WITHOUT_VALIDATION
    kernel = np.zeros((regressions[0].input_mean.size, config.horizon, len(targets)))
    bias = np.zeros((config.horizon, len(targets)))
    for group, regression in zip(groups, regressions, strict=True):
        found = regression.solve(penalty)
        kernel[:, :, group] = found.kernel.reshape(len(kernel), config.horizon, len(group))
        bias[:, group] = found.bias.reshape(config.horizon, len(group))
    return {
        "linear.kernel": kernel.reshape(len(kernel), -1).astype(config.precision),
        "linear.bias": bias.reshape(-1).astype(config.precision),
    }


def _inputs_and_statistics(given: LinearInputs, starts: Starts) -> tuple[Float64, Statistics]:
    config, series = given.config, given.series
    inputs = series.values.take(starts[:, None] + np.arange(config.look_back), axis=0)
    found = of_values(statistics(inputs, config), given.indicators)
    parts = [normalise(inputs, found).reshape(len(starts), -1)]
    if series.known is not None:
        first = series.known_rows(starts) + config.look_back
        parts.append(series.known[first - 1])
        ahead = series.known[:, : series.own_known].take(first[:, None] + np.arange(config.horizon), axis=0)
        parts.append(ahead.reshape(len(starts), -1))
    return np.concatenate(parts, axis=1), found


def _batches(given: LinearInputs, starts: Starts, group: tuple[int, ...], weighted: bool) -> Iterator[Batch]:
    """The windows of a regression: u, the normalised targets of a group, s², and what was observed."""
    series, config = given.series, given.config
    columns = [series.targets[target] for target in group]
    for begin in range(0, len(starts), WINDOWS_AT_ONCE):
        part = starts[begin : begin + WINDOWS_AT_ONCE]
        u, found = _inputs_and_statistics(given, part)
        rows = part[:, None] + config.look_back + np.arange(config.horizon)
        scale = found.scale[:, columns]
        outputs = (series.values[:, columns].take(rows, axis=0) - found.ahead[:, :, columns]) / scale[:, None]
        observed = None if series.observed is None else series.observed[:, list(group)].take(rows, axis=0)
        yield Batch(
            u,
            outputs.reshape(len(part), -1),
            np.square(scale[:, 0]) if weighted else None,
            None if observed is None else observed.reshape(len(part), -1),
        )
