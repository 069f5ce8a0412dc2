"""The origins of a backtest, and the folds in which they share fitted models."""

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_forecasting.backtest.options import Window
from lstm_forecasting.data.arrays import Integers, Truths
from lstm_forecasting.data.series.splits import RowRange
from lstm_forecasting.data.series.windows import window_starts
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError, OptionError


@dataclass(frozen=True)
class Rolling:
    """Which rows forecasts begin at, and what models are fitted to.

    Attributes:
        origins: number of origins, the last ones of the series; None for those of the test part.
        every: rows between origins.
        window: whether models are fitted to all earlier rows, or to a fixed number of them.
        refit: number of origins after which models are fitted again; 0 for never.
    """

    origins: int | None = None
    every: int = 1
    window: Window = "expanding"
    refit: int = 0


@dataclass(frozen=True)
class Fold:
    """Neighbouring origins whose forecasts come from the same fitted models.

    Attributes:
        number: from 0.
        start: first row that its models may see.
        first: its first origin, as an index.
        count: number of its origins.
    """

    number: int
    start: int
    first: int
    count: int

    @property
    def slice(self) -> slice:
        """Its origins, as indices."""
        return slice(self.first, self.first + self.count)


def find_origins(
    rolling: Rolling, rows: int, horizon: int, test_start: int, observed: Truths | None
) -> Integers:
    """The first rows of all forecasts of a backtest, in ascending order; the last forecast ends the series.

    Origins without an observed value to score, or right after rows in which no target was observed, are left
    out.

    Args:
        rolling: which origins are wanted.
        rows: of the series.
        horizon: rows of a forecast.
        test_start: first row of the test part.
        observed: `[rows, targets]`; None if all values were.

    Raises:
        OptionError: there are fewer origins than wanted.
        InputError: no origin is left.
    """
    last = rows - horizon
    first = test_start
    if rolling.origins is not None:
        first = last - (rolling.origins - 1) * rolling.every
        if first < 1:
            most = (last - 1) // rolling.every + 1
            raise OptionError(
                "origins",
                f"{rolling.origins} is too many; a series of {counted(rows, 'row')} has {max(0, most)} at "
                f"horizon {horizon}, one every {counted(rolling.every, 'row')}",
            )
    found = window_starts(RowRange(max(first, 1), rows), 1, horizon, observed=observed, evaluated=True) + 1
    origins: Integers = found[(last - found) % rolling.every == 0]
    if not len(origins):
        raise InputError(
            "There is no origin to forecast from: no observed value follows another one within horizon "
            f"{horizon} in the last {counted(rows - first, 'row')}; set origins to look further back."
        )
    return origins


def make_folds(rolling: Rolling, origins: Integers) -> tuple[Fold, ...]:
    """The folds of these origins, in chronological order."""
    size = rolling.refit or len(origins)
    return tuple(_folds(rolling, origins, size))


def _folds(rolling: Rolling, origins: Integers, size: int) -> Iterator[Fold]:
    for number, first in enumerate(range(0, len(origins), size)):
        start = int(origins[first] - origins[0]) if rolling.window == "sliding" else 0
        yield Fold(number, start, first, min(size, len(origins) - first))
