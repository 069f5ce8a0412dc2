"""What the views of a forecast have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container

from lstm_tui.kit.controller import key

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import ExperimentResult
    from lstm_tui.kit.copying import CopyTable
    from lstm_tui.kit.palette import Palette


class ForecastView(Container):
    """One way to look at a result, one target at a time.

    Args:
        result: what is shown.
    """

    DEFAULT_CSS = """
    ForecastView { height: 1fr; }
    """

    HALVES: ClassVar[tuple[str, str]]
    """Selectors of the plot, and of the numbers or of another plot."""

    def __init__(self, result: ExperimentResult) -> None:
        super().__init__()
        self.result = result
        self.target = 0

    def key(self, action: str) -> str:
        """The key of an action, for words that tell what to press."""
        return key(self, action)

    @abstractmethod
    def draw(self, palette: Palette) -> None:
        """Shows the target in these colours, on the room there is."""

    def fold(self, *, narrow: bool, numbers: bool) -> None:
        """Shows both halves, or where there is no room for both, one of them: `numbers` for the second."""
        first, second = (self.query_one(half) for half in self.HALVES)
        first.display, second.display = not (narrow and numbers), not narrow or numbers

    @abstractmethod
    def tables(self) -> Sequence[CopyTable]:
        """What can be copied."""

    def move(self, count: int) -> None:
        """Goes so many forecasts or steps on, or back; nothing where there are none."""
