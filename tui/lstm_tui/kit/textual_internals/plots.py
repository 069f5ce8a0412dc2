"""Private names of textual-plot and of its canvas.

textual-plot provides canvases, zooming and panning. Its drawing is replaced: it drops nan and so bridges
gaps, has no line patterns, and takes 200 ms for three lines of 10,000 points.
"""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from textual.app import ComposeResult
from textual.containers import Grid
from textual.geometry import Region
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget
from textual_plot.plot_widget import Legend

_Row = tuple[list[str], list[str]]
"""Characters and styles of the cells of one line."""


class CalmCanvas(Canvas):
    """A canvas that can be drawn again without repainting all of it."""

    def render_line(self, y: int) -> Strip:
        """A line of the canvas; a blank one if the canvas is still smaller than its widget."""
        # The blank strip of Canvas has no style, which Textual's filter for NO_COLOR needs.
        if y < self._canvas_size.height:
            return super().render_line(y)
        return Strip.blank(self.size.width, self.rich_style)

    @contextmanager
    def redrawn(self) -> Iterator[None]:
        """Empties the canvas for drawing; afterwards only the cells that changed are repainted.

        A growing curve changes a few cells. The whole chart is about 20 kB, which a slow connection would
        have to carry several times a second. `Canvas.batch_refresh` repaints everything.
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


class Plot(PlotWidget):
    """textual-plot's zooming and panning for a subclass that draws itself."""

    def compose(self) -> ComposeResult:
        """The widgets of textual-plot, with our canvases."""
        with Grid():
            for name in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield CalmCanvas(1, 1, id=name)
        yield Legend(id="legend")

    @property
    def shown_x(self) -> tuple[float, float]:
        """The visible range of the x axis. textual-plot has a public setter only."""
        return self._x_min, self._x_max

    @property
    def shown_y(self) -> tuple[float, float]:
        """The visible range of the y axis."""
        return self._y_min, self._y_max

    @abstractmethod
    def draw_on(self, plot: CalmCanvas, left: CalmCanvas, bottom: CalmCanvas, area: Region) -> None:
        """Draws on `area` of the plot and on the margins for the labels of the axes."""

    def draw_again(self) -> None:
        """Draws soon."""
        self._rerender()

    def _rerender(self) -> None:
        """Draws soon; a visible chart is not repainted as a whole."""
        if self._needs_canvas_resize or not (self.screen.is_current and self.is_on_screen):
            super()._rerender()
        elif not self._needs_rerender:
            self._needs_rerender = True
            self.call_next(self.render)

    def _render_plot(self) -> None:
        canvases = {canvas.id: canvas for canvas in self.query(CalmCanvas)}
        if not {"plot", "margin-left", "margin-bottom"} <= canvases.keys():
            return
        plot, left, bottom = canvases["plot"], canvases["margin-left"], canvases["margin-bottom"]
        with plot.redrawn(), left.redrawn(), bottom.redrawn():
            self.draw_on(plot, left, bottom, self._scale_rectangle)


def _changed(before: _Row, after: _Row) -> Iterator[tuple[int, int]]:
    """The first and the last cell that differ in a line, if any does."""
    if before != after:
        cells = zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
        differing = [column for column, (old, new) in enumerate(cells) if old != new]
        yield differing[0], differing[-1] + 1
