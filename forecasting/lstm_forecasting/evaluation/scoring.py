"""Scores of every model on the test part, the backends' agreement, and the verdict on each target."""

import itertools
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.evaluation.baselines.baseline import History
from lstm_forecasting.evaluation.baselines.fitting import FittedBaselines, fit_baselines, history_of
from lstm_forecasting.evaluation.baselines.kinds import KINDS, Kind, Wanted
from lstm_forecasting.evaluation.comparison import Comparison
from lstm_forecasting.evaluation.metrics import naive_error, scores, scores_by_step
from lstm_forecasting.evaluation.offering import choose_offers
from lstm_forecasting.evaluation.scored_windows import Windows, windows_of
from lstm_forecasting.evaluation.trivial import Trivial, find_trivial
from lstm_forecasting.evaluation.verdict import compare_targets, in_words
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import (
    Agreement,
    BackendResult,
    Baselines,
    EvaluatedBaseline,
    Evaluation,
    ExperimentResult,
    Offer,
    Validated,
)


@dataclass(frozen=True, eq=False)
class TestPart(Windows):
    """The test windows that all models of an experiment are scored on.

    Attributes:
        naive_errors: the denominator of MASE, by target.
        validation: the validation windows, which choose the model that is offered; None without any.
        evaluated: baselines that `evaluate_ridge` has evaluated, or None for one that cannot be fitted.
    """

    __test__ = False

    naive_errors: tuple[float, ...]
    validation: Windows | None
    evaluated: dict[Kind, EvaluatedBaseline | None] = field(default_factory=dict)


def find_test_part(experiment: Experiment) -> TestPart:
    """The test windows of an experiment, and its validation windows."""
    targets = list(experiment.table.target_indices)
    values, train, observed = experiment.table.values[:, targets], experiment.split.train, experiment.observed
    naive_errors = tuple(
        naive_error(
            values[train.slice, target],
            experiment.season,
            None if observed is None else observed[train.slice, target],
        )
        for target in targets
    )
    test, validation = windows_of(experiment, "test"), windows_of(experiment, "validation")
    return TestPart(
        test.truth,
        test.first_rows,
        test.counted,
        naive_errors,
        validation if len(validation.first_rows) else None,
    )


def evaluate(name: str, forecasts: Array, part: TestPart, validation: Array | None = None) -> Evaluation:
    """Scores `[windows, horizon, targets]` forecasts of the test and validation part in the series' units."""
    by_target = [
        (part.truth[:, :, target], forecasts[:, :, target], naive, part.counted[:, :, target])
        for target, naive in enumerate(part.naive_errors)
    ]
    by_step = zip(*(scores_by_step(*columns) for columns in by_target), strict=True)
    return Evaluation(
        name,
        forecasts,
        tuple(scores(*columns) for columns in by_target),
        tuple(by_step),
        None if validation is None else _validated(validation, part.validation),
    )


def _validated(forecasts: Array, windows: Windows | None) -> Validated | None:
    if windows is None:
        return None
    truth, counted = windows.truth, windows.counted
    mae = (
        scores(truth[:, :, target], forecasts[:, :, target], math.nan, counted[:, :, target]).mae
        for target in range(forecasts.shape[2])
    )
    return Validated(forecasts, tuple(mae))


def evaluate_baselines(experiment: Experiment, part: TestPart, kinds: Collection[Kind] = KINDS) -> Baselines:
    """Fits baselines of some kinds, scores them on the same windows, and forecasts the future with them."""
    found = _evaluated(experiment, part, [kind for kind in kinds if kind != "ridge"])
    ridge = evaluate_ridge(experiment, part) if "ridge" in kinds else None
    every = found.evaluated if ridge is None else (*found.evaluated, ridge)
    return Baselines(tuple(sorted(every, key=lambda one: KINDS.index(one.kind))), found.notes)


def evaluate_ridge(experiment: Experiment, part: TestPart) -> EvaluatedBaseline | None:
    """The baseline of ridge regressions; None if it cannot be fitted.

    It is fitted once for a test part: it takes seconds, and has a share in the forecast of each backend.
    """
    if "ridge" not in part.evaluated:
        kinds: tuple[Kind, ...] = ("ridge",)
        part.evaluated["ridge"] = next(iter(_evaluated(experiment, part, kinds).evaluated), None)
    return part.evaluated["ridge"]


