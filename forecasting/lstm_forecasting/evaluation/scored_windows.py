"""The windows of a part of a series that models are scored on."""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.splits import Part
from lstm_forecasting.experiment.plan import Experiment


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a part that models are scored on, at stride 1.

    Attributes:
        truth: `[windows, horizon, targets]` in the series' units.
        first_rows: `[windows]`, the first target row of each window.
        counted: `[windows, horizon, targets]`, the values that are scored: those that were observed, of
            targets that were observed in the window's last input row too.
    """

    truth: Array
    first_rows: Integers
    counted: Truths


def windows_of(experiment: Experiment, part: Part) -> Windows:
    """The windows of a part; without any if it is too short."""
    config, targets = experiment.config, list(experiment.table.target_indices)
    first_rows = experiment.window_starts(part) + config.look_back
    ahead = first_rows[:, np.newaxis] + np.arange(config.horizon)
    return Windows(experiment.table.values[:, targets][ahead], first_rows, experiment.counted(part))
