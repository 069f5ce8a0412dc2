"""The dialog that asks for a value of the course."""

from __future__ import annotations

from lstm_course.course import Change, Value
from lstm_tui.kit.ask import AskScreen, Prompt


class ValueScreen(AskScreen[Value]):
    """Asks until there is a value that is allowed.

    Args:
        change: what is changed.
        value: that it has.
    """

    def __init__(self, change: Change, value: Value) -> None:
        self._change = change
        prompt = Prompt(
            title=change.name,
            keys="Enter takes it · Esc closes",
            caption=f"{change.label[0].upper()}{change.label[1:]}: {change.allowed}",
            text=change.text(value),
        )
        super().__init__(prompt)

    def answer(self, text: str) -> Value:
        """The value."""
        return self._change.parse(text)
