"""The series that would be trained on, with its parts."""

import numpy as np
from rich.text import Text

from lstm_forecasting.data.splits import Split
from lstm_forecasting.data.table import SeriesTable
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.ticks import number_ticks
from lstm_tui.kit.palette import Palette


def series_picture(table: SeriesTable, split: Split | None, palette: Palette, column: int = 0) -> Picture:
    """One column over all rows, cut where validation and test begin.

    Args:
        table: the series.
        split: its parts; None while they are not known.
        palette: the colours of the theme.
        column: which of the table's columns; without it, the first target.
    """
    values = table.values[:, column]
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.04 or max(abs(high) * 0.04, 1.0)
    legend = Text(table.columns[column], f"bold {palette.truth}")
    rules: tuple[Rule, ...] = ()
    if split is not None:
        legend.append(f"   train {len(split.train)} · validation {len(split.validation)} · ", palette.quiet)
        legend.append(f"test {len(split.test)} rows", palette.quiet)
        rules = (
            Rule(split.validation.start, ("validation", "valid.")),
            Rule(split.test.start, ("test",)),
        )
    return Picture(
        x=(0.0, float(max(1, table.rows - 1))),
        y=(low - margin, high + margin),
        lines=(Line(np.arange(table.rows, dtype=np.float64), values, palette.truth),),
        legend=legend,
        x_ticks=row_ticks(table.times),
        y_ticks=lambda bottom, top, rows: number_ticks(bottom, top, max(2, rows // 3)),
        rules=rules,
    )
