"""Closed-form trials on the validation windows: does the logarithm help, does the calendar?

A ridge regression takes a fraction of a second, and what helps it also helps the network beside it. So these
choices cost little, and no test row is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.known.columns import KnownColumns
from lstm_forecasting.linear.mean import LinearMean, fit_linear_mean

LEAST_GAIN = 0.01
"""Smaller gains on the validation part are often not there on the test part."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Ridge regressions of every target, tried on the validation windows.

    Attributes:
        log: whether the logarithm is forecast.
        calendar: whether they read the calendar.
        means: the fitted means over look-back windows, by target.
        error: the mean over targets of their validation errors, relative to the first trial's.
    """

    log: bool
    calendar: bool
    means: tuple[LinearMean, ...]
    error: float


@dataclass(frozen=True, eq=False)
class TriedSeries:
    """What trials are made on.

    Attributes:
        values: `[rows, targets]` in the series' units, without missing values.
        observed: `[rows, targets]`; None if all were observed.
        split: test rows are not looked at.
        horizon: steps forecast at once.
        look_backs: rows of the windows.
    """

    values: Array
    observed: Truths | None
    split: Split
    horizon: int
    look_backs: tuple[int, ...]


def try_choices(
    series: TriedSeries, known: KnownColumns | None, calendar: KnownColumns | None, logs: Sequence[bool]
) -> tuple[Trial, ...]:
    """Tries the logarithm and the calendar, alone and together; none if there are no validation windows.

    Args:
        series: the targets.
        known: the columns that are known in any case; None for none.
        calendar: the same with the calendar; None if it cannot help or is known in any case.
        logs: whether to try with the logarithm, such as `(False, True)`.
    """
    trials: list[Trial] = []
    for columns, has_calendar in ((known, False), (calendar, True)):
        if has_calendar and columns is None:
            continue
        for log in logs:
            means = _fitted(series, columns, log)
            if means is None or any(np.isnan(mean.validation_error) for mean in means):
                return ()
            first = trials[0].means if trials else means
            error = float(
                np.mean(
                    [
                        mean.validation_error / (one.validation_error or 1.0)
                        for mean, one in zip(means, first, strict=True)
                    ]
                )
            )
            trials.append(Trial(log, has_calendar, means, error))
    return tuple(trials)


def choose_trial(trials: Sequence[Trial]) -> Trial | None:
    """The first trial, unless a later one is better by more than 1 % than all before; None without trials."""
    chosen: Trial | None = None
    for trial in trials:
        if chosen is None or trial.error < chosen.error * (1.0 - LEAST_GAIN):
            chosen = trial
    return chosen


def _fitted(series: TriedSeries, known: KnownColumns | None, log: bool) -> tuple[LinearMean, ...] | None:
    columns = None if known is None else known.standardised(len(series.split.train))
    found = []
    for target, values in enumerate(series.values.T):
        mean = fit_linear_mean(
            values,
            series.split,
            series.horizon,
            series.look_backs,
            log=log,
            known=columns,
            own=0 if known is None else known.own,
            observed=None if series.observed is None else series.observed[:, target],
        )
        if mean is None:
            return None
        found.append(mean)
    return tuple(found)
