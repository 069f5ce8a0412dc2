"""The chart widget: our own drawing with textual-plot's zooming and panning."""

from typing import Any

from textual.app import App
from textual.geometry import Region
from textual.message import Message

from lstm_tui.kit.charts.drawing import Ink, Sheet, draw
from lstm_tui.kit.charts.picture import Picture
from lstm_tui.kit.charts.raster import View
from lstm_tui.kit.palette import theme_colour
from lstm_tui.kit.textual_internals.plots import CalmCanvas, Plot


def chart_ink(app: App[Any]) -> Ink:
    """The colours of charts in the current theme."""
    axis, grid, label = (theme_colour(app, f"chart-{name}") for name in ("axis", "grid", "label"))
    return Ink(axis, grid, label, coloured=not app.no_color)


class Chart(Plot):
    """Shows a `Picture`; a zoomed or panned view stays when the next picture comes.

    Args:
        label_width: columns for the labels of the y axis.
        moves: whether the user may zoom and pan.
        id: of the widget.
    """

    DEFAULT_CSS = """
    Chart {
        background: $background;
        height: 1fr;
        Grid { height: 1fr; }
    }
    """

    class Resized(Message):
        """The chart has another size; what it shows may depend on its width."""

    def __init__(self, *, label_width: int = 6, moves: bool = True, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, allow_pan_and_zoom=moves)
        self.picture: Picture | None = None
        self.set_reactive(Chart.margin_top, 0)
        self.set_reactive(Chart.margin_bottom, 1)
        self.set_reactive(Chart.margin_left, label_width + 1)

    def on_resize(self) -> None:
        """Tells those around it."""
        self.post_message(self.Resized())

    def show(self, picture: Picture) -> None:
        """Shows another picture; keeps the visible ranges if the user has zoomed."""
        before, self.picture = self.picture, picture
        if before is None or self.shown_x == before.x:
            self.set_xlimits(*picture.x)
        if before is None or self.shown_y == before.y:
            self.set_ylimits(*picture.y)
        self.draw_again()

    def action_reset_scales(self) -> None:
        """Undoes zooming and panning."""
        if self.picture is not None:
            self.set_xlimits(*self.picture.x)
            self.set_ylimits(*self.picture.y)

    def draw_on(self, plot: CalmCanvas, left: CalmCanvas, bottom: CalmCanvas, area: Region) -> None:
        """Draws the picture, if there is room for it."""
        if self.picture is not None and area.width >= 4 and area.height >= 2:
            ink = chart_ink(self.app)
            view = View(*self.shown_x, *self.shown_y, area.width, area.height)
            draw(self.picture, view, Sheet(plot, left, bottom, area, ink))
