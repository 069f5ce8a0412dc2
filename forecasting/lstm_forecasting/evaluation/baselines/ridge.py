"""Ridge regression on windows of several lengths and on the calendar, averaged: often the one to beat.

It forecasts the logarithm of a positive series where that is better on the validation part. See
`lstm_forecasting.linear`.

Sources: Hoerl and Kennard, "Ridge regression", Technometrics 12 (1970); Zeng et al., "Are Transformers
effective for time series forecasting?", AAAI 2023, for linear maps from windows to horizons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.scaling import Scaler
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History
from lstm_forecasting.known.calendar_columns import calendar_columns, calendar_values
from lstm_forecasting.linear.look_backs import affordable_look_backs
from lstm_forecasting.linear.mean import LinearMean, fit_linear_mean

NAME = "linear (ridge)"


@dataclass(frozen=True, eq=False)
class _Calendar:
    """The calendar columns of a fit, to be computed for any rows of the same frequency."""

    names: tuple[str, ...]
    scaler: Scaler

    def columns(self, history: History) -> Array:
        """The standardised columns of all rows and of those after the end, `[rows + ahead, columns]`."""
        if history.times is None:
            raise ValueError("a baseline that was fitted with a calendar needs times")
        values = calendar_values(history.times, history.frequency, self.names, history.country)
        return self.scaler.transform(values)


def _known(history: History, calendar: _Calendar | None) -> Array | None:
    """What is known ahead: the user's own columns, then the calendar; None for nothing."""
    parts = [history.own] if history.own is not None else []
    if calendar is not None:
        parts.append(calendar.columns(history))
    return np.concatenate(parts, axis=1) if parts else None


def ridge_baseline(history: History, split: Split, horizon: int, seasons: Sequence[int]) -> Baseline | None:
    """The fitted baseline; None if a target has fewer than two training windows.

    `seasons` are those of the series in rows, in ascending order.
    """
    rows = len(split.train)
    look_backs = affordable_look_backs(seasons, horizon, rows, history.frequency)
    calendar = _calendar(history, rows)
    known, own = _known(history, calendar), 0 if history.own is None else history.own.shape[1]
    means = []
    for values, observed in zip(history.values.T, history.observed.T, strict=True):
        seen = None if observed.all() else observed
        mean = fit_linear_mean(values, split, horizon, look_backs, known=known, own=own, observed=seen)
        if mean is None:
            return None
        means.append(mean)
    return _baseline(means, calendar)


def _calendar(history: History, training_rows: int) -> _Calendar | None:
    if history.times is None:
        return None
    times, ahead = history.times[: history.rows], history.ahead
    columns = calendar_columns(times, history.frequency, training_rows, ahead, history.country)
    return _Calendar(columns.names, columns.scaler(training_rows)) if columns.names else None


def _baseline(means: Sequence[LinearMean], calendar: _Calendar | None) -> Baseline:
    def forecast(history: History, first_rows: Integers, steps: int) -> Array:
        known = _known(history, calendar)
        return np.stack(
            [
                mean.forecast(values, first_rows, steps, known)
                for mean, values in zip(means, history.values.T, strict=True)
            ],
            axis=2,
        )

    return Baseline("ridge", NAME, max(mean.look_back for mean in means), forecast)
