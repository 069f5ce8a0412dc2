"""The chart of a series with its parts, and of a column that is known ahead with its future."""

from functools import partial

import numpy as np
from rich.text import Text

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.known.own_columns import NO_WORD
from lstm_tui.data.shown import NO_TEXT, ShownColumn, rows_after, shown_column
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule, Ticks, limits, round_numbers
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import Tick
from lstm_tui.kit.palette import Palette

_LEAST_SHARE = 0.05
"""Share of the chart that the rows after the end have at least; of a long series, only the end is shown."""
_LONGEST_WORD = 8


def series_picture(table: SeriesTable, split: Split | None, palette: Palette, name: str = "") -> Picture:
    """One column over all rows, with gaps where values were filled, and rules between its parts.

    `name` is that of a column in use; empty for the first target.
    """
    column = shown_column(table, name or table.targets[0])
    values = column.values.copy()
    values[: table.rows][column.filled] = np.nan
    legend = Text(column.name, f"bold {palette.truth}")
    if column.role == "known":
        return _known_picture(table, column, values, legend, palette)
    rules: tuple[Rule, ...] = ()
    if split is not None:
        legend.append(f"   train {len(split.train)} · validation {len(split.validation)} · ", palette.quiet)
        legend.append(f"test {len(split.test)} rows", palette.quiet)
        rules = (
            Rule(split.validation.start, ("validation", "valid.")),
            Rule(split.test.start, ("test",)),
        )
    line = Line(np.arange(table.rows, dtype=np.float64), values, palette.truth)
    x = (0.0, float(max(1, table.rows - 1)))
    return Picture(
        x=x,
        y=limits((line,), (), *x),
        lines=(line,),
        legend=legend,
        x_ticks=row_ticks(table.times),
        rules=rules,
    )


def _known_picture(
    table: SeriesTable, column: ShownColumn, values: Array, legend: Text, palette: Palette
) -> Picture:
    """The end of a known column, its rows after the end of the series in another colour behind a rule."""
    ahead, rows = rows_after(table), table.rows
    end = rows + ahead
    left = float(rows - 12 * ahead) if 0 < ahead < _LEAST_SHARE * end and rows > 12 * ahead else 0.0
    colour = palette.named("primary")
    past, future = _steps(values[:rows], 0), _steps(values[rows:], rows)
    lines = (Line(*past, palette.truth), Line(*future, colour, thick=True))
    y_ticks: Ticks = round_numbers
    y = limits(lines, (), left, float(end))
    if column.words:
        y, y_ticks = (NO_WORD - 0.4, len(column.words) - 0.6), partial(_word_ticks, column.words)
    legend.append("   ▷ known ahead", palette.quiet)
    if ahead:
        legend.append(f" · {ahead:,} rows after the end", colour)
    times, later = table.times, table.future_times(ahead)
    return Picture(
        x=(left, float(max(1, end) - 0.5)),
        y=y,
        lines=lines,
        legend=legend,
        x_ticks=row_ticks(None if times is None or later is None else np.concatenate([times, later])),
        y_ticks=y_ticks,
        rules=(Rule(rows - 0.5, ("future",), "future →"),) if ahead else (),
    )


def _steps(values: Array, first: int) -> tuple[Array, Array]:
    """Positions and values of a line that is level in each row, since a price holds all day."""
    rows = np.arange(first, first + len(values), dtype=np.float64)
    return np.repeat(rows, 2) + np.tile([-0.5, 0.5], len(values)), np.repeat(values, 2)


def _word_ticks(words: tuple[str, ...], low: float, high: float, rows: int) -> list[Tick]:
    """The texts of a column at their codes, as many as there is room for."""
    codes = range(max(0, int(np.ceil(low))), min(len(words), int(np.floor(high)) + 1))
    every = -(-len(words) // max(1, rows - 1))
    ticks = [Tick(float(code), _short(words[code])) for code in codes if code % every == 0]
    return [Tick(NO_WORD, NO_TEXT), *ticks] if low <= NO_WORD else ticks


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else f"{word[: _LONGEST_WORD - 1]}…"
