"""The dialog that asks for the date of a forecast."""

from __future__ import annotations

from collections.abc import Callable

from lstm_tui.kit.ask import AskScreen, Prompt


class GoToScreen(AskScreen[int]):
    """Asks for a date until there is a window whose forecast begins there, or next after it.

    Args:
        what: a forecast is known by: "date" or "row".
        first: where the first forecast begins.
        last: where the last one does.
        find: gives the number of the window, or raises InputError.
        more: what else it takes, said after the dates.
    """

    def __init__(self, what: str, first: str, last: str, find: Callable[[str], int], more: str = "") -> None:
        self._find = find
        prompt = Prompt(
            title="Go to a forecast",
            keys="Enter goes · Esc closes",
            caption=f"The {what} of its first value, from {first} to {last}{more}",
            placeholder=first,
        )
        super().__init__(prompt)

    def answer(self, text: str) -> int:
        """The number of the window."""
        return self._find(text)
