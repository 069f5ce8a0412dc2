"""Ridge regression on windows of several lengths and on the calendar, averaged: often the one to beat.

The error on the validation part decides whether the logarithm of a positive series is forecast, and whether
the effects of holidays and of the user's known columns are regressed out of the series first. See
`lstm_forecasting.linear`.

Sources: Hoerl and Kennard, "Ridge regression", Technometrics 12 (1970); Zeng et al., "Are Transformers
effective for time series forecasting?", AAAI 2023, for linear maps from windows to horizons.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.scaling import Scaler
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import WEEK
from lstm_forecasting.evaluation.baselines.baseline import Baseline, History
from lstm_forecasting.known.calendar_columns import calendar_columns, calendar_values, is_about_holidays
from lstm_forecasting.linear.look_backs import affordable_look_backs
from lstm_forecasting.linear.mean import LinearMean, fit_linear_mean

NAME = "linear (ridge)"


@dataclass(frozen=True, eq=False)
class _Calendar:
    """The calendar columns of a fit, to be computed for any rows of the same frequency."""

    names: tuple[str, ...]
    scaler: Scaler

    @property
    def holidays(self) -> Truths:
        """Which columns are about holidays, `[columns]`."""
        return np.array([is_about_holidays(name) for name in self.names], dtype=bool)

    def columns(self, history: History) -> Array:
        """The standardised columns of all rows and of those after the end, `[rows + ahead, columns]`."""
        if history.times is None:
            raise ValueError("a baseline that was fitted with a calendar needs times")
        values = calendar_values(history.times, history.frequency, self.names, history.country)
        return self.scaler.transform(values)


@dataclass(frozen=True, eq=False)
class _Known:
    """What is known ahead, in the rows of a history and after its end.

    Attributes:
        windows: `[rows + ahead, columns]`, read beside each window, the user's own first; None for nothing.
        own: number of the user's own among them, which are read in the rows to be forecast too.
        effects: `[rows + ahead, columns]`, regressed out of the series first; None for nothing.
    """

    windows: Array | None
    own: int = 0
    effects: Array | None = None


_Use = Literal["read", "holidays regressed", "all regressed", "no calendar"]
"""What becomes of known columns: all are read beside the windows; the effects of holidays, or of holidays and
the user's own columns, are regressed out first; or the calendar is left out."""


def _known(history: History, calendar: _Calendar | None, uses: Collection[_Use]) -> dict[_Use, _Known]:
    """What is known ahead, for each use of it."""
    days = np.empty((history.rows + history.ahead, 0)) if calendar is None else calendar.columns(history)
    holidays = np.zeros(days.shape[1], dtype=bool) if calendar is None else calendar.holidays
    own = days[:, :0] if history.own is None else history.own
    return {use: _parted(own, days, holidays, use) for use in uses}


def _parted(own: Array, days: Array, holidays: Truths, use: _Use) -> _Known:
    if use == "read":
        return _Known(_joined(own, days), own.shape[1])
    if use == "no calendar":
        return _Known(_joined(own), own.shape[1])
    if use == "holidays regressed":
        return _Known(_joined(own, days[:, ~holidays]), own.shape[1], _joined(days[:, holidays]))
    return _Known(_joined(days[:, ~holidays]), 0, _joined(own, days[:, holidays]))


def _joined(*parts: Array) -> Array | None:
    columns = np.concatenate(parts, axis=1)
    return columns if columns.shape[1] else None


@dataclass(frozen=True, eq=False)
class _Fit:
    """The fit of one target, and what became of known columns in it."""

    mean: LinearMean
    use: _Use

    def forecast(self, values: Array, first_rows: Integers, steps: int, known: dict[_Use, _Known]) -> Array:
        read = known[self.use]
        return self.mean.forecast(values, first_rows, steps, read.windows, read.effects)


def ridge_baseline(history: History, split: Split, horizon: int, seasons: Sequence[int]) -> Baseline | None:
    """The fitted baseline; None if a target has fewer than two training windows.

    `seasons` are those of the series in rows, in ascending order.
    """
    rows = len(split.train)
    look_backs = affordable_look_backs(seasons, horizon, rows, history.frequency)
    season = _season_of_effects(seasons, history.frequency)
    calendar = _calendar(history, rows)
    known = _known(history, calendar, _suitable(history, calendar))
    fits = []
    for values, observed in zip(history.values.T, history.observed.T, strict=True):
        seen = None if observed.all() else observed
        found: list[_Fit] = []
        for use, read in known.items():
            mean = fit_linear_mean(
                values,
                split,
                horizon,
                look_backs,
                # What the first fit chose, since each further choice would double the time.
                log=found[0].mean.log if found else None,
                known=read.windows,
                own=read.own,
                observed=seen,
                columns=read.effects,
                season=season,
            )
            if mean is None:
                return None
            found.append(_Fit(mean, use))
        # Without validation windows errors are nan, and nothing is regressed out.
        fits.append(min(found, key=lambda fit: fit.mean.validation_error))
    return _baseline(fits, calendar)


def _calendar(history: History, training_rows: int) -> _Calendar | None:
    if history.times is None:
        return None
    times, ahead = history.times[: history.rows], history.ahead
    columns = calendar_columns(times, history.frequency, training_rows, ahead, history.country)
    return _Calendar(columns.names, columns.scaler(training_rows)) if columns.names else None


def _suitable(history: History, calendar: _Calendar | None) -> tuple[_Use, ...]:
    """The uses to be compared, reading everything first.

    Where nothing can be regressed out, the calendar may be left out: with less than a year, its waves may say
    nothing that the windows do not, and extrapolate badly.
    """
    uses: list[_Use] = ["read"]
    if calendar is not None and calendar.holidays.any():
        uses.append("holidays regressed")
    if history.own is not None:
        uses.append("all regressed")
    if len(uses) == 1 and calendar is not None:
        uses.append("no calendar")
    return tuple(uses)


def _season_of_effects(seasons: Sequence[int], frequency: Frequency) -> int:
    """The rows between those that effects are compared with: a week if there is one, since days differ."""
    weeks = [length for length in seasons if frequency.kind == "fixed" and length * frequency.size == WEEK]
    return next(iter((*weeks, *seasons)), 1)


def _baseline(fits: Sequence[_Fit], calendar: _Calendar | None) -> Baseline:
    def forecast(history: History, first_rows: Integers, steps: int) -> Array:
        known = _known(history, calendar, {fit.use for fit in fits})
        return np.stack(
            [
                fit.forecast(values, first_rows, steps, known)
                for fit, values in zip(fits, history.values.T, strict=True)
            ],
            axis=2,
        )

    return Baseline("ridge", NAME, max(fit.mean.look_back for fit in fits), forecast)
