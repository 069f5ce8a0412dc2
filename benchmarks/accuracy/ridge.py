"""The mean of ridge regressions as the tables show it: the strongest baseline, chosen on validation."""

from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.tasks import Forecast, Task

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.seasons import season_candidates
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.known.calendar_columns import calendar_columns
from lstm_forecasting.linear.effects import fit_effects
from lstm_forecasting.linear.look_backs import usual_look_backs
from lstm_forecasting.linear.mean import LinearMean, fit_linear_mean

_LEAST_YEARS = np.timedelta64(2 * 365, "D")


@dataclass(frozen=True, eq=False)
class FittedRidge:
    """A fitted mean of ridge regressions.

    Attributes:
        mean: the regressions.
        read: what they read beside the series, in words.
        forecast: its forecasts.
    """

    mean: LinearMean
    read: str
    forecast: Forecast

    @property
    def note(self) -> str:
        """What was chosen on validation, such as `log, look-back 98 210 371, calendar`."""
        rows = " ".join(str(member.look_back) for member in self.mean.members)
        return f"{'log, ' if self.mean.log else ''}look-back {rows}{self.read}"


def fit_ridge(task: Task, *, known: bool = False, refit: bool = True) -> FittedRidge:
    """Fits the mean of ridge regressions; validation chooses penalties, members and the logarithm.

    Args:
        task: what to forecast. The calendar is read with two years of training rows or more.
        known: regress out the effects of the task's known columns first.
        refit: fit again on training and validation rows once everything is chosen.

    Raises:
        ValueError: the series is too short.
    """
    effects = known_effects(task) if known else np.zeros(len(task.values))
    series = task.values - effects
    calendar = calendar_of(task)
    mean = fit_linear_mean(
        series,
        task.split,
        task.horizon,
        look_backs(task),
        known=calendar,
        observed=task.observed,
        refit=refit,
    )
    if mean is None:
        raise ValueError(f"{task.name} is too short for a ridge regression")

    def forecast(first_rows: Integers) -> Array:
        ahead = effects[first_rows[:, np.newaxis] + np.arange(task.horizon)]
        return mean.forecast(series, first_rows, task.horizon, calendar) + ahead

    return FittedRidge(mean, ", calendar" if calendar is not None else "", forecast)


def known_effects(task: Task) -> Array:
    """The effects `[rows]` of the task's known columns.

    Raises:
        ValueError: it has none, or the series is too short.
    """
    found = None
    if task.known is not None:
        found = fit_effects(task.values, task.known, calendar_season(task), task.split, task.observed)
    if found is None or task.known is None:
        raise ValueError(f"{task.name} has no effects of known columns")
    return found.of(task.known)


def calendar_of(task: Task) -> Array | None:
    """The standardised calendar columns; None with less than two years, where they say nothing of a year."""
    training = len(task.split.train)
    if task.times is None or task.times[training - 1] - task.times[0] < _LEAST_YEARS:
        return None
    columns = calendar_columns(task.times, task.frequency, training, 0)
    return columns.standardised(training) if columns.names else None


def calendar_season(task: Task) -> int:
    """The calendar's shortest season of a day or longer, in rows; 1 for none."""
    lengths = season_candidates(task.frequency)
    if task.frequency.kind == "fixed":
        lengths = tuple(length for length in lengths if length * task.frequency.size >= DAY)
    return lengths[0] if lengths else 1


def look_backs(task: Task) -> tuple[int, ...]:
    """The usual look-back windows."""
    return usual_look_backs(calendar_season(task), task.horizon, len(task.split.train), task.frequency)
