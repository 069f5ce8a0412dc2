"""Prediction intervals in a chart: their shades, the widest below, and their legend."""

from rich.text import Text

from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_tui.kit.charts.raster import Floats
from lstm_tui.kit.charts.shades import POSITIVE
from lstm_tui.kit.charts.shading import Band
from lstm_tui.kit.palette import Palette


def shaded_intervals(rows: Floats, intervals: Bands, palette: Palette) -> list[Band]:
    """The areas of intervals `[rows, levels]`, the widest first."""
    count = len(intervals.levels)
    return [
        Band(rows, intervals.low[:, index], intervals.high[:, index], palette.interval(number, count))
        for number, index in enumerate(reversed(range(count)))
    ]


def add_intervals(legend: Text, levels: tuple[float, ...], palette: Palette) -> None:
    """Appends the shades of intervals at these levels to a legend."""
    count = len(levels)
    for number, level in reversed(list(enumerate(reversed(levels)))):
        sample = "█" if palette.coloured else POSITIVE[min(number + 1, len(POSITIVE) - 1)]
        legend.append(
            f" {sample * 2}", palette.interval(number, count) if palette.coloured else palette.label
        )
        legend.append(f" {in_percent(level)} %", palette.label)
