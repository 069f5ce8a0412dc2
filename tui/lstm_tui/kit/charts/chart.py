"""The chart widget: textual-plot's canvases, zooming and panning under a drawing of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.app import ComposeResult
from textual.containers import Grid
from textual.geometry import Region
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget
from textual_plot.plot_widget import Legend

from lstm_tui.kit.charts.drawing import Ink, Sheet, draw
from lstm_tui.kit.charts.picture import Picture
from lstm_tui.kit.charts.raster import View
from lstm_tui.kit.palette import theme_colour

_Row = tuple[list[str], list[str]]
"""Characters and styles of the cells of one line."""


class _Canvas(Canvas):
    def render_line(self, y: int) -> Strip:
        """A line of the canvas; a blank one where the canvas is not as large as its widget yet."""
        # The empty strip that Canvas gives then has no style, which Textual's filter for NO_COLOR needs.
        if y < self._canvas_size.height:
            return super().render_line(y)
        return Strip.blank(self.size.width, self.rich_style)

    @contextmanager
    def redrawn(self) -> Iterator[None]:
        """Empties the canvas to be drawn on; what looks as before is not painted again.

        A curve that grows changes a few cells, and the whole chart has some 20 kB, which a slow line would
        have to carry several times a second.
        """
        before = list(zip(self._buffer, self._styles, strict=True))
        self._refreshes_pending += 1
        try:
            self.reset()
            yield
        finally:
            self._refreshes_pending -= 1
        after = zip(self._buffer, self._styles, strict=True)
        changed = [
            Region(start, number, stop - start, 1)
            for number, rows in enumerate(zip(before, after, strict=True))
            for start, stop in _changed(*rows)
        ]
        if changed:
            self.refresh(*changed)


class Chart(PlotWidget):
    """Shows a `Picture`. Zooming and panning stay as they are when the next picture comes.

    textual-plot's own drawing is replaced: it drops nan and so bridges gaps, has no patterns, and takes 200
    ms for three lines of 10,000 points.

    Args:
        label_width: cells for the labels of the y axis.
        id: of the widget.
    """

    DEFAULT_CSS = """
    Chart {
        background: $background;
        height: 1fr;
        Grid { height: 1fr; }
    }
    """

    def __init__(self, *, label_width: int = 6, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._picture: Picture | None = None
        self.set_reactive(Chart.margin_top, 0)
        self.set_reactive(Chart.margin_bottom, 1)
        self.set_reactive(Chart.margin_left, label_width + 1)

    def compose(self) -> ComposeResult:
        """As in textual-plot, on canvases of our own."""
        with Grid():
            for name in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield _Canvas(1, 1, id=name)
        yield Legend(id="legend")

    def show(self, picture: Picture) -> None:
        """Shows another picture, on the same part of the plane if the user has zoomed."""
        before, self._picture = self._picture, picture
        if before is None or (self._x_min, self._x_max) == before.x:
            self.set_xlimits(*picture.x)
        if before is None or (self._y_min, self._y_max) == before.y:
            self.set_ylimits(*picture.y)
        self._rerender()

    def show_all_heights(self) -> None:
        """Shows the whole y axis again, because what is on it has changed."""
        if self._picture is not None:
            self.set_ylimits(*self._picture.y)

    def action_reset_scales(self) -> None:
        """Shows everything again."""
        if self._picture is not None:
            self.set_xlimits(*self._picture.x)
            self.set_ylimits(*self._picture.y)

    def _rerender(self) -> None:
        """Draws soon, and while the chart is seen without having all of it painted anew."""
        if self._needs_canvas_resize or not (self.screen.is_current and self.is_on_screen):
            super()._rerender()
        elif not self._needs_rerender:
            self._needs_rerender = True
            self.call_next(self.render)

    def _render_plot(self) -> None:
        canvases = {canvas.id: canvas for canvas in self.query(_Canvas)}
        if not {"plot", "margin-left", "margin-bottom"} <= canvases.keys():
            return
        plot, left, bottom = canvases["plot"], canvases["margin-left"], canvases["margin-bottom"]
        with plot.redrawn(), left.redrawn(), bottom.redrawn():
            area = self._scale_rectangle
            if self._picture is None or area.width < 4 or area.height < 2:
                return
            ink = Ink(*(theme_colour(self.app, f"chart-{name}") for name in ("axis", "grid", "label")))
            view = View(self._x_min, self._x_max, self._y_min, self._y_max, area.width, area.height)
            draw(self._picture, view, Sheet(plot, left, bottom, area, ink))


def _changed(before: _Row, after: _Row) -> Iterator[tuple[int, int]]:
    """From which cell to which a line differs, if it does."""
    if before != after:
        cells = zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
        differing = [column for column, (old, new) in enumerate(cells) if old != new]
        yield differing[0], differing[-1] + 1
