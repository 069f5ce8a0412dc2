"""The recipe: LSTMs that correct a ridge regression, or LSTMs and ridge regressions half and half.

With a calendar of two years or more, an LSTM learns what a ridge regression with a year of look-back leaves
over. It also sees the calendar and lagged values of the days to be forecast. Without it, LSTMs with two
look-back windows and two losses are averaged, and that mean is averaged with the ridge regressions. Neither
is worth it on short series, whose recipe is the mean of ridges.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.network import Member, mean_of, train, validation_rows
from benchmarks.accuracy.ridge import FittedRidge, calendar_of, calendar_season, known_effects
from benchmarks.accuracy.tasks import Forecast, Task

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.linear.member import mean_error
from lstm_plugins import ForecasterConfig

FEWEST_ROWS = 1000
"""Training rows below which no LSTM is trained."""
_DAILY_LOOK_BACK, _DAILY_LAGS = 371, (364, 365, 371)
_SEASONS, _LONGEST_SHARE = (4, 14), 1 / 20
_MOST_PATCH, _FEWEST_STEPS = 24, 8


@dataclass(frozen=True, eq=False)
class FittedRecipe:
    """The recipe of one seed.

    Attributes:
        forecast: its forecasts.
        note: what it consists of.
    """

    forecast: Forecast
    note: str


def suits(task: Task) -> bool:
    """Whether LSTMs are trained for a task."""
    return len(task.split.train) >= FEWEST_ROWS


def fit_recipe(task: Task, ridge: FittedRidge, seed: int, *, known: bool) -> FittedRecipe:
    """Trains the LSTMs of one seed and combines them with the fitted ridge regressions.

    Raises:
        ValueError: a network diverges.
    """
    calendar = calendar_of(task)
    if calendar is not None and task.frequency.size == DAY and max(_DAILY_LAGS) >= task.horizon:
        return _on_ridge_part(task, calendar, seed, known=known)
    return _half_and_half(task, ridge, seed)


def _on_ridge_part(task: Task, calendar: Array, seed: int, *, known: bool) -> FittedRecipe:
    effects = known_effects(task) if known else np.zeros(len(task.values))
    config = ForecasterConfig(
        look_back=_DAILY_LOOK_BACK,
        horizon=task.horizon,
        patch=calendar_season(task),
        normalisation="last",
        linear="ridge",
        lags=_DAILY_LAGS,
        loss="mae",
        learning_rate=5e-4,
        epochs=40,
        patience=3,
        seed=seed,
    )
    member = train(task, config, task.values - effects, calendar)

    def forecast(first_rows: Integers) -> Array:
        ahead = effects[first_rows[:, np.newaxis] + np.arange(task.horizon)]
        return member.forecast(first_rows) + ahead

    lags = " ".join(map(str, _DAILY_LAGS))
    return FittedRecipe(
        forecast, f"an LSTM on a ridge part, look-back {config.look_back}, lags {lags}, calendar"
    )


def _half_and_half(task: Task, ridge: FittedRidge, seed: int) -> FittedRecipe:
    members = [train(task, config, task.values) for config in configs(task, seed)]
    networks, left_out = mean_of(members)
    halves = [
        Member(name, forecast, _validation_error(task, forecast))
        for name, forecast in (("LSTMs", networks), ("ridges", ridge.forecast))
    ]
    forecast, worse = mean_of(halves)
    trained = ", ".join(member.name for member in members)
    without = [*left_out, *worse]
    note = f"half LSTMs ({trained}), half ridges" + (f"; without {', '.join(without)}" if without else "")
    return FittedRecipe(forecast, note)


def configs(task: Task, seed: int) -> Sequence[ForecasterConfig]:
    """The LSTMs of the mean: 14 seasons with either loss, and 4 seasons with the absolute error.

    Windows are at most a twentieth of the training rows.
    """
    season = calendar_season(task)
    longest = max(season, int(_LONGEST_SHARE * len(task.split.train)) // season * season)
    short, long = (min(count * season, longest) for count in _SEASONS)
    wanted = dict.fromkeys([(long, "mse"), (long, "mae"), (short, "mae")])
    return [
        ForecasterConfig(
            look_back=look_back,
            horizon=task.horizon,
            patch=_patch(look_back),
            normalisation="last",
            attention="dot",
            loss=loss,
            learning_rate=1e-3,
            epochs=60,
            patience=3,
            seed=seed,
        )
        for look_back, loss in wanted
    ]


def _patch(look_back: int) -> int:
    most = max(1, min(_MOST_PATCH, look_back // _FEWEST_STEPS))
    return next(size for size in range(most, 0, -1) if look_back % size == 0)


def _validation_error(task: Task, forecast: Forecast) -> float:
    return mean_error(forecast, task.values, validation_rows(task), task.horizon, task.observed)
