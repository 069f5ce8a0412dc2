"""The dialog to type a value of the course."""

from lstm_course.course import Value
from lstm_plugins.options import Option
from lstm_tui.kit.ask import AskScreen, Prompt


class ValueScreen(AskScreen[Value]):
    """Asks for a new value of a change until it is allowed."""

    def __init__(self, change: Option, value: Value) -> None:
        self._change = change
        prompt = Prompt(
            title=change.name,
            keys="Enter takes it · Esc closes",
            caption=f"{change.help}: {change.wanted}",
            text=change.text(value),
        )
        super().__init__(prompt)

    def answer(self, text: str) -> Value:
        """Returns the value."""
        value: Value = self._change.parse(text)
        return value
