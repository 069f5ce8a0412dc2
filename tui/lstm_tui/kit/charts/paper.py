"""A picture as lines of text, for the command line or inside other text."""

from rich.text import Text
from textual.geometry import Region, Size

from lstm_tui.kit.charts.drawing import Ink, Sheet, draw
from lstm_tui.kit.charts.picture import Picture
from lstm_tui.kit.charts.raster import View


class _Paper:
    """A grid of cells in memory."""

    def __init__(self, columns: int, rows: int) -> None:
        self.size = Size(columns, rows)
        self._cells = [[(" ", "")] * columns for _ in range(rows)]

    def set_pixel(self, x: int, y: int, char: str = "█", style: str = "") -> None:
        """Writes a cell; does nothing outside the grid."""
        if 0 <= x < self.size.width and 0 <= y < self.size.height:
            self._cells[y][x] = (char, style)

    def get_pixel(self, x: int, y: int) -> tuple[str, str]:
        """The character and style of a cell."""
        return self._cells[y][x]

    def line(self, y: int) -> Text:
        """A row of cells as styled text."""
        return Text.assemble(*self._cells[y])


def picture_lines(picture: Picture, columns: int, rows: int, labels: int, ink: Ink) -> list[Text]:
    """The lines of a picture with its axes and their labels.

    Legend, axis and labels take one of the `rows` each; `labels` is the width of the y axis' labels.
    """
    wide, high = columns - labels - 1, rows - 1
    plot, left, bottom = _Paper(wide, high), _Paper(labels + 1, high), _Paper(columns, 1)
    area = Region(1, 1, wide - 1, high - 2)
    view = View(*picture.x, *picture.y, area.width, area.height)
    draw(picture, view, Sheet(plot, left, bottom, area, ink))
    return [*(left.line(row) + plot.line(row) for row in range(high)), bottom.line(0)]
