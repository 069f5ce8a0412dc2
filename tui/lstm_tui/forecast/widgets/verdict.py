"""Sentences above the views: the verdict, and the errors of a single forecast."""

from rich.text import Text

from lstm_forecasting.evaluation.comparison import Outcome
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.single_forecasts import forecast_rows, window_errors, window_inside
from lstm_forecasting.evaluation.verdict import in_short
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.cli.experiment.intervals import how_sure_in_words
from lstm_tui.kit.numbers import fixed, score_texts
from lstm_tui.kit.palette import Palette


def verdict_line(
    result: ExperimentResult,
    target: int,
    palette: Palette,
    intervals: ModelIntervals | None = None,
    *,
    short: bool = False,
) -> Text:
    """The verdict on the best backend with a sign, or the reason why there is none; then how sure it is.

    A short one leaves out numbers, for a terminal with little room.
    """
    if not result.verdicts:
        line = Text().append("✗ ", f"bold {palette.named('error')}")
        reasons = "; ".join(f"{backend}: {reason}" for backend, reason in result.failures.items())
        line.append(f"No backend finished. {reasons}", f"bold {palette.truth}")
        return line
    comparison = result.comparisons[target]
    sign, colour = _SIGNS[comparison.outcome] if comparison.sure else _SIGNS["ties with"]
    line = Text().append(f"{sign} ", f"bold {palette.named(colour)}")
    first, stop, rest = _short(result, target) if short else result.verdicts[target].partition(". ")
    line.append(first + stop, f"bold {palette.truth}")
    line.append(rest, palette.truth)
    sure = "" if intervals is None else how_sure_in_words(result, target, intervals, short=short)
    if sure:
        line.append(" " if short else "\n").append(sure, palette.truth)
    for backend, reason in result.failures.items():
        line.append(f"\n✗ {backend}: {reason}", palette.named("error"))
    return line


def _short(result: ExperimentResult, target: int) -> tuple[str, str, str]:
    """The verdict, what is trivial about the forecast, and the model to use."""
    trivial, name = result.trivial[target], result.experiment.table.targets[target]
    parts = (*(() if trivial is None else (trivial.sentence,)), f"Offered: {result.offers[target].name}.")
    return in_short(result.comparisons[target], name), "\n", " ".join(parts)


def inside_words(result: ExperimentResult, window: int, target: int, intervals: ModelIntervals) -> str:
    """How many scored values of a single forecast are inside its intervals; empty without any interval."""
    values, inside = window_inside(result, intervals.test, window, target)
    found = [
        f"{count} in the {in_percent(level)} % interval"
        for level, count in zip(intervals.levels, inside, strict=True)
    ]
    return f"of {values} values, {', '.join(found)}" if values and found else ""


def coverage_words(intervals: ModelIntervals | None, step: int, palette: Palette) -> Text:
    """The measured coverage of each level at a horizon step, from 1, and over all steps."""
    line = Text()
    if intervals is None or not intervals.coverage:
        return line
    line.append("Coverage of this step / all steps: ", palette.quiet)
    for number, one in enumerate(intervals.coverage):
        line.append(" · " if number else "", palette.quiet)
        line.append(f"{in_percent(one.level)} % ", palette.label)
        line.append(fixed(float(one.by_step[step - 1]), 1), f"bold {palette.truth}")
        line.append(f" / {fixed(one.measured, 1)}", palette.label)
    return line


_SIGNS: dict[Outcome, tuple[str, str]] = {
    "beats": ("✓", "success"),
    "loses to": ("✗", "error"),
    "ties with": ("~", "warning"),
}
"""Sign and colour of each outcome."""


def single_words(result: ExperimentResult, window: int, target: int, palette: Palette) -> Text:
    """The dates of a single forecast, and the error of each model in it and on average."""
    table, rows = result.experiment.table, forecast_rows(result, window)
    first, last = table.row_text(rows.start), table.row_text(rows.stop - 1)
    span = f"from {first} to {last}" if len(rows) > 1 else f"of {first}"
    line = Text()
    line.append(f"Forecast {window + 1:,} of {len(result.first_rows):,}, {span}\n", f"bold {palette.truth}")
    line.append("MAE here and on average: ", palette.quiet)
    best = result.best_baseline(target)
    compared = [*(one.evaluation for one in result.backends), *(() if best is None else (best,))]
    errors = [(float(window_errors(result, one, target)[window]), one.scores[target].mae) for one in compared]
    texts = score_texts("mae", [error for pair in errors for error in pair])
    for number, one in enumerate(compared):
        line.append(" · " if number else "", palette.quiet)
        line.append(f"{one.name} ", palette.label)
        line.append(texts[2 * number], f"bold {palette.truth}")
        line.append(f" / {texts[2 * number + 1]}", palette.label)
    return line
