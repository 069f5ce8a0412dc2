"""The base class of the views of a forecast."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual.containers import Container

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.forecast.intervals import KnownIntervals
from lstm_tui.kit.controller import key
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette


class ForecastView(Container):
    """Shows one target of a result."""

    DEFAULT_CSS = """
    ForecastView { height: 1fr; }
    """

    HALVES: ClassVar[tuple[str, str]]
    """Selectors of the plot, and of the numbers or the second plot."""

    def __init__(self, result: ExperimentResult, intervals: KnownIntervals) -> None:
        super().__init__()
        self.result = result
        self.intervals = intervals
        self.target = 0

    def key(self, action: str) -> str:
        """The key of an action, for texts that name it."""
        return key(self, action)

    @abstractmethod
    def draw(self, palette: Palette) -> None:
        """Draws the target to fit the available space."""

    def fold(self, *, narrow: bool, numbers: bool) -> None:
        """Shows both halves, or in a narrow terminal one of them; `numbers` is the second."""
        first, second = (self.query_one(half) for half in self.HALVES)
        first.display, second.display = not (narrow and numbers), not narrow or numbers

    @abstractmethod
    def tables(self) -> Sequence[CopyTable]:
        """The tables that can be copied."""

    def move(self, count: int) -> None:
        """Moves by so many forecasts or steps; does nothing in a view without them."""
