"""Forecasts of the course's networks: their errors, and how they change."""

import math

import numpy as np
from numpy.typing import NDArray

from lstm_course.figures import Role, Table, number, word
from lstm_course.network import SETTINGS, forecast_glasses
from lstm_course.series import DAYS, TRAINING_DAYS, day_names
from lstm_forecasting.evaluation.metrics import scores
from lstm_forecasting.inspect.results import Values
from lstm_plugins.forecaster import Forecaster

LOOK_BACK = int(SETTINGS["look_back"])
WINDOWS = len(DAYS) - LOOK_BACK
"""Windows of the whole series."""
SAME = 1e-12
"""A number that changes by less did not change; it was rounded differently."""


def unseen_starts(network: Forecaster) -> NDArray[np.int64]:
    """First rows of the windows whose targets are not used in training."""
    return network.window_starts(((TRAINING_DAYS, len(DAYS)),), 1)


def targets_of(network: Forecaster, rows: NDArray[np.int64]) -> list[int]:
    """Target row of each window, with horizon 1."""
    return [int(row) + network.config.look_back for row in rows]


def truth_glasses(network: Forecaster, rows: NDArray[np.int64]) -> Values:
    """Glasses sold on the target day of each window, `[windows]`, with horizon 1."""
    return np.array(DAYS)[targets_of(network, rows)]


def mean_error(network: Forecaster, rows: NDArray[np.int64]) -> float:
    """Mean absolute error in glasses of the forecasts of these windows, with horizon 1."""
    return mean_error_of(forecast_glasses(network, rows)[:, 0], truth_glasses(network, rows))


def mean_error_of(forecasts: Values, truth: Values) -> float:
    """Mean absolute error of forecasts, in their own unit."""
    return scores(truth, forecasts, math.nan).mae


def changed_forecasts(title: str, before: Values, after: Values, marked: int | None = None) -> Table:
    """A table of every window with its forecast in glasses before and after a change.

    It highlights the window `marked`, from 0, or by default all whose forecast changed.
    """
    rows = []
    for row, (one, other) in enumerate(zip(before.tolist(), after.tolist(), strict=True)):
        highlight: Role = (
            "changed" if (abs(other - one) > SAME if marked is None else row == marked) else "plain"
        )
        rows.append(
            (
                word(str(row + 1), "plain" if marked is None else highlight),
                word(day_names(range(row, row + LOOK_BACK))),
                number(DAYS[row + LOOK_BACK], 0),
                number(one, 2, "quiet"),
                number(other, 2, highlight),
                number(other - one, 2, "strong"),
            )
        )
    return Table(title, ("window", "sees", "truth", "before", "after", "change"), tuple(rows))
