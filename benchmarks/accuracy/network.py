"""LSTMs of the NumPy backend, trained in this process on one series."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.tasks import Forecast, Task

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.windows import window_starts
from lstm_forecasting.linear.mean import WORST_RATIO
from lstm_forecasting.linear.member import mean_error
from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.discovery import find_backend
from lstm_plugins.errors import NotFiniteError

_WINDOWS_AT_ONCE = 2048


@dataclass(frozen=True, eq=False)
class Member:
    """A forecast that may be averaged with others.

    Attributes:
        name: in words.
        forecast: its forecasts.
        validation_error: mean absolute error on the validation windows.
    """

    name: str
    forecast: Forecast
    validation_error: float


def train(task: Task, config: ForecasterConfig, series: Array, known: Array | None = None) -> Member:
    """Trains an LSTM until its validation loss no longer improves.

    Args:
        task: its split and horizon; the horizon of `config` is the same.
        config: all settings.
        series: `[rows]`, the values of the task or what is left of them; forecasts are of these.
        known: `[rows, columns]`, standardised; None for no known columns.
    """
    split, horizon = task.split, task.horizon
    training = series[split.train.slice]
    mean, deviation = float(training.mean()), float(training.std()) or 1.0
    scaled = ((series - mean) / deviation)[:, np.newaxis]
    observed = None if task.observed is None else task.observed[:, np.newaxis]
    model = find_backend("numpy").load_forecaster()(
        config, 1, (0,), known=0 if known is None else known.shape[1]
    )
    model.load_series(SeriesSet(scaled, (0,), (len(series),), observed, known))
    parts = [((part.start, part.stop),) for part in (split.train, split.validation)]
    try:
        for _ in model.fit(*parts):
            pass
    except NotFiniteError as error:
        raise ValueError(f"{task.name}: {error}") from error

    def forecast(first_rows: Integers) -> Array:
        found = np.empty((len(first_rows), horizon))
        for begin in range(0, len(first_rows), _WINDOWS_AT_ONCE):
            rows = slice(begin, begin + _WINDOWS_AT_ONCE)
            starts = np.asarray(first_rows[rows]) - config.look_back
            found[rows] = model.predict(starts)[:, :, 0, config.point_quantile]
        return found * deviation + mean

    rows = validation_rows(task)
    name = f"{config.look_back} {config.loss}"
    return Member(name, forecast, mean_error(forecast, series, rows, horizon, task.observed))


def validation_rows(task: Task) -> Integers:
    """The first rows of the validation windows, at stride 1."""
    observed = None if task.observed is None else task.observed[:, np.newaxis]
    starts = window_starts(task.split.validation, 1, task.horizon, observed=observed, evaluated=True)
    return starts + 1


def mean_of(members: Sequence[Member]) -> tuple[Forecast, tuple[str, ...]]:
    """The equally weighted mean of members, and the names of those that were left out as much worse."""
    worst = WORST_RATIO * min(member.validation_error for member in members)
    kept = [member.forecast for member in members if not member.validation_error > worst]

    def forecast(first_rows: Integers) -> Array:
        return np.asarray(np.mean([one(first_rows) for one in kept], axis=0))

    return forecast, tuple(member.name for member in members if member.validation_error > worst)
