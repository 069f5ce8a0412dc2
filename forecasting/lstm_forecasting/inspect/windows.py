"""Which window is inspected: by its number in a part of the series, by date, or by its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.data.splits import Part, RowRange, window_starts
from lstm_forecasting.evaluation.single_forecasts import find_start
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.errors import InputError


@dataclass(frozen=True)
class Window:
    """A window of a part of a series.

    Attributes:
        part: the one that holds its target rows.
        number: in its part, from 0.
        count: windows of the part.
        inputs: the rows that the forecast is made from.
        targets: the rows that are forecast.
    """

    part: Part
    number: int
    count: int
    inputs: RowRange
    targets: RowRange


def part_starts(experiment: Experiment, part: Part) -> NDArray[np.int64]:
    """First rows of a part's windows: those that are trained on, or all of validation and test."""
    config = experiment.config
    stride = config.stride if part == "train" else 1
    rows = window_starts(experiment.split.part(part), config.look_back, config.horizon, stride)
    return np.array(rows, np.int64)


def window_by_number(experiment: Experiment, part: Part, number: int) -> Window:
    """A window by its number in its part, from 0.

    Raises:
        InputError: the part has not so many.
    """
    starts = _starts(experiment, part)
    if not 0 <= number < len(starts):
        raise InputError(
            f"The {part} part has the windows 1 to {len(starts)}, but window {number + 1} was asked for."
        )
    start, config = int(starts[number]), experiment.config
    middle = start + config.look_back
    return Window(
        part, number, len(starts), RowRange(start, middle), RowRange(middle, middle + config.horizon)
    )


def window_by_time(experiment: Experiment, part: Part, text: str) -> Window:
    """The window whose forecast begins at a time, or next after it.

    Args:
        experiment: of the run.
        part: where to look.
        text: a date as people write it, or the number of a row where rows are only counted.

    Raises:
        InputError: it is no date, or no forecast of the part is there.
    """
    config = experiment.config
    firsts = _starts(experiment, part) + config.look_back
    return window_by_number(
        experiment, part, find_start(experiment.table, firsts, config.horizon, text, part)
    )


def window_by_error(experiment: Experiment, part: Part, errors: NDArray[np.float64], rank: int = 0) -> Window:
    """The window with the largest error, or the one that comes so many places after it.

    Args:
        experiment: of the run.
        part: whose errors they are.
        errors: `[windows]`, of all windows of the part, as `asking.part_errors` gives them.
        rank: 0 for the largest.

    Raises:
        InputError: the part has not so many windows.
    """
    starts = _starts(experiment, part)
    if not 0 <= rank < len(starts):
        raise InputError(
            f"The {part} part has {len(starts)} windows, but number {rank + 1} by error was asked for."
        )
    # A stable order: of equal errors the earlier window comes first.
    return window_by_number(experiment, part, int(np.argsort(-errors, kind="stable")[rank]))


def _starts(experiment: Experiment, part: Part) -> NDArray[np.int64]:
    starts = part_starts(experiment, part)
    if not len(starts):
        raise InputError(f"The {part} part of {experiment.table.name} holds no window; choose another part.")
    return starts
