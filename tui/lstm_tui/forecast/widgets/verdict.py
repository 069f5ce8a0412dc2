"""Sentences above the views: the verdict, and the errors of a single forecast."""

from rich.text import Text

from lstm_forecasting.evaluation.comparison import Outcome
from lstm_forecasting.evaluation.single_forecasts import forecast_rows, window_errors
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.kit.numbers import score_texts
from lstm_tui.kit.palette import Palette


def verdict_line(result: ExperimentResult, target: int, palette: Palette) -> Text:
    """The verdict on the best backend with a sign, or the reason why there is none."""
    if not result.verdicts:
        line = Text().append("✗ ", f"bold {palette.named('error')}")
        reasons = "; ".join(f"{backend}: {reason}" for backend, reason in result.failures.items())
        line.append(f"No backend finished. {reasons}", f"bold {palette.truth}")
        return line
    verdict, comparison = result.verdicts[target], result.comparisons[target]
    sign, colour = _SIGNS[comparison.outcome] if comparison.sure else _SIGNS["ties with"]
    line = Text().append(f"{sign} ", f"bold {palette.named(colour)}")
    first, stop, rest = verdict.partition(". ")
    line.append(first + stop, f"bold {palette.truth}")
    line.append(rest, palette.truth)
    for backend, reason in result.failures.items():
        line.append(f"\n✗ {backend}: {reason}", palette.named("error"))
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
