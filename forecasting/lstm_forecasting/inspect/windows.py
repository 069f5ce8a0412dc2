"""Finds a window by its number in a part of the series, by time, or by its error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.data.series.splits import Part, RowRange
from lstm_forecasting.evaluation.single_forecasts import find_start
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.errors import InputError


@dataclass(frozen=True)
class Window:
    """A window: its number, from 0, among the `count` windows of a part, and its input and target rows."""

    part: Part
    number: int
    count: int
    inputs: RowRange
    targets: RowRange


def window_by_number(experiment: Experiment, part: Part, number: int) -> Window:
    """The window with a number in its part, from 0.

    Raises:
        InputError: the part does not have that many.
    """
    starts = _starts(experiment, part)
    if not 0 <= number < len(starts):
        raise InputError(
            f"The {part} part has the windows 1 to {len(starts)}; there is no window {number + 1}."
        )
    start, config = int(starts[number]), experiment.config
    middle = start + config.look_back
    return Window(
        part, number, len(starts), RowRange(start, middle), RowRange(middle, middle + config.horizon)
    )


def window_by_time(experiment: Experiment, part: Part, text: str) -> Window:
    """The first window whose forecast starts at a date or later; a row number if the series has no times.

    Raises:
        InputError: the text is not a date, or the part has no such forecast.
    """
    config = experiment.config
    firsts = _starts(experiment, part) + config.look_back
    return window_by_number(
        experiment, part, find_start(experiment.table, firsts, config.horizon, text, part)
    )


def window_by_error(experiment: Experiment, part: Part, errors: NDArray[np.float64], rank: int = 0) -> Window:
    """The window with the largest of the `[windows]` errors of a part, or the one `rank` places after it.

    Raises:
        InputError: the part does not have that many windows.
    """
    starts = _starts(experiment, part)
    if not 0 <= rank < len(starts):
        raise InputError(
            f"The {part} part has {len(starts)} windows; there is no number {rank + 1} by error."
        )
    # Stable: for equal errors, the earlier window comes first.
    return window_by_number(experiment, part, int(np.argsort(-errors, kind="stable")[rank]))


def _starts(experiment: Experiment, part: Part) -> NDArray[np.int64]:
    starts = experiment.window_starts(part)
    if not len(starts):
        raise InputError(f"The {part} part of {experiment.table.name} has no window; choose another part.")
    return starts
