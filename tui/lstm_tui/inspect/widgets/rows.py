"""Named rows of numbers. Only visible rows are drawn: a cell of 128 units has a thousand."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

_GAP = 1


@dataclass(frozen=True)
class Row:
    """One row: a name, its numbers as texts in the first columns, their styles, and the action of a click."""

    name: str = ""
    cells: tuple[str, ...] = ()
    style: str = ""
    name_style: str = ""
    action: str = ""


class NumberRows(Widget):
    """Names on the left, numbers right-aligned in columns beside them."""

    DEFAULT_CSS = """
    NumberRows { height: auto; width: 1fr; }
    """

    def __init__(self, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self._widths: list[int] = []
        self._longest = 0

    def show(self, rows: Sequence[Row]) -> None:
        """Replaces the rows."""
        count, self.rows = len(self.rows), rows
        columns = max((len(row.cells) for row in rows), default=0)
        self._widths = [
            max(cell_len(row.cells[column]) for row in rows if column < len(row.cells))
            for column in range(columns)
        ]
        # A name without numbers may use the columns too.
        self._longest = max((cell_len(row.name) for row in rows if row.cells), default=0)
        self.refresh(layout=len(rows) != count)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for each row."""
        return len(self.rows)

    def render_line(self, y: int) -> Strip:
        """One row."""
        if y >= len(self.rows):
            return Strip.blank(self.size.width, self.rich_style)
        row, width = self.rows[y], self.size.width
        name_style, style = Style.parse(row.name_style or row.style), Style.parse(row.style)
        if not row.cells:
            return Strip([Segment(_cut(row.name, width), name_style)]).apply_style(self.rich_style)
        room = max(0, width - sum(self._widths) - _GAP * len(self._widths))
        segments = [Segment(_cut(row.name, min(room, self._longest)), name_style)]
        for cell, wide in zip(row.cells, self._widths, strict=False):
            segments.append(Segment(" " * (_GAP + wide - cell_len(cell)) + cell, style))
        strip = Strip(segments).adjust_cell_length(width)
        return strip.apply_style(self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        """Runs the action of the row under the pointer."""
        place = event.get_content_offset(self)
        if place is not None and place.y < len(self.rows) and self.rows[place.y].action:
            await self.run_action(self.rows[place.y].action)


def _cut(text: str, width: int) -> str:
    """The text in `width` cells, with an ellipsis if it is cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(0, width - 1)) + "…" if width else ""
