"""One forecast of the test part in numbers: the error of every model, and its values step by step."""

from rich.table import Table
from rich.text import Text

from lstm_forecasting.evaluation.single_forecasts import forecast_rows, window_errors
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.forecast.widgets.copies import models
from lstm_tui.kit.numbers import decimals_for, decimals_of_axis, shown
from lstm_tui.kit.palette import Palette

_SAMPLE = 5


def single_words(result: ExperimentResult, window: int, target: int, palette: Palette) -> Text:
    """Which forecast it is, and how far every model is off beside its mean."""
    table, rows = result.experiment.table, forecast_rows(result, window)
    first, last = table.row_text(rows.start), table.row_text(rows.stop - 1)
    span = f"from {first} to {last}" if len(rows) > 1 else f"of {first}"
    line = Text()
    line.append(f"Forecast {window + 1:,} of {len(result.first_rows):,}, {span}\n", f"bold {palette.truth}")
    line.append("MAE here and on average: ", palette.quiet)
    best = result.best_baseline(target)
    told = [*(one.evaluation for one in result.backends), *(() if best is None else (best,))]
    errors = [(float(window_errors(result, one, target)[window]), one.scores[target].mae) for one in told]
    decimals = decimals_for([error for pair in errors for error in pair])
    for number, (one, (here, mean)) in enumerate(zip(told, errors, strict=True)):
        line.append(" · " if number else "", palette.quiet)
        line.append(f"{one.name} ", palette.label)
        line.append(shown(here, decimals), f"bold {palette.truth}")
        line.append(f" / {shown(mean, decimals)}", palette.label)
    return line


def single_scores(result: ExperimentResult, window: int, target: int, palette: Palette) -> Table:
    """A row for every model: its error in this window and on average, the lowest here first."""
    looks = {one.evaluation.name: one.backend for one in result.backends}
    found = [
        (float(window_errors(result, one, target)[window]), one.scores[target].mae, one.name)
        for one in models(result)
    ]
    found.sort(key=lambda each: each[0])
    decimals = decimals_for([error for here, mean, _ in found for error in (here, mean)])
    table = Table.grid(expand=True)
    table.add_column(width=_SAMPLE, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for _ in range(2):
        table.add_column(width=12, justify="right", no_wrap=True)
    heads = ("model", "MAE here", "on average")
    table.add_row("", *(Text(head, palette.quiet) for head in heads))
    for here, mean, name in found:
        backend = looks.get(name)
        sample = Text(palette.look(backend).sample, palette.line(backend)) if backend else Text()
        table.add_row(
            sample,
            Text(name, f"bold {palette.truth}" if backend else palette.label),
            Text(shown(here, decimals), palette.truth),
            Text(shown(mean, decimals), palette.label),
        )
    return table


def single_steps(result: ExperimentResult, window: int, target: int, palette: Palette) -> Table:
    """A row for every step: its date, the truth, every backend and the best baseline."""
    experiment, rows = result.experiment, forecast_rows(result, window)
    best = result.best_baseline(target)
    columns = [("truth", palette.truth, result.truth[window, :, target])]
    columns += [
        (one.evaluation.name, palette.line(one.backend), one.evaluation.forecasts[window, :, target])
        for one in result.backends
    ]
    if best is not None:
        columns.append((best.name, palette.quiet, best.forecasts[window, :, target]))
    decimals = decimals_of_axis([float(value) for _, _, values in columns for value in values])
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    width = max(len(experiment.table.frequency.step), len(experiment.table.row_text(rows.stop - 1)))
    table.add_column(min_width=width, no_wrap=True)
    for _ in columns:
        table.add_column(justify="right", no_wrap=True, ratio=1, overflow="ellipsis")
    heads = [Text(name, colour) for name, colour, _ in columns]
    table.add_row(Text(experiment.table.frequency.step, palette.quiet), *heads)
    for step in range(len(rows)):
        cells = [Text(shown(float(values[step]), decimals), palette.truth) for _, _, values in columns]
        table.add_row(Text(experiment.table.row_text(rows.start + step), palette.label), *cells)
    return table
