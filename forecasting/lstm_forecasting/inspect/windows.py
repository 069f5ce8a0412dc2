"""The choice of a window: by its number in a part of the series, by time, or by its error."""

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
        part: of its target rows.
        number: in its part, from 0.
        count: windows of the part.
        inputs: rows of the look-back window.
        targets: rows that are forecast.
    """

    part: Part
    number: int
    count: int
    inputs: RowRange
    targets: RowRange


def part_starts(experiment: Experiment, part: Part) -> NDArray[np.int64]:
    """First rows of a part's windows: those of the training at its stride, or all of validation and test."""
    config = experiment.config
    stride = config.stride if part == "train" else 1
    rows = window_starts(experiment.split.part(part), config.look_back, config.horizon, stride)
    return np.array(rows, np.int64)


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
    """The window whose forecast begins at a time, or the next one.

    Args:
        experiment: of the run.
        part: where to look.
        text: a date as people write it, or a row number if the series has no times.

    Raises:
        InputError: it is not a date, or no forecast of the part is there.
    """
    config = experiment.config
    firsts = _starts(experiment, part) + config.look_back
    return window_by_number(
        experiment, part, find_start(experiment.table, firsts, config.horizon, text, part)
    )


def window_by_error(experiment: Experiment, part: Part, errors: NDArray[np.float64], rank: int = 0) -> Window:
    """The window with the largest error, or the one `rank` places after it.

    Args:
        experiment: of the run.
        part: of the errors.
        errors: `[windows]`, of all windows of the part, from `asking.part_errors`.
        rank: 0 for the largest.

    Raises:
        InputError: the part does not have that many windows.
    """
    starts = _starts(experiment, part)
    if not 0 <= rank < len(starts):
        raise InputError(
            f"The {part} part has {len(starts)} windows; there is no number {rank + 1} by error."
        )
    # Stable: of equal errors the earlier window comes first.
    return window_by_number(experiment, part, int(np.argsort(-errors, kind="stable")[rank]))


def _starts(experiment: Experiment, part: Part) -> NDArray[np.int64]:
    starts = part_starts(experiment, part)
    if not len(starts):
        raise InputError(f"The {part} part of {experiment.table.name} has no window; choose another part.")
    return starts