def _evaluated(experiment: Experiment, part: TestPart, kinds: Collection[Kind]) -> Baselines:
    config, bounds = experiment.config, experiment.bounds
    history = experiment_history(experiment)
    found = []
    fitted = experiment_baselines(experiment, history, kinds)
    for one in fitted.baselines:
        if not one.can_forecast(part.first_rows):
            continue
        validation = None
        if part.validation is not None and one.can_forecast(part.validation.first_rows):
            validation = bounds.hold(one.forecast(history, part.validation.first_rows, config.horizon))
        test = bounds.hold(one.forecast(history, part.first_rows, config.horizon))
        future = bounds.hold(one.future(history, experiment.steps))
        found.append(evaluated_baseline(one.kind, one.name, test, future, part, validation))
    return Baselines(tuple(found), fitted.notes)


def evaluated_baseline(
    kind: Kind, name: str, test: Array, future: Array, part: TestPart, validation: Array | None
) -> EvaluatedBaseline:
    """A baseline with the scores of its forecasts; see `evaluate`."""
    scored = evaluate(name, test, part, validation)
    known = {field.name: getattr(scored, field.name) for field in fields(Evaluation)}
    return EvaluatedBaseline(**known, kind=kind, future=future)


def experiment_history(experiment: Experiment) -> History:
    """What the baselines see of an experiment."""
    return history_of(
        experiment.table,
        experiment.steps,
        experiment.config.horizon,
        experiment.known_choice,
        counts_filled=experiment.counts_filled,
    )


def experiment_baselines(
    experiment: Experiment, history: History, kinds: Collection[Kind] = KINDS
) -> FittedBaselines:
    """Baselines of some kinds, fitted to the training rows."""
    return fit_baselines(
        history,
        experiment.split,
        horizon=experiment.config.horizon,
        season=experiment.season,
        season_candidates=experiment.table.season_candidates,
        kinds=kinds,
    )


def conclude(
    experiment: Experiment,
    part: TestPart,
    backends: Sequence[BackendResult],
    failures: dict[str, str],
    baselines: Baselines | None = None,
) -> ExperimentResult:
    """The result of an experiment: backends, baselines, the backends' agreement and a verdict by target.

    `baselines` were evaluated before; None evaluates them now.
    """
    known = evaluate_baselines(experiment, part) if baselines is None else baselines
    models = [result.evaluation for result in backends]
    comparisons = compare_targets(part.truth, part.counted, models, known.evaluated) if models else ()
    trivial = tuple(_trivial(experiment, part, models, target) for target in range(len(comparisons)))
    offers = choose_offers(experiment, part.validation, backends, known.evaluated)
    return ExperimentResult(
        experiment=experiment,
        truth=part.truth,
        first_rows=part.first_rows,
        counted=part.counted,
        baselines=known.evaluated,
        backends=tuple(backends),
        failures=failures,
        agreement=agreement(experiment, models) if len(models) > 1 else None,
        comparisons=comparisons,
        verdicts=verdicts(experiment, comparisons, trivial, offers),
        trivial=trivial,
        offers=offers,
        notes=known.notes,
    )


def with_offer(result: ExperimentResult, wanted: Wanted) -> ExperimentResult:
    """The same result with another model's forecast first."""
    experiment = replace(result.experiment, offer=wanted)
    validation = find_test_part(experiment).validation
    offers = choose_offers(experiment, validation, result.backends, result.baselines)
    return replace(
        result,
        experiment=experiment,
        offers=offers,
        verdicts=verdicts(experiment, result.comparisons, result.trivial, offers),
    )


def verdicts(
    experiment: Experiment,
    comparisons: Sequence[Comparison],
    trivial: Sequence[Trivial | None],
    offers: Sequence[Offer],
) -> tuple[str, ...]:
    """For each target, how the LSTM compares, what is trivial about it, and what to use."""
    table = experiment.table
    return tuple(
        " ".join(
            (
                in_words(comparison, target, table.frequency.step),
                *(() if found is None else (found.sentence,)),
                offer.sentence,
            )
        )
        for target, comparison, found, offer in zip(
            table.targets, comparisons, trivial, offers, strict=bool(comparisons)
        )
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
