"""The message of a click on the picture; light, since the screen needs it before the picture is imported."""

from textual.message import Message


class Picked(Message):
    """A click on a column (`step`) and, in bands of units, on a row (`place`; None elsewhere)."""

    def __init__(self, step: int, place: int | None) -> None:
        super().__init__()
        self.step = step
        self.place = place
