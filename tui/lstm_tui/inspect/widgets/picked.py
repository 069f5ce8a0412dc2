"""That a place of the picture was clicked; light, so that the screen can listen before there is one."""

from textual.message import Message


class Picked(Message):
    """A place was clicked.

    Attributes:
        step: its column.
        place: its row among the units; None outside the bands of units.
    """

    def __init__(self, step: int, place: int | None) -> None:
        super().__init__()
        self.step = step
        self.place = place
