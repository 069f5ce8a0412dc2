"""Draws a picture on textual-plot's canvases, or as lines of text."""

import itertools
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rich.text import Text
from textual.geometry import Region, Size

from lstm_tui.kit.charts.picture import Picture, Rule, Sign, Ticks
from lstm_tui.kit.charts.raster import View, cells
from lstm_tui.kit.charts.shading import Shades


@dataclass(frozen=True)
class Ink:
    """The colours of axes, grid and labels.

    Attributes:
        axis: of axes and rules, and of areas without colours.
        grid: of the grid.
        label: of labels.
        coloured: whether there are colours; otherwise areas are textures of characters.
    """

    axis: str
    grid: str
    label: str
    coloured: bool = True


class Surface(Protocol):
    """A grid of cells, each with a character and a style, such as textual-plot's canvas."""

    @property
    def size(self) -> Size:
        """Columns and rows."""

    def set_pixel(self, x: int, y: int, char: str = ..., style: str = ...) -> None:
        """Writes a cell; does nothing outside the grid."""

    def get_pixel(self, x: int, y: int) -> tuple[str, str]:
        """The character and style of a cell."""


@dataclass(frozen=True)
class Sheet:
    """The canvases of a chart: the plot with its axes, and margins for the labels.

    Attributes:
        plot: for the lines; its first column and last row are the axes.
        left: for the labels of the y axis, as high as the plot.
        bottom: for the labels of the x axis, as wide as both.
        area: part of the plot for the lines.
        ink: colours of everything except lines.
    """

    plot: Surface
    left: Surface
    bottom: Surface
    area: Region
    ink: Ink


def draw(picture: Picture, view: View, sheet: Sheet) -> None:
    """Draws axes and areas, then lines over them, then signs on top."""
    write(sheet.plot, 1, 0, picture.legend, sheet.area.width)
    _draw_axes(sheet)
    _draw_y_ticks(picture.y_ticks, view, sheet)
    _draw_x_ticks(picture.x_ticks, view, sheet)
    shades = Shades.of(picture.bands, view, coloured=sheet.ink.coloured)
    _draw_shades(shades, sheet)
    for rule in picture.rules:
        _draw_rule(rule, view, sheet, shades)
    for cell in cells(picture.lines, view):
        _put(sheet, shades, cell.column, cell.row, cell.character, cell.colour)
    for rule, following in itertools.zip_longest(picture.rules, picture.rules[1:]):
        _label_rule(rule, following, view, sheet)
    for sign in picture.signs:
        _draw_sign(sign, view, sheet, shades)


def column_of(x: float, view: View) -> int:
    """The column of x, counted from the left of the area; outside the area if x is not visible."""
    return int(np.rint((x - view.left) / (view.right - view.left) * (2 * view.columns - 1))) // 2


def row_of(y: float, view: View) -> int:
    """The row of y, counted from the top of the area."""
    return int(np.rint((view.high - y) / (view.high - view.low) * (4 * view.rows - 1))) // 4


def write(canvas: Surface, x: int, y: int, text: Text, room: int) -> None:
    """Writes styled text, cut to `room` columns."""
    styles = [str(text.style)] * len(text.plain)
    for span in text.spans:
        styles[span.start : span.end] = [str(span.style)] * (span.end - span.start)
    for index, (character, style) in enumerate(zip(text.plain[:room], styles, strict=False)):
        canvas.set_pixel(x + index, y, character, style)


def _draw_axes(sheet: Sheet) -> None:
    area, plot, colour = sheet.area, sheet.plot, sheet.ink.axis
    for row in range(area.y, area.bottom):
        plot.set_pixel(0, row, "│", colour)
    for column in range(1, area.right):
        plot.set_pixel(column, area.bottom, "─", colour)
    plot.set_pixel(0, area.bottom, "└", colour)


def _draw_y_ticks(ticks: Ticks, view: View, sheet: Sheet) -> None:
    area, width = sheet.area, sheet.left.size.width
    for tick in ticks(view.low, view.high, view.rows):
        row = area.y + row_of(tick.at, view)
        if not area.y <= row < area.bottom:
            continue
        sheet.plot.set_pixel(0, row, "┤", sheet.ink.axis)
        for column in range(area.x, area.right, 2):
            sheet.plot.set_pixel(column, row, "·", sheet.ink.grid)
        write(sheet.left, 0, row, Text(tick.label.rjust(width - 1), sheet.ink.label), width - 1)


def _draw_x_ticks(ticks: Ticks, view: View, sheet: Sheet) -> None:
    area, margin = sheet.area, sheet.left.size.width
    free = 0
    for tick in ticks(view.left, view.right, view.columns):
        column = area.x + column_of(tick.at, view)
        start = margin + column - len(tick.label) // 2
        start = min(start, margin + sheet.plot.size.width - len(tick.label))
        if area.x <= column < area.right and start >= free:
            free = start + len(tick.label) + 1
            sheet.plot.set_pixel(column, area.bottom, "┬", sheet.ink.axis)
            write(sheet.bottom, start, 0, Text(tick.label, sheet.ink.label), len(tick.label))


def _draw_rule(rule: Rule, view: View, sheet: Sheet, shades: Shades) -> None:
    column = column_of(rule.x, view)
    if 0 <= column < view.columns:
        for row in range(view.rows):
            _put(sheet, shades, column, row, "┊", sheet.ink.axis)


def _label_rule(rule: Rule, following: Rule | None, view: View, sheet: Sheet) -> None:
    area = sheet.area
    column = column_of(rule.x, view)
    if not 0 <= column < view.columns:
        return
    end = view.columns if following is None else min(view.columns, column_of(following.x, view))
    room = end - column - 2
    label = next((label for label in rule.labels if len(label) <= room), "")
    write(sheet.plot, area.x + column + 1, area.y, Text(label, sheet.ink.label), room)
    if not label and len(rule.before) <= column:
        start = area.x + column - len(rule.before)
        write(sheet.plot, start, area.y, Text(rule.before, sheet.ink.label), len(rule.before))


def _draw_sign(sign: Sign, view: View, sheet: Sheet, shades: Shades) -> None:
    column = column_of(sign.x, view)
    # Thick lines, on which the signs are, reach half a dot below their value.
    below = 0.5 * (view.high - view.low) / (4 * view.rows - 1)
    row = 0 if sign.y is None else row_of(sign.y - below, view)
    if 0 <= column < view.columns and 0 <= row < view.rows:
        _put(sheet, shades, column, row, sign.character, f"bold {sign.colour}")


def _draw_shades(shades: Shades, sheet: Sheet) -> None:
    """Puts the shades behind what the cells have; where two meet, the edge replaces it."""
    for row, column in zip(*np.nonzero(shades.main), strict=True):
        place = sheet.area.x + int(column), sheet.area.y + int(row)
        character, style = sheet.plot.get_pixel(*place)
        texture = shades.texture(row, column)
        if texture:
            sheet.plot.set_pixel(*place, texture, sheet.ink.axis)
        else:
            sheet.plot.set_pixel(*place, character, shades.behind(row, column, style))
    for (row, column), edge in shades.edges.items():
        sheet.plot.set_pixel(sheet.area.x + column, sheet.area.y + row, *edge)


def _put(sheet: Sheet, shades: Shades, column: int, row: int, character: str, style: str) -> None:
    """Writes a character into a cell of the area, over its shade."""
    place = sheet.area.x + column, sheet.area.y + row
    sheet.plot.set_pixel(*place, character, shades.behind(row, column, style))


class _Paper:
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
