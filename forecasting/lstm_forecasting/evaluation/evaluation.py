"""From a backend's forecasts in scaled units to scores, agreement and verdicts in the series' own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.evaluation.baselines import fit_baselines, target_rows
from lstm_forecasting.evaluation.metrics import naive_error, scores, scores_by_step
from lstm_forecasting.evaluation.verdict import compare_targets, in_words
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import (
    Agreement,
    BackendResult,
    Evaluation,
    ExperimentResult,
    Values,
)
from lstm_forecasting.processes.messages import Trained
from lstm_forecasting.processes.work import Forecasts


@dataclass(frozen=True, eq=False)
class TestPart:
    """What all models of an experiment are measured on.

    Attributes:
        truth: `[windows, horizon, targets]` in the series' units.
        first_rows: `[windows]`, the row of each window's first target.
        naive_errors: by target, the denominator of MASE.
    """

    __test__ = False

    truth: Values
    first_rows: NDArray[np.int64]
    naive_errors: tuple[float, ...]


def find_test_part(experiment: Experiment) -> TestPart:
    """The test windows of an experiment, at stride 1."""
    config, targets = experiment.config, list(experiment.table.target_indices)
    values = experiment.table.values[:, targets]
    first_rows = target_rows(experiment.split.test, config.look_back, config.horizon)
    truth = values[first_rows[:, np.newaxis] + np.arange(config.horizon)]
    training = values[experiment.split.train.slice]
    naive_errors = tuple(naive_error(column, experiment.season) for column in training.T)
    return TestPart(truth, first_rows, naive_errors)


def evaluate(name: str, forecasts: Values, part: TestPart) -> Evaluation:
    """Scores `[windows, horizon, targets]` forecasts in the series' units."""
    by_target = [
        (part.truth[:, :, target], forecasts[:, :, target], naive)
        for target, naive in enumerate(part.naive_errors)
    ]
    by_step = zip(*(scores_by_step(*columns) for columns in by_target), strict=True)
    return Evaluation(name, forecasts, tuple(scores(*columns) for columns in by_target), tuple(by_step))


def evaluate_backend(
    experiment: Experiment, part: TestPart, backend: str, title: str, trained: Trained, forecasts: Forecasts
) -> BackendResult:
    """What a backend has to say, in the series' units.

    Raises:
        ValueError: its forecasts are not those of the test windows.
    """
    targets = experiment.table.target_indices
    config = experiment.config
    if not np.array_equal(forecasts.starts + config.look_back, part.first_rows):
        raise ValueError(f"it forecast {len(forecasts.starts)} windows that are not those of the test part")
    expected = (experiment.steps, len(targets), len(config.levels))
    if forecasts.test.shape != part.truth.shape or forecasts.future.shape != expected:
        raise ValueError(
            f"its forecasts have the shapes {forecasts.test.shape} and {forecasts.future.shape} instead of "
            f"{part.truth.shape} and {expected}"
        )
    levels = experiment.scaler.inverse_levels(forecasts.future, targets)
    return BackendResult(
        backend=backend,
        evaluation=evaluate(title, experiment.scaler.inverse(forecasts.test, targets), part),
        future=levels[:, :, config.point_level],
        future_levels=levels,
        epochs=trained.epochs,
        best_epoch=trained.best_epoch,
        seconds=trained.seconds,
        reason=trained.reason,
    )


def evaluate_baselines(experiment: Experiment, part: TestPart) -> tuple[Evaluation, ...]:
    """The baselines on the same windows; those that are fitted are fitted here."""
    config = experiment.config
    values = experiment.table.values[:, list(experiment.table.target_indices)]
    baselines = fit_baselines(values, experiment.split, config.look_back, config.horizon, experiment.season)
    return tuple(
        evaluate(baseline.name, baseline.forecast(part.first_rows, config.horizon), part)
        for baseline in baselines
    )


def conclude(
    experiment: Experiment, part: TestPart, backends: Sequence[BackendResult], failures: dict[str, str]
) -> ExperimentResult:
    """All that an experiment found, with its baselines, the backends' agreement and a verdict by target."""
    baselines = evaluate_baselines(experiment, part)
    models = [result.evaluation for result in backends]
    comparisons = compare_targets(part.truth, models, baselines) if models else ()
    named = zip(comparisons, experiment.table.targets, strict=bool(models))
    return ExperimentResult(
        experiment=experiment,
        truth=part.truth,
        first_rows=part.first_rows,
        baselines=baselines,
        backends=tuple(backends),
        failures=failures,
        agreement=agreement(experiment, models) if len(models) > 1 else None,
        verdicts=tuple(in_words(one, target, experiment.table.frequency.step) for one, target in named),
    )


def agreement(experiment: Experiment, models: Sequence[Evaluation]) -> Agreement:
    """How far at least two models' forecasts of the same windows lie apart."""
    rows = experiment.table.values[experiment.split.train.slice, list(experiment.table.target_indices)]
    deviations = np.where(np.ptp(rows, axis=0) > 0, rows.std(axis=0), 1.0)
    largest, error = 0.0, 0.0
    for one, other in itertools.combinations(models, 2):
        apart = np.abs(one.forecasts - other.forecasts) / deviations
        largest = max(largest, float(apart.max(initial=0.0)))
        for scores_one, scores_other in zip(one.scores, other.scores, strict=True):
            low, high = sorted((scores_one.mae, scores_other.mae))
            error = max(error, (high - low) / low if low > 0 else 0.0 if high == 0 else math.inf)
    return Agreement(largest, error)
