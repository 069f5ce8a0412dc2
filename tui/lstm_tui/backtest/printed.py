"""The result of a backtest, as text and tables."""

import math
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from lstm_forecasting.backtest.report import PERIODS
from lstm_forecasting.backtest.results import BacktestResult
from lstm_forecasting.backtest.scoring import over_time, worst_origins
from lstm_forecasting.backtest.wording import sentences, warnings
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.metrics import UNDEFINED
from lstm_forecasting.evaluation.verdict import counted_in_words
from lstm_tui.cli.scores import SCORES, chosen_steps, marked
from lstm_tui.cli.tables import table_of_numbers
from lstm_tui.kit.numbers import fixed, score_texts

MOST_STEPS = 8
"""Most columns of the table by step."""
WORST = 5
"""Origins that are listed as the worst."""
_COLUMN = 14
"""Cells of a column whose title is a date."""


def print_backtest(console: Console, result: BacktestResult) -> None:
    """Prints errors overall, by step and over time, the worst origins, and how the models compare."""
    console.print()
    for index in range(len(result.backtest.table.targets)):
        if result.counted[:, :, index].any():
            _print_scores(console, result, index)
            _print_steps(console, result, index)
            _print_periods(console, result, index)
            _print_worst(console, result, index)
    for sentence in sentences(result):
        console.print(Text(sentence, style="bold"))
    for warning in warnings(result):
        console.print(f"~ {warning}")


def _print_scores(console: Console, result: BacktestResult, index: int) -> None:
    target = result.backtest.table.targets[index]
    windows = counted_in_words(result.counted[:, :, index]).replace("test window", "origin")
    scores = [one.scores[index] for one in result.models]
    intervals = [one.intervals[index] for one in result.models]
    columns = {title: marked([getattr(one, name) for one in scores], name) for name, title in SCORES.items()}
    columns["CRPS"] = marked([one.crps for one in intervals], "mae")
    for level in sorted({level for one in intervals for level in one.levels}):
        measured = [
            next((one.measured for one in own.coverage if one.level == level), math.nan) for own in intervals
        ]
        columns[f"in {in_percent(level)} %"] = [
            Text(f"{fixed(value, 1)} %" if math.isfinite(value) else fixed(value, 1)) for value in measured
        ]
    columns["seconds"] = [Text(fixed(one.seconds, 1)) for one in result.models]
    _print_models(console, result, columns, f"{target}: errors and coverage of intervals from {windows}")
    for name, reason in UNDEFINED.items():
        if any(math.isnan(getattr(one, name)) for one in scores):
            console.print(f"{SCORES[name]} is not defined here: {reason}.")


def _print_steps(console: Console, result: BacktestResult, index: int) -> None:
    backtest = result.backtest
    room = (console.width - _widest(result)) // 12
    steps = chosen_steps(backtest.horizon, max(2, min(room, MOST_STEPS)))
    if len(steps) > 1:
        columns = {
            f"{step + 1}": marked([one.scores_by_step[step][index].mae for one in result.models], "mae")
            for step in steps
        }
        title = (
            f"{backtest.table.targets[index]}: MAE by step ahead (one step: {backtest.table.frequency.step})"
        )
        _print_models(console, result, columns, title)


def _print_periods(console: Console, result: BacktestResult, index: int) -> None:
    room = max(2, min((console.width - _widest(result)) // _COLUMN, PERIODS))
    periods = over_time(result, index, room)
    if len(periods) < 2:
        return
    columns = {
        _origin(result, period.first): marked([period.errors[one.key] for one in result.models], "mae")
        for period in periods
    }
    target = result.backtest.table.targets[index]
    _print_models(console, result, columns, f"{target}: MAE over time, by the first origin of each period")


def _print_worst(console: Console, result: BacktestResult, index: int) -> None:
    best, target = result.best(index), result.backtest.table.targets[index]
    origins = worst_origins(result, best, index, WORST)
    usual = best.scores[index].mae
    table = table_of_numbers(
        "forecast from",
        *(one.name for one in result.models),
        "times its MAE",
        title=f"{target}: the worst origins of {best.name}, and the MAE from there",
    )
    texts = [score_texts("mae", [one.errors[origin, index] for origin in origins]) for one in result.models]
    for place, origin in enumerate(origins):
        times = best.errors[origin, index] / usual if usual > 0 else math.nan
        table.add_row(_origin(result, origin), *(own[place] for own in texts), fixed(times, 1))
    console.print(table)
    console.print()


def _print_models(
    console: Console, result: BacktestResult, columns: Mapping[str, list[Text]], title: str
) -> None:
    table = table_of_numbers("model", *columns, title=title)
    for row, model in enumerate(result.models):
        table.add_row(Text(model.name), *(column[row] for column in columns.values()))
    console.print(table)


def _origin(result: BacktestResult, origin: int) -> str:
    return result.backtest.table.row_text(int(result.backtest.origins[origin]))


def _widest(result: BacktestResult) -> int:
    return max(len(one.name) for one in result.models)
