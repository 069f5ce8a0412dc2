"""The future as numbers: a row for every step, its date and what every backend says."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.palette import Palette
from lstm_tui.widgets.forecast.numbers import decimals_of_axis, shown


def future_table(result: ExperimentResult, target: int, palette: Palette) -> Table:
    """All steps after the last row; the outer quantile levels of a backend that has them beside its point."""
    experiment = result.experiment
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    step = experiment.table.frequency.step
    table.add_column(ratio=1, no_wrap=True)
    for _ in result.backends:
        table.add_column(justify="right", no_wrap=True, ratio=1, overflow="ellipsis")
    heads = [Text(one.evaluation.name, palette.line(one.backend)) for one in result.backends]
    table.add_row(Text(step, palette.quiet), *heads)
    values = [float(value) for one in result.backends for value in one.future[:, target]]
    decimals = decimals_of_axis(values)
    for index in range(experiment.steps):
        cells = []
        for one in result.backends:
            text = shown(float(one.future[index, target]), decimals)
            levels = one.future_levels[index, target]
            if len(levels) > 1:
                text += f" ({shown(float(levels[0]), decimals)}…{shown(float(levels[-1]), decimals)})"
            cells.append(Text(text, palette.truth))
        when = experiment.table.row_text(experiment.table.rows + index)
        table.add_row(Text(when, palette.label), *cells)
    return table


def agreement_in_words(result: ExperimentResult) -> str:
    """How far the backends lie apart, one sentence; empty with fewer than two."""
    apart = result.agreement
    if apart is None:
        return ""
    return (
        f"The {len(result.backends)} backends' forecasts differ by {apart.largest:.1e} standard "
        f"deviations at most, their MAE by {apart.error * 100:.2g} %."
    )
