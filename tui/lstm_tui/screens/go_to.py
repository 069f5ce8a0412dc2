"""The dialog that asks for the date of a forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_tui.screens.ask import AskScreen, Question

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import ExperimentResult


class GoToScreen(AskScreen[int]):
    """Asks for a date until there is a test window that begins there, or next after it.

    Args:
        result: whose windows they are.
    """

    def __init__(self, result: ExperimentResult) -> None:
        self._result = result
        table = result.experiment.table
        first, last = (table.row_text(int(row)) for row in (result.first_rows[0], result.first_rows[-1]))
        what = "row" if table.times is None else "date"
        question = Question(
            title="Go to a forecast",
            keys="Enter goes · Esc closes",
            caption=f"The {what} of its first value, from {first} to {last}",
            placeholder=first,
        )
        super().__init__(question)

    def answer(self, text: str) -> int:
        """The number of the window."""
        from lstm_forecasting.experiment.windows import find_window

        return find_window(self._result, text)
