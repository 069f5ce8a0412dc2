"""The dialog that asks for the date of a forecast."""

from collections.abc import Callable

from lstm_tui.kit.ask import AskScreen, Prompt


class GoToScreen(AskScreen[int]):
    """Asks for a date; returns the number of the first forecast that begins then or later.

    Args:
        what: the user names a forecast by: "date" or "row".
        first: date of the first forecast.
        last: date of the last one.
        find: returns the number of the forecast's window, or raises InputError.
        more: what else may be typed, to show after the dates.
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
