"""The future as numbers: a row for every step, its date and what every backend says."""

from rich.table import Table
from rich.text import Text

from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.kit.charts.raster import Floats
from lstm_tui.kit.charts.ticks import number
from lstm_tui.kit.numbers import decimals_of_axis, shown
from lstm_tui.kit.palette import Palette


def future_table(result: ExperimentResult, target: int, palette: Palette) -> Table:
    """All steps after the last row; the outer quantiles are the best backend's."""
    experiment = result.experiment
    quantiles = _outer_quantiles(result, target)
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    step = experiment.table.frequency.step
    last = experiment.table.row_text(experiment.table.rows + experiment.steps - 1)
    table.add_column(min_width=max(len(step), len(last)), no_wrap=True)
    heads = [Text(one.evaluation.name, palette.line(one.backend)) for one in result.backends]
    heads += [Text(title, palette.quiet) for title in quantiles]
    for _ in heads:
        table.add_column(justify="right", no_wrap=True, ratio=1, overflow="ellipsis")
    table.add_row(Text(step, palette.quiet), *heads)
    values = [float(value) for one in result.backends for value in one.future[:, target]]
    decimals = decimals_of_axis(values)
    for index in range(experiment.steps):
        numbers = [float(one.future[index, target]) for one in result.backends]
        numbers += [float(values[index]) for values in quantiles.values()]
        cells = [Text(shown(value, decimals), palette.truth) for value in numbers]
        when = experiment.table.row_text(experiment.table.rows + index)
        table.add_row(Text(when, palette.label), *cells)
    return table


def _outer_quantiles(result: ExperimentResult, target: int) -> dict[str, Floats]:
    """The lowest and the highest quantile level of the best backend, by title; none of a point model."""
    best = result.best_backend(target)
    quantiles = result.experiment.config.output_quantiles
    if best is None or len(quantiles) < 2:
        return {}
    ends = {0: quantiles[0], -1: quantiles[-1]}
    return {f"{level * 100:g} %": best.future_quantiles[:, target, end] for end, level in ends.items()}


def agreement_in_words(result: ExperimentResult) -> str:
    """How far the backends lie apart, and why if they are no longer alike; empty with fewer than two."""
    apart = result.agreement
    if apart is None:
        return ""
    same = "the same to 0.01 %" if apart.error < 1e-4 else f"within {apart.error * 100:.2g} %"
    largest = number(float(f"{apart.largest:.1e}"))
    uneven = result.uneven_endings
    return (
        (f"Ended at different epochs ({uneven}), and so different models. " if uneven else "")
        + f"Between the {len(result.backends)} backends, forecasts lie within {largest} standard deviations "
        f"of the target, and the MAE is {same}."
    )
