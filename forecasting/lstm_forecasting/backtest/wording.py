"""What a backtest found, in sentences."""

from collections.abc import Iterator

from lstm_forecasting.backtest.results import BacktestResult
from lstm_forecasting.evaluation.intervals.wording import disagreement
from lstm_forecasting.evaluation.verdict import outcome_in_words
from lstm_plugins.counting import counted


def sentences(result: BacktestResult) -> Iterator[str]:
    """For each target, how the best model compares with each other one, the closest first."""
    backtest = result.backtest
    every, step = backtest.rolling.every, backtest.table.frequency.step
    apart = step if every == 1 else f"{every} {step}s"
    for index, target in enumerate(backtest.table.targets):
        names = {one.key: one.name for one in result.models}
        order = sorted(result.models, key=lambda one: one.scores[index].mae)
        for other in order[1:]:
            comparison = result.comparisons[index].get(other.key)
            if comparison is not None:
                best = result.best(index).name
                subject = f"{target}: {best} {comparison.outcome} {names[other.key]}"
                yield outcome_in_words(subject, comparison, apart)


def warnings(result: BacktestResult) -> Iterator[str]:
    """What to know before the numbers are used: notes, failed folds, and intervals that did not hold."""
    yield from result.notes
    for index, target in enumerate(result.backtest.table.targets):
        for model in result.models:
            for coverage in model.intervals[index].coverage:
                sentence = disagreement(coverage, "at these origins")
                if sentence:
                    yield f"{target}, {model.name}: {sentence}"
    if result.failures:
        folds = counted(len(result.failures), "fold")
        verb = "is" if len(result.failures) == 1 else "are"
        number, reason = next(iter(result.failures.items()))
        yield (
            f"{folds} of {len(result.backtest.folds)} failed and {verb} not scored; fold "
            f"{number + 1}: {reason}"
        )
