"""The chart widget: textual-plot's canvas, zooming and panning under a drawing of our own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget

from lstm_tui.charts.raster import Floats, Line, View, cells
from lstm_tui.charts.ticks import Tick

Ticks = Callable[[float, float], list[Tick]]


@dataclass(frozen=True, eq=False)
class Band:
    """An area under the lines, for an interval: where x lies between two ends, y does too."""

    x: Floats
    low: Floats
    high: Floats
    colour: str


@dataclass(frozen=True)
class Rule:
    """A vertical line with a word at its top."""

    x: float
    label: str = ""


@dataclass(frozen=True)
class Sign:
    """A character in place of a value that cannot be drawn, at the top of the chart."""

    x: float
    character: str
    colour: str


@dataclass(frozen=True, eq=False)
class Picture:
    """All that a chart shows.

    Attributes:
        x: from and to.
        y: from and to, in the coordinate of the lines' y (logarithms on a log scale).
        lines: see `Line`.
        legend: what stands above: each text with its style.
        x_ticks: makes the ticks of the part that is shown.
        y_ticks: the same, upwards.
        rules: vertical lines.
        bands: areas.
        signs: characters at the top.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    lines: tuple[Line, ...]
    legend: Text
    x_ticks: Ticks
    y_ticks: Ticks
    rules: tuple[Rule, ...] = ()
    bands: tuple[Band, ...] = ()
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class _Ink:
    """The styles of what is not a line, as the theme has them."""

    axis: str
    grid: str
    label: str


