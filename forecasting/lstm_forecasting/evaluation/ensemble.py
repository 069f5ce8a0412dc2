"""A backend's forecast from those of its networks: averaged with equal weights, and with ridge regressions.

Weights that are chosen on validation windows do worse on test windows than equal ones; a network is only left
out if it is much worse than the best one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.scoring import TestPart, evaluate, evaluate_ridge
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, Member
from lstm_forecasting.linear.mean import WORST_RATIO
from lstm_forecasting.processes.arrays import Forecasts
from lstm_forecasting.processes.events import BackendTrained


@dataclass(frozen=True, eq=False)
class MemberForecasts:
    """The forecasts of one network, in the series' units, before bounds.

    Attributes:
        trained: how its training ended.
        test: `[windows, horizon, targets]`.
        validation: `[windows, horizon, targets]`; without windows if there is no validation part.
        future: `[steps, targets, quantiles]`.
        point: index of the point forecast on the last axis of `future`.
    """

    trained: BackendTrained
    test: Array
    validation: Array
    future: Array
    point: int


def read_member(
    experiment: Experiment, part: TestPart, trained: BackendTrained, forecasts: Forecasts
) -> MemberForecasts:
    """A network's forecasts of the windows of a part, converted from scaled units.

    `experiment` has the settings of this network alone. Windows before the first ones of the part, which not
    every network of an ensemble can forecast, are left out.

    Raises:
        ValueError: its forecasts are not those of the windows, or have the wrong shape.
    """
    config, targets, scaler = experiment.config, experiment.table.target_indices, experiment.scaler
    expected = (experiment.steps, len(targets), len(config.output_quantiles))
    if forecasts.future.shape != expected:
        raise ValueError(f"its forecast has shape {forecasts.future.shape}; expected {expected}")
    windows = ("test", part), ("validation", part.validation)
    found = {}
    for name, wanted in windows:
        rows = getattr(forecasts, "starts" if name == "test" else "validation_starts") + config.look_back
        values = getattr(forecasts, name)
        first_rows = rows[:0] if wanted is None else wanted.first_rows
        kept = np.isin(rows, first_rows)
        if wanted is not None and not np.array_equal(rows[kept], first_rows):
            raise ValueError(f"its {len(rows)} forecast windows are not those of the {name} part")
        shape = (len(rows), config.horizon, len(targets))
        if values.shape != shape:
            raise ValueError(f"its {name} forecasts have shape {values.shape}; expected {shape}")
        found[name] = scaler.inverse(values[kept], targets)
    future = scaler.inverse_quantiles(forecasts.future, targets)
    return MemberForecasts(trained, found["test"], found["validation"], future, config.point_quantile)


def evaluate_backend(
    experiment: Experiment,
    part: TestPart,
    backend: str,
    title: str,
    members: Sequence[MemberForecasts],
) -> BackendResult:
    """A backend's scored result: the mean of its networks, and of ridge regressions if these have a share."""
    errors = _errors(part, members)
    lowest = min(errors)
    # Without validation windows ratios are nan, and all networks stay.
    ratios = [error / lowest if lowest > 0 else 1.0 + error for error in errors]
    kept = [not ratio > WORST_RATIO for ratio in ratios]
    chosen = [one for one, is_kept in zip(members, kept, strict=True) if is_kept]
    test, validation, future = (
        np.mean([getattr(one, name) for one in chosen], axis=0) for name in ("test", "validation", "future")
    )
    ridge = evaluate_ridge(experiment, part) if experiment.ridge_share else None
    if ridge is not None:
        share = experiment.ridge_share
        test = (1 - share) * test + share * ridge.forecasts
        if ridge.validation is not None and len(validation):
            validation = (1 - share) * validation + share * ridge.validation.forecasts
        # Quantiles keep their distances to the point forecast.
        point = future[:, :, [chosen[0].point]]
        future = future + share * (ridge.future[:, :, np.newaxis] - point)
    bounds, trained = experiment.bounds, [one.trained for one in members]
    quantiles = bounds.hold_quantiles(future)
    return BackendResult(
        backend=backend,
        evaluation=evaluate(title, bounds.hold(test), part, bounds.hold(validation)),
        future=quantiles[:, :, chosen[0].point],
        future_quantiles=quantiles,
        epochs=sum(one.epochs for one in trained),
        best_epoch=trained[0].best_epoch,
        seconds=sum(one.seconds for one in trained),
        reason=trained[-1].reason,
        members=tuple(
            Member(
                one.epochs,
                one.best_epoch,
                one.seconds,
                one.reason,
                float(ratio) if np.isfinite(ratio) else None,
                is_kept,
            )
            for one, ratio, is_kept in zip(trained, ratios, kept, strict=True)
        ),
    )


def _errors(part: TestPart, members: Sequence[MemberForecasts]) -> list[float]:
    """Each network's MAE on the validation part, in deviations of each target; nan without windows."""
    windows = part.validation
    if windows is None:
        return [np.nan] * len(members)
    sums = np.zeros(len(members))
    for target in range(windows.truth.shape[2]):
        counted = windows.counted[:, :, target]
        truth = windows.truth[:, :, target][counted]
        if not len(truth):
            continue
        unit = float(truth.std()) or 1.0
        sums += [np.abs(one.validation[:, :, target][counted] - truth).mean() / unit for one in members]
    return [float(error) for error in sums]
