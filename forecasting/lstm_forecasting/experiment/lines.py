"""The lines that the forecasts of a backend are drawn as, in rows of the series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.experiment.results import BackendResult, ExperimentResult

Values = NDArray[np.float64]


def line_on_test(result: ExperimentResult, backend: BackendResult, target: int) -> tuple[Values, Values]:
    """Rows and values of forecasts that follow each other without overlap on the test part.

    Each is as long as the horizon, and the last of them ends with the series.
    """
    horizon = result.truth.shape[1]
    windows = np.arange(len(result.first_rows) - 1, -1, -horizon)[::-1]
    rows = result.first_rows[windows][:, None] + np.arange(horizon)
    values = backend.evaluation.forecasts[windows, :, target]
    return rows.reshape(-1).astype(np.float64), values.reshape(-1)


def line_of_future(result: ExperimentResult, backend: BackendResult, target: int) -> tuple[Values, Values]:
    """Rows and values of the future, from the last value that is known."""
    table = result.experiment.table
    rows = np.arange(table.rows - 1, table.rows + len(backend.future), dtype=np.float64)
    last = table.values[-1, table.target_indices[target]]
    return rows, np.concatenate([[last], backend.future[:, target]])


def band_of_future(result: ExperimentResult, target: int) -> tuple[Values, Values, Values] | None:
    """Rows, lowest and highest quantile level of the best backend's future; None of a point model."""
    best = result.best_backend(target)
    if best is None or best.future_levels.shape[2] < 2:
        return None
    first = result.experiment.table.rows
    rows = np.arange(first, first + len(best.future), dtype=np.float64)
    levels = best.future_levels[:, target]
    return rows, levels[:, 0], levels[:, -1]
