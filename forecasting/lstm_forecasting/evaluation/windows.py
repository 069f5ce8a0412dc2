"""Single forecasts of the test part: which there are, how far each is off, and which one is meant."""

from __future__ import annotations

import numpy as np
import polars
from numpy.typing import NDArray

from lstm_forecasting.data.splits import Part, RowRange
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.text_times import parse_numeric_times, parse_times
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_plugins.errors import InputError

Values = NDArray[np.float64]


def window_errors(result: ExperimentResult, evaluation: Evaluation, target: int) -> Values:
    """The mean absolute error of each test window, `[windows]`, in the series' units."""
    errors = np.abs(evaluation.forecasts[:, :, target] - result.truth[:, :, target])
    return np.asarray(errors.mean(axis=1))


def input_rows(result: ExperimentResult, window: int) -> RowRange:
    """The rows that the forecast of a test window was made from."""
    first = int(result.first_rows[window])
    return RowRange(first - result.experiment.config.look_back, first)


def forecast_rows(result: ExperimentResult, window: int) -> RowRange:
    """The rows that a test window forecasts."""
    first = int(result.first_rows[window])
    return RowRange(first, first + result.experiment.config.horizon)


def find_window(result: ExperimentResult, text: str) -> int:
    """The test window that begins at a time, or next after it.

    A time after the last beginning gives the last window, if that reaches it.

    Args:
        result: of the experiment.
        text: a date as people write it, or the number of a row where rows are only counted.

    Raises:
        InputError: it is no date, or no forecast of the test part is there.
    """
    experiment = result.experiment
    return find_start(experiment.table, result.first_rows, experiment.config.horizon, text, "test")


def find_start(table: SeriesTable, firsts: NDArray[np.int64], horizon: int, text: str, part: Part) -> int:
    """Which of some forecasts begins at a time, or next after it; as `find_window`.

    Args:
        table: the series.
        firsts: the first row of each forecast, rising; at least one.
        horizon: rows of each.
        text: a date as people write it, or the number of a row where rows are only counted.
        part: whose forecasts they are.

    Raises:
        InputError: it is no date, or no forecast is there.
    """
    end = int(firsts[-1]) + horizon - 1
    if table.times is None:
        wanted = _row_number(text)
        inside = firsts[0] <= wanted <= end
        window = int(np.searchsorted(firsts, wanted))
    else:
        time = _time(text)
        inside = table.times[firsts[0]] <= time <= table.times[end]
        window = int(np.searchsorted(table.times[firsts], time))
    if not inside:
        raise InputError(
            f"No forecast of the {part} part is at {text.strip()}; they begin from "
            f"{table.row_text(int(firsts[0]))} to {table.row_text(int(firsts[-1]))}."
        )
    return min(window, len(firsts) - 1)


def _row_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{text.strip()!r} is no row; rows are counted, so write a whole number.") from None


def _time(text: str) -> np.datetime64:
    column = polars.Series([text.strip()])
    parsed = parse_times(column)
    if parsed is None:
        numeric = parse_numeric_times(column)
        parsed = None if numeric is None else numeric[1]
    if parsed is None or parsed.wrong is not None or np.isnat(parsed.times[0]):
        raise InputError(f"{text.strip()!r} is no date; write it as 2016-07-01, or 2016-07-01 13:00.")
    if parsed.ambiguous:
        raise InputError(f"Day and month cannot be told apart in {text.strip()!r}; write it as 2016-07-01.")
    time: np.datetime64 = parsed.times[0]
    return time
