"""Single forecasts of the test part: their errors, their rows, and finding one by date."""

import numpy as np
import polars

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import Part, RowRange
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.text_times import parse_numeric_times, parse_times
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.intervals.scores import scored_and_inside
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_plugins.errors import InputError


def window_errors(result: ExperimentResult, evaluation: Evaluation, target: int) -> Array:
    """Mean absolute error of each test window, `[windows]`, in the series' units; nan if none is scored."""
    errors = np.abs(evaluation.forecasts[:, :, target] - result.truth[:, :, target])
    return mean_of_counted(errors, result.counted[:, :, target])


def window_inside(
    result: ExperimentResult, intervals: Bands, window: int, target: int
) -> tuple[int, tuple[int, ...]]:
    """The number of scored values of a test window that have intervals, and how many are inside, by level."""
    scored, inside = scored_and_inside(
        result.truth[window, :, target, np.newaxis],
        intervals.low[window],
        intervals.high[window],
        result.counted[window, :, target, np.newaxis],
    )
    return int(scored.any(axis=1).sum()), tuple(inside.sum(axis=0).tolist())


def mean_of_counted(errors: Array, counted: Truths) -> Array:
    """The mean of the counted values in each row of `[windows, horizon]`; nan if there is none."""
    if counted.all():
        return np.asarray(errors.mean(axis=1))
    numbers = counted.sum(axis=1)
    sums = np.where(counted, errors, 0.0).sum(axis=1)
    means: Array = np.divide(sums, numbers, out=np.full(len(errors), np.nan), where=numbers > 0)
    return means


def input_rows(result: ExperimentResult, window: int) -> RowRange:
    """The input rows of a test window."""
    first = int(result.first_rows[window])
    return RowRange(first - result.experiment.config.look_back, first)


def forecast_rows(result: ExperimentResult, window: int) -> RowRange:
    """The target rows of a test window."""
    first = int(result.first_rows[window])
    return RowRange(first, first + result.experiment.config.horizon)


def find_window(result: ExperimentResult, text: str) -> int:
    """The test window whose forecast starts at a time, or the next one after it; see `find_start`."""
    experiment = result.experiment
    return find_start(experiment.table, result.first_rows, experiment.config.horizon, text, "test")


def find_start(table: SeriesTable, firsts: Integers, horizon: int, text: str, part: Part) -> int:
    """Index of the forecast that starts at a time, or of the next one after it.

    A time after the last start gives the last forecast, if that one reaches it. `text` is a date in any
    common notation, or a row number if the series has no times; `firsts` are the first rows of forecasts,
    ascending.

    Raises:
        InputError: the text is not a date, or no forecast covers it.
    """
    end = int(firsts[-1]) + horizon - 1
    if table.times is None:
        try:
            wanted = int(text)
        except ValueError:
            raise InputError(f"{text.strip()!r} is not a row number; this series has no times.") from None
        inside = firsts[0] <= wanted <= end
        window = int(np.searchsorted(firsts, wanted))
    else:
        time = _time(text)
        inside = table.times[firsts[0]] <= time <= table.times[end]
        window = int(np.searchsorted(table.times[firsts], time))
    if not inside:
        raise InputError(
            f"No forecast of the {part} part is at {text.strip()}; they start between "
            f"{table.row_text(int(firsts[0]))} and {table.row_text(int(firsts[-1]))}."
        )
    return min(window, len(firsts) - 1)


def _time(text: str) -> np.datetime64:
    column = polars.Series([text.strip()])
    parsed = parse_times(column)
    if parsed is None:
        numeric = parse_numeric_times(column)
        parsed = None if numeric is None else numeric[1]
    if parsed is None or parsed.wrong is not None or np.isnat(parsed.times[0]):
        raise InputError(f"{text.strip()!r} is not a date; write it as 2016-07-01, or 2016-07-01 13:00.")
    if parsed.ambiguous:
        raise InputError(f"Day and month are ambiguous in {text.strip()!r}; write it as 2016-07-01.")
    time: np.datetime64 = parsed.times[0]
    return time
