"""Scores of every model on the test part, the backends' agreement, and the verdict on each target."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths
from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.evaluation.baselines import fit_baselines
from lstm_forecasting.evaluation.metrics import naive_error, scores, scores_by_step
from lstm_forecasting.evaluation.trivial import Trivial, find_trivial
from lstm_forecasting.evaluation.verdict import compare_targets, in_words
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import (
    Agreement,
    BackendResult,
    Evaluation,
    ExperimentResult,
)
from lstm_forecasting.processes.arrays import Forecasts
from lstm_forecasting.processes.events import BackendTrained


@dataclass(frozen=True, eq=False)
class TestPart:
    """The test windows that all models of an experiment are scored on.

    Attributes:
        truth: `[windows, horizon, targets]` in the series' units.
        first_rows: `[windows]`, the first target row of each window.
        naive_errors: the denominator of MASE, by target.
        counted: `[windows, horizon, targets]`, the values that are scored: those that were observed, of
            targets that were observed in the window's last input row too.
    """

    __test__ = False

    truth: Array
    first_rows: Integers
    naive_errors: tuple[float, ...]
    counted: Truths


def find_test_part(experiment: Experiment) -> TestPart:
    """The test windows of an experiment, at stride 1."""
    config, targets = experiment.config, list(experiment.table.target_indices)
    values, train, observed = experiment.table.values[:, targets], experiment.split.train, experiment.observed
    first_rows = experiment.window_starts("test") + config.look_back
    truth = values[first_rows[:, np.newaxis] + np.arange(config.horizon)]
    naive_errors = tuple(
        naive_error(
            values[train.slice, target],
            experiment.season,
            None if observed is None else observed[train.slice, target],
        )
        for target in targets
    )
    return TestPart(truth, first_rows, naive_errors, experiment.counted("test"))


def evaluate(name: str, forecasts: Array, part: TestPart) -> Evaluation:
    """Scores `[windows, horizon, targets]` forecasts in the series' units."""
    by_target = [
        (part.truth[:, :, target], forecasts[:, :, target], naive, part.counted[:, :, target])
        for target, naive in enumerate(part.naive_errors)
    ]
    by_step = zip(*(scores_by_step(*columns) for columns in by_target), strict=True)
    return Evaluation(name, forecasts, tuple(scores(*columns) for columns in by_target), tuple(by_step))


def evaluate_backend(
    experiment: Experiment, part: TestPart, title: str, trained: BackendTrained, forecasts: Forecasts
) -> BackendResult:
    """A backend's scored result, converted from scaled units to the series' units.

    Raises:
        ValueError: its forecasts are not those of the test windows, or have the wrong shape.
    """
    targets = experiment.table.target_indices
    config = experiment.config
    if not np.array_equal(forecasts.starts + config.look_back, part.first_rows):
        raise ValueError(f"its {len(forecasts.starts)} forecast windows are not those of the test part")
    expected = (experiment.steps, len(targets), len(config.output_quantiles))
    if forecasts.test.shape != part.truth.shape or forecasts.future.shape != expected:
        raise ValueError(
            f"its forecasts have shapes {forecasts.test.shape} and {forecasts.future.shape}; expected "
            f"{part.truth.shape} and {expected}"
        )
    scaler, bounds = experiment.scaler, experiment.bounds
    quantiles = bounds.hold_quantiles(scaler.inverse_quantiles(forecasts.future, targets))
    return BackendResult(
        backend=trained.backend,
        evaluation=evaluate(title, bounds.hold(scaler.inverse(forecasts.test, targets)), part),
        future=quantiles[:, :, config.point_quantile],
        future_quantiles=quantiles,
        epochs=trained.epochs,
        best_epoch=trained.best_epoch,
        seconds=trained.seconds,
        reason=trained.reason,
    )


def evaluate_baselines(experiment: Experiment, part: TestPart) -> tuple[Evaluation, ...]:
    """Fits the baselines and scores them on the same windows."""
    config = experiment.config
    values = experiment.table.values[:, list(experiment.table.target_indices)]
    baselines = fit_baselines(
        values, experiment.split, config.look_back, config.horizon, experiment.season, experiment.observed
    )
    return tuple(
        evaluate(name, experiment.bounds.hold(forecast(part.first_rows, config.horizon)), part)
        for name, forecast in baselines.items()
    )


def conclude(
    experiment: Experiment, part: TestPart, backends: Sequence[BackendResult], failures: dict[str, str]
) -> ExperimentResult:
    """The result of an experiment: backends, baselines, the backends' agreement and a verdict by target."""
    baselines = evaluate_baselines(experiment, part)
    models = [result.evaluation for result in backends]
    comparisons = compare_targets(part.truth, part.counted, models, baselines) if models else ()
    trivial = tuple(_trivial(experiment, part, models, target) for target in range(len(comparisons)))
    sentences = tuple(
        in_words(one, experiment.table.targets[target], experiment.table.frequency.step)
        for target, one in enumerate(comparisons)
    )
    return ExperimentResult(
        experiment=experiment,
        truth=part.truth,
        first_rows=part.first_rows,
        counted=part.counted,
        baselines=baselines,
        backends=tuple(backends),
        failures=failures,
        agreement=agreement(experiment, models) if len(models) > 1 else None,
        verdicts=tuple(
            sentence if found is None else f"{sentence} {found.sentence}"
            for sentence, found in zip(sentences, trivial, strict=True)
        ),
        trivial=trivial,
    )


def _trivial(
    experiment: Experiment, part: TestPart, models: Sequence[Evaluation], target: int
) -> Trivial | None:
    """What is trivial about the forecasts of the best backend."""
    best = min(models, key=lambda one: one.scores[target].mae)
    return find_trivial(
        experiment,
        target,
        part.truth[:, :, target],
        best.forecasts[:, :, target],
        experiment.table.values[part.first_rows - 1, experiment.table.target_indices[target]],
        part.counted[:, :, target],
    )


def agreement(experiment: Experiment, models: Sequence[Evaluation]) -> Agreement:
    """How closely the forecasts of two or more models agree on the same windows."""
    deviations = _deviations(experiment)
    largest, error = 0.0, 0.0
    for one, other in itertools.combinations(models, 2):
        apart = np.abs(one.forecasts - other.forecasts) / deviations
        largest = max(largest, float(apart.max(initial=0.0)))
        for scores_one, scores_other in zip(one.scores, other.scores, strict=True):
            low, high = sorted((scores_one.mae, scores_other.mae))
            error = max(error, (high - low) / low if low > 0 else 0.0 if high == 0 else math.inf)
    return Agreement(largest, error)


def _deviations(experiment: Experiment) -> Array:
    """The targets' standard deviations over the training rows, `[targets]`, in the series' units."""
    table, scaler = experiment.table, experiment.scaler
    if scaler.transforms:
        scaler = fit_scaler(table.values, table.columns, experiment.split.train, observed=~table.filled)
    return scaler.deviation[list(table.target_indices)]
