"""How far the forecasts of the course's networks are from the truth."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lstm_course.network import forecast_glasses
from lstm_course.series import DAYS, TRAINING_DAYS
from lstm_forecasting.evaluation.metrics import scores
from lstm_forecasting.inspect.results import Values
from lstm_plugins.forecaster import Forecaster


def unseen_starts(network: Forecaster) -> NDArray[np.int64]:
    """First rows of the windows whose targets training never sees."""
    return network.window_starts(((TRAINING_DAYS, len(DAYS)),), 1)


def targets_of(network: Forecaster, rows: NDArray[np.int64]) -> list[int]:
    """The row that each window is to tell, at horizon 1."""
    return [int(row) + network.config.look_back for row in rows]


def truth_glasses(network: Forecaster, rows: NDArray[np.int64]) -> Values:
    """`[windows]`, what was sold on the days that the windows are to tell, at horizon 1."""
    return np.array(DAYS)[targets_of(network, rows)]


def mean_error(network: Forecaster, rows: NDArray[np.int64]) -> float:
    """Mean absolute error of the forecasts of these windows in glasses, at horizon 1."""
    return mean_error_of(forecast_glasses(network, rows)[:, 0], truth_glasses(network, rows))


def mean_error_of(forecasts: Values, truth: Values) -> float:
    """Mean absolute error of forecasts, in their own unit."""
    return scores(truth, forecasts, math.nan).mae
