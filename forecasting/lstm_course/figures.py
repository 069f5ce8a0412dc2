"""The figures on a page of the course, as data; the front end decides how to draw them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lstm_forecasting.inspect.arithmetic import CellArithmetic

Role = Literal["plain", "strong", "changed", "quiet", "good", "bad", "input", "target"]
"""The meaning of a text: a result (strong), what the reader changed, background (quiet), right or wrong, the
input of a window and its target."""

Stroke = Literal["truth", "forecast", "other", "mark"]
"""The meaning of a line: the truth, the network's forecast, a second line, a marked place."""


@dataclass(frozen=True)
class Cell:
    """A word or a number of a figure; `value` is the unrounded number and None for words."""

    text: str
    value: float | None = None
    role: Role = "plain"


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells under a head: names in the first column, aligned left, then numbers, aligned right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Line:
    """One line of a chart, with ascending x.

    `name` is its name in the legend, and `backend` the backend whose colour it has; "" for none.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    stroke: Stroke
    backend: str = ""


@dataclass(frozen=True)
class Curves:
    """A chart with at least one line.

    Attributes:
        title: title of the figure.
        lines: at least one.
        x: label of the horizontal axis.
        y: label of the vertical axis.
        log: whether the vertical axis is logarithmic.
        marks: marked places on the horizontal axis, each with a label.
        x_range: limits of the horizontal axis; None for those of the lines.
        y_range: limits of the vertical axis; None for those of the lines.
    """

    title: str
    lines: tuple[Line, ...]
    x: str
    y: str
    log: bool = False
    marks: tuple[tuple[float, str], ...] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Heat:
    """A heatmap of values by row; scale "share" is 0 to 1, and "signed" is symmetric around 0."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    scale: Literal["share", "signed"]


@dataclass(frozen=True)
class Equation:
    """A symbol ("f"), its formula ("o·tanh(C)"), the formula with numbers ("" for none), and its value."""

    symbol: str
    formula: str
    numbers: str
    value: Cell


@dataclass(frozen=True)
class Equations:
    """Formulas, one below the other."""

    title: str
    lines: tuple[Equation, ...]


@dataclass(frozen=True)
class Wiring:
    """The usual diagram of the cell, with a number on every wire."""

    title: str
    cell: CellArithmetic


@dataclass(frozen=True)
class Source:
    """Some lines of an installed program.

    Attributes:
        title: title of the figure.
        path: path of the file, starting at its package.
        first: number of the first line, from 1.
        text: the lines.
        language: programming language.
        backend: the backend whose colour it has; "" for none.
    """

    title: str
    path: str
    first: int
    text: str
    language: str = "python"
    backend: str = ""


Figure = Table | Curves | Heat | Equations | Wiring | Source


def decimal(value: float, digits: int = 3) -> str:
    """A number with this many decimals and a true minus sign; never "−0.000"."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float, digits: int = 3) -> str:
    """`decimal` without trailing zeros."""
    text = decimal(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fine(value: float, decimals: int = 4, digits: int = 1) -> str:
    """`decimal` with more decimals if a small number needs them to show `digits` significant digits."""
    if value == 0:
        return decimal(value, decimals)
    return decimal(value, max(decimals, digits - 1 - math.floor(math.log10(abs(value)))))


def percent(share: float) -> str:
    """A share in percent."""
    return f"{fine(100.0 * share, 1)} %"


def factor(value: float, digits: int = 3) -> str:
    """A number inside a product or a sum: a negative one is in parentheses."""
    text = short(value, digits)
    return f"({text})" if text.startswith("−") else text


def number(value: float, digits: int = 3, role: Role = "plain") -> Cell:
    """A cell with a number."""
    return Cell(decimal(value, digits), float(value), role)


def fine_number(value: float, decimals: int = 4, role: Role = "plain") -> Cell:
    """A cell with a number that may be small; see `fine`."""
    return Cell(fine(value, decimals), float(value), role)


def word(text: str, role: Role = "plain") -> Cell:
    """A cell with a word."""
    return Cell(text, None, role)


def number_row(name: str, values: Iterable[float], digits: int = 3, role: Role = "plain") -> Row:
    """A name followed by numbers."""
    return (word(name), *(number(value, digits, role) for value in values))


def single_equation(title: str, symbol: str, formula: str, numbers: str, value: Cell) -> Equations:
    """A figure with one equation; see `Equation`."""
    return Equations(title, (Equation(symbol, formula, numbers, value),))
