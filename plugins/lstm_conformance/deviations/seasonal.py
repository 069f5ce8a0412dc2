"""The season that is subtracted from a window and added to its forecast."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.deviation import Deviation, Plant, altered
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.normalisation import Statistics

deviation = partial(Deviation, level="normalised", applies=when.seasonal)
Float64 = NDArray[np.float64]


def _season(
    rows: Callable[[int, int], Any] | None = None, ahead: Callable[[int, int, int], Any] | None = None
) -> Plant:
    """Other rows of the window as the centers of its rows, or of the forecast's steps.

    `rows` takes look_back and season, `ahead` takes the horizon too.
    """

    def statistics(true: Any, inputs: Float64, config: ForecasterConfig) -> Any:
        found = true(inputs, config)
        sizes = config.look_back, config.season
        if config.normalisation == "seasonal" and rows is not None:
            found = found._replace(center=inputs[:, rows(*sizes)])
        if config.normalisation == "seasonal" and ahead is not None:
            found = found._replace(ahead=inputs[:, ahead(*sizes, config.horizon)])
        return found

    return altered(statistics=statistics)


def _differenced(true: Any, inputs: Float64, config: ForecasterConfig) -> Statistics:
    found: Statistics = true(inputs, config)
    if config.normalisation != "seasonal":
        return found
    before = np.concatenate([np.zeros_like(inputs[:, : config.season]), inputs], axis=1)
    return found._replace(center=before[:, : config.look_back])


several_seasons = when.seasonal & when.Condition(lambda probe: probe.config.season < probe.config.look_back)

DEVIATIONS = (
    deviation(
        "season's phase from the first row",
        "a season whose phase is counted from the window's first row instead of its end",
        _season(lambda length, m: length - m + np.arange(length) % m),
        applies=when.out_of_phase,
    ),
    deviation(
        "forecast's phase from the first row",
        "a forecast's season whose phase is counted from the window's first row instead of its end",
        _season(ahead=lambda length, m, horizon: length - m + np.arange(length, length + horizon) % m),
        applies=when.out_of_phase,
    ),
    deviation(
        "first season removed",
        "the window's first season subtracted and added instead of its last",
        _season(
            lambda length, m: np.arange(length) % m,
            lambda length, m, horizon: np.arange(length, length + horizon) % m,
        ),
        applies=several_seasons,
    ),
    deviation(
        "season one row late",
        "the season's next value subtracted from each row",
        _season(lambda length, m: length - m + np.arange(1 - length, 1) % m),
    ),
    deviation(
        "forecast's season one row late",
        "the season's next value added to each step of the forecast",
        _season(ahead=lambda length, m, horizon: length - m + np.arange(1, horizon + 1) % m),
    ),
    deviation(
        "forecast's season not repeated",
        "the season's last value added to all steps of the forecast beyond one season",
        _season(ahead=lambda length, m, horizon: length - m + np.minimum(np.arange(horizon), m - 1)),
        applies=when.short_season,
    ),
    deviation(
        "seasonal differences",
        "the value one season before each row subtracted instead of the last season's",
        altered(statistics=_differenced),
        applies=several_seasons,
    ),
)
