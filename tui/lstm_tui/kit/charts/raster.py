"""Lines as braille dots, two by four in each cell of the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.figures.looks import Pattern

Floats = NDArray[np.float64]
Dots = NDArray[np.bool_]

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The value of each dot in the code of a braille character, by row and column."""
_STEEP = 3
"""A line that covers more cells of a column has its pattern along the height instead of the width."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chart.

    Attributes:
        x: ascending.
        y: nan at gaps.
        colour: as "#rrggbb".
        pattern: of the line.
        thick: two dots wide instead of one.
        layer: higher ones are drawn over lower ones; lines of one layer share common cells.
    """

    x: Floats
    y: Floats
    colour: str
    pattern: Pattern = "solid"
    thick: bool = False
    layer: int = 0


@dataclass(frozen=True)
class View:
    """The visible part of the plane, and the cells it covers."""

    left: float
    right: float
    low: float
    high: float
    columns: int
    rows: int


@dataclass(frozen=True)
class Cell:
    """One character of a drawing; columns count from the left, rows from the top."""

    column: int
    row: int
    character: str
    colour: str


def cells(lines: Sequence[Line], view: View) -> Iterator[Cell]:
    """The cells of all lines. Where lines of one layer share cells, their colours alternate."""
    if not lines:
        return
    dots = [_patterned(dots_of(line, view), line.pattern) for line in lines]
    present = np.array([_cells_with(one) for one in dots])
    layers = np.array([line.layer for line in lines])
    top = np.where(present, layers[:, None, None], np.iinfo(np.int64).min).max(axis=0)
    present &= layers[:, None, None] == top
    count = present.sum(axis=0)
    turn = (np.arange(view.columns) // 2)[None, :] % np.maximum(count, 1)
    rank = np.cumsum(present, axis=0) - 1
    owner = np.argmax(present & (rank == turn), axis=0)
    shown = np.zeros((view.rows * 4, view.columns * 2), dtype=bool)
    for one, mask in zip(dots, present, strict=True):
        shown |= one & _over_cells(mask)
    codes = np.full((view.rows, view.columns), 0x2800)
    for row, bits in enumerate(_BITS):
        for column, bit in enumerate(bits):
            codes += bit * shown[row::4, column::2]
    for row, column in zip(*np.nonzero(count), strict=True):
        colour = lines[owner[row, column]].colour
        yield Cell(int(column), int(row), chr(codes[row, column]), colour)


def dots_of(line: Line, view: View) -> Dots:
    """The dots of a line without its pattern, `[rows · 4, columns · 2]`.

    Every column of dots shows the whole range of the line in that column, so that no peak is lost however
    many points there are.
    """
    width, height = view.columns * 2, view.rows * 4
    dots = np.zeros((height, width), dtype=bool)
    across = (line.x - view.left) / (view.right - view.left) * (width - 1)
    down = (view.high - line.y) / (view.high - view.low) * (height - 1)
    for start, stop in _runs(np.isfinite(across) & np.isfinite(down)):
        _draw_run(dots, across[start:stop], down[start:stop])
    if line.thick:
        dots[1:] |= dots[:-1]
        dots[:, 1:] |= dots[:, :-1]
    return dots


def _draw_run(dots: Dots, across: Floats, down: Floats) -> None:
    height, width = dots.shape
    first = max(0, int(np.rint(across[0])))
    last = min(width - 1, int(np.rint(across[-1])))
    if first > last:
        return
    if len(across) == 1:
        row = int(np.rint(down[0]))
        # A single dot would be too small to see.
        dots[max(0, row) : max(0, row + 2), first : first + 2] = True
        return
    edges = np.interp(np.arange(first, last + 2) - 0.5, across, down)
    low, high = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    column = np.rint(across).astype(np.int64) - first
    inside = (column >= 0) & (column <= last - first)
    np.minimum.at(low, column[inside], down[inside])
    np.maximum.at(high, column[inside], down[inside])
    # A quarter off each end, or neighbours would both show the dot at their common edge. Flat parts keep
    # their place, so that they lie on their tick.
    middle = (low + high) / 2
    begin = np.rint(np.minimum(low + 0.25, middle))
    end = np.rint(np.maximum(high - 0.25, middle))
    rows = np.arange(height)[:, None]
    dots[:, first : last + 1] |= (rows >= begin) & (rows <= end)


def _runs(good: Dots) -> Iterator[tuple[int, int]]:
    """The start and stop of every part without a gap."""
    steps = np.diff(np.concatenate(([False], good, [False])).astype(np.int8))
    yield from zip(np.nonzero(steps == 1)[0].tolist(), np.nonzero(steps == -1)[0].tolist(), strict=True)


def _patterned(dots: Dots, pattern: Pattern) -> Dots:
    if pattern == "solid":
        return dots
    present = _cells_with(dots)
    rows, columns = present.shape
    steep = present.sum(axis=0) > _STEEP
    along = np.where(steep[None, :], np.arange(rows)[:, None], np.arange(columns)[None, :])
    match pattern:
        case "dashed":
            on = along % 4 < 3
        case "dotted":
            on = along % 2 == 0
        case _:
            on = np.isin(along % 7, (0, 1, 2, 3, 5))
    return dots & _over_cells(on)


def _cells_with(dots: Dots) -> Dots:
    """A mask of the cells that have a dot."""
    lines = dots[0::4] | dots[1::4] | dots[2::4] | dots[3::4]
    found: Dots = lines[:, 0::2] | lines[:, 1::2]
    return found


def _over_cells(mask: Dots) -> Dots:
    """A mask of dots from a mask of cells."""
    return np.repeat(np.repeat(mask, 4, axis=0), 2, axis=1)
