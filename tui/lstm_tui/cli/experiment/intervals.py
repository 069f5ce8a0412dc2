"""Intervals as text: how good they were, how sure a forecast is, and columns of their ends."""

from collections.abc import Iterator, Sequence

import numpy as np
from rich.text import Text

from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.intervals.wording import disagreement, how_sure, how_sure_in_short
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.cli.scores import marked
from lstm_tui.kit.numbers import Form, fixed, form_of_forecast


def coverage_columns(found: Sequence[ModelIntervals]) -> dict[str, list[Text]]:
    """The coverage and score of models at each level that all have, and their CRPS; empty for none."""
    levels = [level for level in found[0].levels if all(level in one.levels for one in found)]
    columns: dict[str, list[Text]] = {}
    for level in levels:
        here = [one.coverage[one.levels.index(level)] for one in found]
        columns[f"in {in_percent(level)} %"] = [Text(f"{fixed(one.measured, 1)} %") for one in here]
        columns[f"score {in_percent(level)}"] = marked([one.score for one in here], "score")
    if columns:
        columns["CRPS"] = marked([one.crps for one in found], "crps")
    return columns


def sure_in_words(result: ExperimentResult, target: int, intervals: ModelIntervals) -> Iterator[str]:
    """Yields sentences about the intervals of a forecast: how sure it is, and what is wrong or missing."""
    sentence = how_sure_in_words(result, target, intervals)
    if sentence:
        yield sentence
    yield from filter(None, map(disagreement, intervals.coverage))
    yield from intervals.notes


def how_sure_in_words(
    result: ExperimentResult, target: int, intervals: ModelIntervals, *, short: bool = False
) -> str:
    """The narrowest interval of the first step after the series in a sentence; empty if there is none."""
    table, future = result.experiment.table, intervals.future
    if not intervals.coverage or not np.isfinite(future.low[0, 0]):
        return ""
    ends = [float(future.low[0, 0]), float(future.high[0, 0])]
    form = form_of_forecast(ends, 10 * (ends[1] - ends[0]))
    name, step, coverage = table.targets[target], table.frequency.step, intervals.coverage[0]
    low, high = map(form, ends)
    sentence = how_sure_in_short(low, high, coverage) if short else how_sure(name, step, low, high, coverage)
    return f"{table.row_text(table.rows)}: {sentence}"


def columns_of_ends(intervals: Bands, form: Form) -> list[tuple[str, list[str]]]:
    """The titles and cells of the ends of intervals `[steps, levels]`, the narrowest first."""
    return [
        (f"{side}-{in_percent(level)}", [form(value) for value in ends[:, index].tolist()])
        for index, level in enumerate(intervals.levels)
        for side, ends in (("lo", intervals.low), ("hi", intervals.high))
    ]
