"""The events of a running backtest, as frozen records for both front ends."""

from dataclasses import dataclass

from lstm_forecasting.backtest.results import BacktestResult


@dataclass(frozen=True)
class BacktestOpened:
    """The first event: the folder of the backtest, and how many of its folds are finished already."""

    name: str
    folder: str
    folds: int
    finished: int
    workers: int


@dataclass(frozen=True)
class FoldFinished:
    """A fold, counted from 0, has been computed and saved."""

    number: int
    seconds: float


@dataclass(frozen=True)
class FoldFailed:
    """A fold has failed, for a reason in one sentence."""

    number: int
    reason: str


@dataclass(frozen=True)
class BacktestFinished:
    """The last event, unless the backtest was stopped or no fold could be computed."""

    result: BacktestResult


BacktestEvent = BacktestOpened | FoldFinished | FoldFailed | BacktestFinished
