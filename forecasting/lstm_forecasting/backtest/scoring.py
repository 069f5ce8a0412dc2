"""Joins the forecasts of all folds, scores them, and finds when and where a model was worst."""

from collections.abc import Mapping, Sequence

import numpy as np

from lstm_forecasting.backtest.folds import FoldForecasts, FoldModel
from lstm_forecasting.backtest.measuring import coverage_of, measure_intervals
from lstm_forecasting.backtest.plan import Backtest
from lstm_forecasting.backtest.results import BacktestResult, ModelResult, Period
from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.evaluation.comparison import Comparison, compare
from lstm_forecasting.evaluation.metrics import scores, scores_by_step
from lstm_forecasting.evaluation.scoring import find_test_part
from lstm_plugins.counting import counted as in_number
from lstm_plugins.errors import InputError


def conclude(
    backtest: Backtest, folds: Mapping[int, FoldForecasts], failures: Mapping[int, str]
) -> BacktestResult:
    """The result of the finished folds, by number.

    Models are scored on the same values: those that every model has forecast. A model that a fold lacks is
    left out.

    Raises:
        InputError: no fold is finished, or no model has forecasts from all of them.
    """
    if not folds:
        raise InputError(next(iter(failures.values()), "No fold of the backtest is finished."))
    every = [folds[number] for number in sorted(folds)]
    keys = _keys(backtest)
    complete = [key for key in keys if all(any(one.key == key for one in fold.models) for fold in every)]
    if not complete:
        raise InputError("No model has forecasts in every fold; name other models, or give a longer series.")
    notes = [note for fold in every for note in fold.notes]
    notes += [_left_out(key, every) for key in keys if key not in complete]
    joined = {key: _joined(backtest, every, key) for key in complete}
    counted = backtest.counted
    for forecasts in joined.values():
        counted &= np.isfinite(forecasts)
    if not counted.any():
        raise InputError("No forecast of the backtest can be scored; choose more origins.")
    truth, naive = backtest.truth, find_test_part(backtest.first).naive_errors
    models = tuple(_scored(backtest, key, every, joined[key], truth, counted, naive) for key in complete)
    return BacktestResult(
        backtest=backtest,
        truth=truth,
        counted=counted,
        models=models,
        comparisons=tuple(
            _compared(backtest, models, truth, counted, target) for target in range(truth.shape[2])
        ),
        notes=tuple(dict.fromkeys(notes)),
        failures=dict(failures),
    )


def _keys(backtest: Backtest) -> list[str]:
    """Keys of all models, in the order of the recipe."""
    recipe = backtest.recipe
    return [key for model in recipe.models for key in (recipe.backends if model == "lstm" else (model,))]


def _left_out(key: str, folds: Sequence[FoldForecasts]) -> str:
    lacking = sum(all(one.key != key for one in fold.models) for fold in folds)
    if lacking == len(folds):
        return f"There is no {key} forecast of this series."
    have = "has" if lacking == 1 else "have"
    return f"{key} is left out: {in_number(lacking, 'fold')} of {len(folds)} {have} too few rows for it."


def _models(folds: Sequence[FoldForecasts], key: str) -> list[FoldModel]:
    return [one for fold in folds for one in fold.models if one.key == key]


def _joined(backtest: Backtest, folds: Sequence[FoldForecasts], key: str) -> Array:
    """The forecasts of a model from all origins, nan from those without."""
    shape = (len(backtest.origins), backtest.horizon, len(backtest.table.targets))
    joined = np.full(shape, np.nan)
    for fold, model in zip(folds, _models(folds, key), strict=True):
        rows = fold.origins + backtest.folds[fold.number].start
        joined[np.searchsorted(backtest.origins, rows)] = model.forecasts
    return joined


def _scored(
    backtest: Backtest,
    key: str,
    folds: Sequence[FoldForecasts],
    forecasts: Array,
    truth: Array,
    counted: Truths,
    naive: Sequence[float],
) -> ModelResult:
    models = _models(folds, key)
    names = {one.name for one in models}
    # Where a fold has no forecast, nothing counts.
    known = np.nan_to_num(forecasts)
    by_target = [
        (truth[:, :, target], known[:, :, target], error, counted[:, :, target])
        for target, error in enumerate(naive)
    ]
    return ModelResult(
        key=key,
        name=names.pop() if len(names) == 1 else key,
        forecasts=forecasts,
        scores=tuple(scores(*columns) for columns in by_target),
        scores_by_step=tuple(zip(*(scores_by_step(*columns) for columns in by_target), strict=True)),
        errors=_errors(truth, forecasts, counted),
        intervals=measure_intervals(
            backtest, folds[0] if folds[0].number == 0 else None, key, known, truth, counted
        ),
        seconds=sum(one.seconds for one in models),
    )


def _errors(truth: Array, forecasts: Array, counted: Truths) -> Array:
    """The mean absolute error from each origin, `[origins, targets]`; nan if nothing is scored."""
    sums = np.where(counted, np.abs(forecasts - truth), 0.0).sum(axis=1)
    counts = counted.sum(axis=1)
    errors: Array = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return errors


def _compared(
    backtest: Backtest, models: Sequence[ModelResult], truth: Array, counted: Truths, target: int
) -> dict[str, Comparison]:
    """The best model compared with each other one; empty if no value of the target is scored."""
    if not counted[:, :, target].any():
        return {}
    best = min(models, key=lambda one: one.scores[target].mae)
    return {
        one.key: compare(
            truth[:, :, target],
            {best.name: best.forecasts[:, :, target]},
            {one.name: one.forecasts[:, :, target]},
            counted[:, :, target],
            stride=backtest.rolling.every,
        )
        for one in models
        if one is not best
    }


def worst_origins(result: BacktestResult, model: ModelResult, target: int, count: int) -> tuple[int, ...]:
    """The origins with the largest errors of a model, as indices, the worst first.

    Of origins whose forecasts overlap only the worst is among them, so that one event is not listed again and
    again.
    """
    errors, rows, horizon = model.errors[:, target], result.backtest.origins, result.backtest.horizon
    found: list[int] = []
    for origin in np.argsort(-np.nan_to_num(errors, nan=-1.0), kind="stable").tolist():
        if len(found) == count or np.isnan(errors[origin]):
            break
        if all(abs(int(rows[origin] - rows[other])) >= horizon for other in found):
            found.append(origin)
    return tuple(found)


def over_time(result: BacktestResult, target: int, count: int) -> tuple[Period, ...]:
    """At most `count` periods of about equally many scored origins, and how good each model was in them."""
    scored = result.scored(target)
    return tuple(
        Period(
            int(part[0]),
            int(part[-1]),
            {one.key: _mean(one, part, target) for one in result.models},
            {one.key: _coverage(result, one, part, target) for one in result.models},
        )
        for part in np.array_split(scored, min(count, len(scored)))
        if len(part)
    )


def _coverage(
    result: BacktestResult, model: ModelResult, origins: Integers, target: int
) -> Mapping[float, float]:
    truth, counted = result.truth[:, :, target], result.counted[:, :, target]
    return coverage_of(model.intervals[target], truth, counted, origins)


def _mean(model: ModelResult, origins: Integers, target: int) -> float:
    return float(model.errors[origins, target].mean())