class Chart(PlotWidget):
    """Shows a `Picture`. Zooming and panning stay as they are when the next picture comes.

    textual-plot's own drawing is replaced: it drops nan and so bridges gaps, has no patterns, and takes 200
    ms for three lines of 10,000 points.
    """

    DEFAULT_CSS = """
    Chart { background: $background; height: 1fr; }
    Chart Grid { height: 1fr; }
    """

    def __init__(self, *, label_width: int = 6, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._picture: Picture | None = None
        self.set_reactive(Chart.margin_top, 0)
        self.set_reactive(Chart.margin_bottom, 1)
        self.set_reactive(Chart.margin_left, label_width + 1)

    def show(self, picture: Picture) -> None:
        """Shows another picture, on the same part of the plane if the user has zoomed."""
        before = self._picture
        free_x = before is None or (self._x_min, self._x_max) == before.x
        free_y = before is None or (self._y_min, self._y_max) == before.y
        self._picture = picture
        if free_x:
            self.set_xlimits(*picture.x)
        else:
            self._user_x_min, self._user_x_max = picture.x
        if free_y:
            self.set_ylimits(*picture.y)
        else:
            self._user_y_min, self._user_y_max = picture.y
        self._rerender()

    def _render_plot(self) -> None:
        canvases = {canvas.id: canvas for canvas in self.query(Canvas)}
        canvas, left, bottom = (canvases.get(name) for name in ("plot", "margin-left", "margin-bottom"))
        if canvas is None or left is None or bottom is None:
            return
        with canvas.batch_refresh(), left.batch_refresh(), bottom.batch_refresh():
            for one in (canvas, left, bottom):
                one.reset()
            area = self._scale_rectangle
            if self._picture is None or area.width < 4 or area.height < 2:
                return
            self._draw(self._picture, area, canvas, left, bottom)

    def _draw(self, picture: Picture, area: Region, canvas: Canvas, left: Canvas, bottom: Canvas) -> None:
        variables = self.app.theme_variables
        ink = _Ink(variables["chart-axis"], variables["chart-grid"], variables["chart-label"])
        view = View(self._x_min, self._x_max, self._y_min, self._y_max, area.width, area.height)
        _write(canvas, 1, 0, picture.legend, area.width)
        self._draw_axes(picture, view, area, canvas, left, bottom, ink)
        for band in picture.bands:
            _shade(canvas, band, view, area)
        for rule in picture.rules:
            self._draw_rule(rule, view, area, canvas, ink)
        for cell in cells(picture.lines, view):
            column, row = area.x + cell.column, area.y + cell.row
            background = _background(canvas.get_pixel(column, row)[1])
            canvas.set_pixel(column, row, cell.character, f"{cell.colour}{background}")
        for sign in picture.signs:
            column = _column(sign.x, view)
            if 0 <= column < view.columns:
                canvas.set_pixel(area.x + column, area.y, sign.character, f"bold {sign.colour}")

    def _draw_axes(
        self,
        picture: Picture,
        view: View,
        area: Region,
        canvas: Canvas,
        left: Canvas,
        bottom: Canvas,
        ink: _Ink,
    ) -> None:
        for row in range(area.y, area.bottom):
            canvas.set_pixel(0, row, "│", ink.axis)
        for column in range(1, area.right):
            canvas.set_pixel(column, area.bottom, "─", ink.axis)
        canvas.set_pixel(0, area.bottom, "└", ink.axis)
        for tick in picture.y_ticks(view.low, view.high):
            row = area.y + _row(tick.at, view)
            if not area.y <= row < area.bottom:
                continue
            canvas.set_pixel(0, row, "┤", ink.axis)
            for column in range(area.x, area.right, 2):
                canvas.set_pixel(column, row, "·", ink.grid)
            label = tick.label[: self.margin_left - 1].rjust(self.margin_left - 1)
            _write(left, 0, row, Text(label, ink.label), self.margin_left)
        free = 0
        for tick in picture.x_ticks(view.left, view.right):
            column = area.x + _column(tick.at, view)
            start = self.margin_left + column - len(tick.label) // 2
            start = min(start, self.margin_left + canvas.size.width - len(tick.label))
            if not area.x <= column < area.right or start < free:
                continue
            free = start + len(tick.label) + 1
            canvas.set_pixel(column, area.bottom, "┬", ink.axis)
            _write(bottom, start, 0, Text(tick.label, ink.label), len(tick.label))

    def _draw_rule(self, rule: Rule, view: View, area: Region, canvas: Canvas, ink: _Ink) -> None:
        column = _column(rule.x, view)
        if not 0 <= column < view.columns:
            return
        column += area.x
        for row in range(area.y, area.bottom):
            background = _background(canvas.get_pixel(column, row)[1])
            canvas.set_pixel(column, row, "┊", f"{ink.axis}{background}")
        room = area.right - column - 1
        _write(canvas, column + 1, area.y, Text(rule.label, ink.label), room)


def _column(x: float, view: View) -> int:
    return round((x - view.left) / (view.right - view.left) * (view.columns - 0.5) - 0.25)


def _row(y: float, view: View) -> int:
    return round((view.high - y) / (view.high - view.low) * (view.rows - 0.25) - 0.375)


def _write(canvas: Canvas, x: int, y: int, text: Text, room: int) -> None:
    """Writes styled text, cut to `room` cells."""
    for segment_start, (character, style) in enumerate(_characters(text)):
        if segment_start >= room:
            return
        canvas.set_pixel(x + segment_start, y, character, style)


def _characters(text: Text) -> list[tuple[str, str]]:
    base = str(text.style)
    styles = [base] * len(text.plain)
    for span in text.spans:
        for index in range(span.start, min(span.end, len(styles))):
            styles[index] = str(span.style)
    return list(zip(text.plain, styles, strict=True))


def _shade(canvas: Canvas, band: Band, view: View, area: Region) -> None:
    columns = np.arange(view.columns)
    x = view.left + (columns + 0.5) / view.columns * (view.right - view.left)
    low = np.interp(x, band.x, band.low, left=np.nan, right=np.nan)
    high = np.interp(x, band.x, band.high, left=np.nan, right=np.nan)
    for column in columns[np.isfinite(low) & np.isfinite(high)].tolist():
        top, end = _row(float(high[column]), view), _row(float(low[column]), view)
        for row in range(max(0, top), min(view.rows - 1, end) + 1):
            character, style = canvas.get_pixel(area.x + column, area.y + row)
            canvas.set_pixel(area.x + column, area.y + row, character, f"{style} on {band.colour}".strip())


def _background(style: str) -> str:
    colour = Style.parse(style).bgcolor if style else None
    return f" on {colour.name}" if colour is not None else ""
