"""The chart of a series with its parts."""

import numpy as np
from rich.text import Text

from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.table import SeriesTable
from lstm_tui.kit.charts.dates import row_ticks
from lstm_tui.kit.charts.picture import Picture, Rule
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.palette import Palette


def series_picture(table: SeriesTable, split: Split | None, palette: Palette, column: int = 0) -> Picture:
    """One column over all rows, with gaps where values were filled, and rules between its parts."""
    values = table.observed_values(column)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
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
        rules=rules,
    )
