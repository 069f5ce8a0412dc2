"""What a page of the course shows beside its text, as data: a front end decides how it is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lstm_forecasting.inspect.arithmetic import CellArithmetic

Role = Literal["plain", "strong", "changed", "quiet", "good", "bad", "input", "target"]
"""What a text means: the result, what the reader may change, of less interest, as it should be or not, what a
window sees and what it is to tell."""

Stroke = Literal["truth", "forecast", "other", "mark"]
"""What a line is: the truth, the network's, a second one beside it, a place that is pointed at."""


@dataclass(frozen=True)
class Cell:
    """A word or a number of a figure.

    Attributes:
        text: as it is shown.
        value: the number, unrounded; None for words.
        role: what it means.
    """

    text: str
    value: float | None = None
    role: Role = "plain"


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first column holds names and stands at the left, numbers stand at the right.

    Attributes:
        title: of the figure.
        head: names of the columns.
        rows: as many cells each as the head has.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Attributes:
        name: for the legend; "" for none.
        x: rising.
        y: as many.
        stroke: what it is.
        backend: short name of the one whose colour it has; "" for none.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    stroke: Stroke
    backend: str = ""


@dataclass(frozen=True)
class Curves:
    """Lines over one axis.

    Attributes:
        title: of the figure.
        lines: at least one.
        x: what the axis below counts.
        y: what the axis at the left counts.
        log: whether the axis at the left counts in powers of ten.
        marks: places on the axis below that are pointed at, each with a word.
        x_range: from and to of the axis below; None as far as the lines go.
        y_range: from and to of the axis at the left; None around the lines.
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
    """A plane of numbers as shades.

    Attributes:
        title: of the figure.
        rows: their names.
        columns: their names.
        values: by row.
        scale: "share" from 0 to 1; "signed" from the largest number to the same below 0.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    scale: Literal["share", "signed"]


@dataclass(frozen=True)
class Equation:
    """A formula, the numbers put into it, and what comes out.

    Attributes:
        symbol: of what is computed: "f".
        formula: "σ(W_f·x + U_f·h + b_f)".
        numbers: the same with its numbers; "" where the formula says all.
        value: what comes out.
    """

    symbol: str
    formula: str
    numbers: str
    value: Cell


@dataclass(frozen=True)
class Equations:
    """Formulas one below the other."""

    title: str
    lines: tuple[Equation, ...]


@dataclass(frozen=True)
class Wiring:
    """The cell as it is drawn everywhere, its wires carrying their numbers."""

    title: str
    cell: CellArithmetic


@dataclass(frozen=True)
class Source:
    """A piece of a program as it is installed.

    Attributes:
        title: whose it is.
        path: of the file, below the package.
        first: number of its first line, from 1.
        text: the lines.
        language: that it is written in.
        backend: short name of the one whose colour it has; "" for none.
    """

    title: str
    path: str
    first: int
    text: str
    language: str = "python"
    backend: str = ""


Figure = Table | Curves | Heat | Equations | Wiring | Source


def decimal(value: float, digits: int = 3) -> str:
    """A number with so many decimals and a true minus sign; never "−0.000"."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float, digits: int = 3) -> str:
    """The same without zeros at its end."""
    text = decimal(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fine(value: float, decimals: int = 4, digits: int = 1) -> str:
    """A number with so many decimals, or as many as it takes to show so many digits of a small one."""
    if value == 0:
        return decimal(value, decimals)
    return decimal(value, max(decimals, digits - 1 - math.floor(math.log10(abs(value)))))


def percent(share: float) -> str:
    """A share in percent."""
    return f"{fine(100.0 * share, 1)} %"


def factor(value: float, digits: int = 3) -> str:
    """A number as it stands in a product or a sum: a negative one in parentheses."""
    text = short(value, digits)
    return f"({text})" if text.startswith("−") else text


def number(value: float, digits: int = 3, role: Role = "plain") -> Cell:
    """A cell with a number."""
    return Cell(decimal(value, digits), float(value), role)


def fine_number(value: float, decimals: int = 4, role: Role = "plain") -> Cell:
    """The same of a number that may be small."""
    return Cell(fine(value, decimals), float(value), role)


def word(text: str, role: Role = "plain") -> Cell:
    """A cell with a word."""
    return Cell(text, None, role)
