"""The plan and the result of an experiment, as text and tables."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.metrics import UNDEFINED
from lstm_forecasting.evaluation.verdict import counted_in_words
from lstm_forecasting.experiment.lines import in_offered_order
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.presets.tried import Tried
from lstm_tui.cli.experiment.intervals import columns_of_ends, coverage_columns, sure_in_words
from lstm_tui.cli.scores import BEST, SCORES, chosen_steps, marked
from lstm_tui.cli.tables import table_of_numbers
from lstm_tui.kit.numbers import Form, form_of_forecast

MOST_STEPS = 8
"""Most columns of the table by horizon step."""
MOST_ROWS = 60
"""Most rows of the forecast on a terminal; a pipe gets all."""
_CELLS = 8
"""Characters of a number, for what must fit."""
_FAR = 10.0
"""Times an error, from which percents are hard to read."""
AGREEING = 0.01
"""Backends agree if their errors differ by less than this share."""

PrintedForecast = tuple[str, Array, Array | None]
"""Name of a column, the forecast `[steps]`, and its quantiles `[steps, quantiles]` if it has any."""


def print_series(console: Console, table: SeriesTable, sentences: Iterable[str]) -> None:
    """Prints which series it is, and sentences about it."""
    first, last = table.row_text(0), table.row_text(table.rows - 1)
    title = f"{table.name} · {table.frequency.name} · {first} … {last} · {table.rows:,} rows"
    console.print(Text(title, style="bold"))
    for sentence in sentences:
        console.print(f"  {sentence}")


def print_plan(console: Console, experiment: Experiment, notes: Sequence[str]) -> None:
    """Prints the series, the decisions about it, what the preset tried, and the parts of the series."""
    print_series(console, experiment.table, (*experiment.decisions, *notes))
    split = experiment.split
    parts = {"training": split.train, "validation": split.validation, "test": split.test}
    console.print(f"  Rows: {', '.join(f'{len(rows):,} {name}' for name, rows in parts.items())}.")
    if experiment.tried:
        _print_tried(console, experiment.tried)
    else:
        console.print()


def _print_tried(console: Console, tried: Sequence[Tried]) -> None:
    table = table_of_numbers("tried on the validation part", "relative error", "")
    for one in tried:
        cells = (one.what, relative_error(one), f"{BEST} used" if one.chosen else "")
        table.add_row(*(Text(cell, "bold" if one.chosen else "") for cell in cells))
    console.print(table)


def relative_error(tried: Tried) -> str:
    """The error of an alternative in percent of that of the first one, or how many times as large it is."""
    return f"{100 * tried.error:.1f} %" if tried.error < _FAR else f"{tried.error:,.0f} times"


def print_result(console: Console, result: ExperimentResult, titles: Mapping[str, str]) -> None:
    """Prints metrics, errors by step, coverage, verdict, how sure it is, agreement, and forecast."""
    targets = result.experiment.table.targets
    if console.is_terminal:
        console.print()
    for index, target in enumerate(targets):
        _print_scores(console, result, index, target)
        columns = coverage_columns([result.intervals.of(one.name, index) for one in result.models])
        if columns:
            title = f"{target}: values inside the intervals, and their scores"
            _print_models(console, result, columns, title)
        console.print()
    if not result.backends:
        console.print(Text("No backend finished, so there is no verdict and no forecast.", style="bold"))
    for verdict in result.verdicts:
        console.print(Text(verdict, style="bold"))
    offered = [result.intervals.of(offer.name, index) for index, offer in enumerate(result.offers)]
    for index, found in enumerate(offered):
        for line in sure_in_words(result, index, found):
            console.print(line)
    for line in (*agreement_in_words(result), *result.notes):
        console.print(line)
    if result.backends:
        for index, target in enumerate(targets):
            console.print()
            _print_forecast(console, result, index, target, titles, offered[index].future)


def _print_scores(console: Console, result: ExperimentResult, index: int, target: str) -> None:
    windows = counted_in_words(result.counted[:, :, index])
    scores = [one.scores[index] for one in result.models]
    columns = {title: marked([getattr(one, name) for one in scores], name) for name, title in SCORES.items()}
    _print_models(console, result, columns, f"{target}: errors on {windows}")
    for name, reason in UNDEFINED.items():
        if any(math.isnan(getattr(one, name)) for one in scores):
            console.print(f"{SCORES[name]} is not defined here: {reason}.")
    room = (console.width - max(len(one.name) for one in result.models)) // 12
    steps = chosen_steps(result.experiment.config.horizon, max(2, min(room, MOST_STEPS)))
    if len(steps) > 1:
        columns = {
            f"{step + 1}": marked([one.scores_by_step[step][index].mae for one in result.models], "mae")
            for step in steps
        }
        unit = result.experiment.table.frequency.step
        _print_models(console, result, columns, f"{target}: MAE by step ahead (one step: {unit})")


def _print_models(
    console: Console, result: ExperimentResult, columns: Mapping[str, list[Text]], title: str
) -> None:
    table = table_of_numbers("model", *columns, title=title)
    for row, model in enumerate(result.models):
        table.add_row(Text(model.name), *(column[row] for column in columns.values()))
    console.print(table)


def _print_forecast(
    console: Console,
    result: ExperimentResult,
    index: int,
    target: str,
    titles: Mapping[str, str],
    intervals: Bands,
) -> None:
    experiment = result.experiment
    best = min(one.scores[index].mae for one in result.models)
    offer = result.offers[index]
    forecasts: list[PrintedForecast] = [
        (titles[one.backend], one.future[:, index], one.future_quantiles[:, index])
        for one in in_offered_order(result, index)
    ]
    if offer.kind != "lstm":
        forecasts.insert(0, (offer.name, offer.future, None))
    values = (value for _, points, _ in forecasts for value in points.tolist())
    folded = console.is_terminal and experiment.steps > MOST_ROWS
    console.print(
        forecast_table(
            experiment.table,
            experiment.config.output_quantiles,
            forecasts,
            form_of_forecast(values, best),
            title=f"{target}: forecast",
            most=MOST_ROWS if folded else experiment.steps,
            intervals=intervals,
            width=console.width if console.is_terminal else None,
        )
    )
    if folded:
        console.print(f"All {experiment.steps} rows: --output FILE, or pipe the output.")


def forecast_table(
    table: SeriesTable,
    quantiles: Sequence[float],
    forecasts: Sequence[PrintedForecast],
    form: Form,
    *,
    title: str | None = None,
    most: int,
    intervals: Bands | None = None,
    width: int | None = None,
) -> Table:
    """Returns a table of the steps after a series, with at most `most` rows: the first ones and the last.

    The intervals `[steps, levels]` of the first forecast stand beside it, as many as fit in `width` columns.
    """
    interval = f"{quantiles[0]:g} to {quantiles[-1]:g}" if len(quantiles) > 1 else ""
    names = [
        name
        for column, _, spread in forecasts
        for name in (column, *(() if spread is None or not interval else (f"{column} {interval}",)))
    ]
    ends = [] if intervals is None else columns_of_ends(intervals, form)
    if width is not None:
        used = len(table.row_text(table.rows)) + sum(max(_CELLS, len(name)) + 2 for name in names)
        ends = ends[: max(0, (width - used) // (2 * (_CELLS + 2))) * 2]
    names[1:1] = [name for name, _ in ends]
    shown = table_of_numbers(table.frequency.step, *names, title=title)
    steps = range(len(forecasts[0][1]))
    for step in steps if len(steps) <= most else (*steps[: most - 1], None, steps[-1]):
        if step is None:
            shown.add_row("…")
            continue
        cells = [table.row_text(table.rows + step)]
        for _, points, spread in forecasts:
            cells.append(form(float(points[step])))
            if interval and spread is not None:
                cells.append(f"{form(float(spread[step, 0]))} to {form(float(spread[step, -1]))}")
        cells[2:2] = [texts[step] for _, texts in ends]
        shown.add_row(*cells)
    return shown


def agreement_in_words(result: ExperimentResult) -> Iterator[str]:
    """Yields sentences about how far the backends' forecasts are apart; none with fewer than two backends."""
    agreement = result.agreement
    if agreement is None:
        return
    agree = agreement.error < AGREEING
    if result.uneven_endings:
        yield (
            f"The backends ended at different epochs ({result.uneven_endings}), so they are different models."
        )
    apart = "less than 0.01 %" if agreement.error < 1e-4 else f"at most {100 * agreement.error:.2f} %"
    if agreement.largest == 0:
        yield "The backends agree: their forecasts are the same."
    else:
        yield (
            f"The backends {'agree' if agree else 'differ'}: their MAEs differ by {apart}, and their "
            f"forecasts by at most {agreement.largest:.2g} of the target's standard deviation."
        )
    if not agree and result.experiment.config.precision == "float32":
        yield (
            "Rounding in float32 accumulates over the updates; train with precision float64 to compare the "
            "forecasts digit by digit."
        )
