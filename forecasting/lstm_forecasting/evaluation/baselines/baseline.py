"""What a baseline is: a name, the rows that it needs, and a function from a history to forecasts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Times, Truths
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.evaluation.baselines.kinds import Kind


@dataclass(frozen=True, eq=False)
class History:
    """What a baseline forecasts from. A forecast uses the rows before its first one only.

    Attributes:
        values: `[rows, targets]`, in the series' units, filled where they were missing.
        observed: `[rows, targets]`, False where they were filled.
        times: `datetime64[us]` `[rows + ahead]` of the rows and of the rows after the end that may be
            forecast; None if rows are numbered.
        frequency: distance between the rows.
        ahead: number of rows after the end.
        own: `[rows + ahead, columns]`, the columns that the user knows ahead, standardised; None for none.
        country: whose holidays count; empty for none.
    """

    values: Array
    observed: Truths
    times: Times | None
    frequency: Frequency
    ahead: int
    own: Array | None = None
    country: str = ""

    @property
    def rows(self) -> int:
        """Number of rows with values."""
        return len(self.values)


Forecast = Callable[[History, Integers, int], Array]
"""Point forecasts `[windows, steps, targets]` from a history, first rows of windows, and a number of steps.

Each window sees only rows before its first one. The number of rows as a first row forecasts the future."""


@dataclass(frozen=True)
class Baseline:
    """A baseline, fitted to the training rows if it has anything to fit.

    Attributes:
        kind: as `--model` names it.
        name: as shown to users, such as "seasonal naive (24)".
        needs: the fewest rows before the first row of a forecast.
        forecast: the forecasts; see `Forecast`.
    """

    kind: Kind
    name: str
    needs: int
    forecast: Forecast

    def can_forecast(self, first_rows: Integers) -> bool:
        """Whether there are windows, and enough rows before each of them."""
        return len(first_rows) > 0 and int(first_rows.min()) >= self.needs

    def future(self, history: History, steps: int) -> Array:
        """The forecast after the last row, `[steps, targets]`."""
        future: Array = self.forecast(history, np.array([history.rows]), steps)[0]
        return future
