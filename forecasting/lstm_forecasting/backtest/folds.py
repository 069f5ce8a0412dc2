"""Computes a fold: fits its models, and forecasts from its origins in one pass."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lstm_forecasting.backtest.plan import FoldTask
from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.evaluation.baselines.kinds import KINDS
from lstm_forecasting.evaluation.offering import choose_offers
from lstm_forecasting.evaluation.scoring import TestPart, evaluate_baselines, find_test_part
from lstm_forecasting.experiment.events import BackendFailed, BackendFinished, BackendStopped
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, EvaluatedBaseline, Evaluation
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_plugins.errors import InputError

BEST = "offered by validation"
"""Name of the model that each fold chooses for itself."""


@dataclass(frozen=True, eq=False)
class FoldModel:
    """The forecasts of one model of a fold.

    Attributes:
        key: short name of a backend, the kind of a baseline, or `best`.
        name: as shown to users, such as "PyTorch" or "seasonal naive (24)".
        forecasts: `[origins, horizon, targets]` in the series' units.
        validation: `[windows, horizon, targets]` of the validation part; None without one.
        seconds: of fitting and forecasting.
    """

    key: str
    name: str
    forecasts: Array
    validation: Array | None
    seconds: float


@dataclass(frozen=True, eq=False)
class FoldForecasts:
    """The result of a fold.

    Attributes:
        number: of the fold, from 0.
        origins: `[origins]`, the first rows of the forecasts, in rows of the fold's table; origins that need
            more rows before them than there are have no forecasts.
        validation_origins: `[windows]`, those of the validation part.
        models: in the order of the recipe; those that need more rows than there are are missing.
        notes: sentences about models that there are not.
        seconds: of the whole fold.
    """

    number: int
    origins: Integers
    validation_origins: Integers
    models: tuple[FoldModel, ...]
    notes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class _Made:
    """What a fold has evaluated, and how long that took.

    Attributes:
        backends: the backends that were trained.
        baselines: the evaluated baselines.
        seconds: by short name or kind.
        notes: sentences about baselines that there are not.
    """

    backends: tuple[BackendResult, ...]
    baselines: tuple[EvaluatedBaseline, ...]
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = field(default=())


def compute_fold(task: FoldTask, processes: BackendProcesses | None = None) -> FoldForecasts:
    """Fits the models of a fold to the rows before its first origin, and forecasts from all its origins.

    `processes` is a pool of backends to use; None starts processes for this fold alone.

    Raises:
        InputError: there are too few rows, or a backend failed.
    """
    began = time.monotonic()
    experiment = task.experiment()
    part = find_test_part(experiment)
    kept = np.isin(part.first_rows, task.origins)
    made = _made(task, experiment, part, processes)
    validation = part.first_rows[:0] if part.validation is None else part.validation.first_rows
    return FoldForecasts(
        number=task.number,
        origins=part.first_rows[kept],
        validation_origins=validation,
        models=tuple(
            FoldModel(
                key=key,
                name=name,
                forecasts=_stacked([one.forecasts[kept] for one in chosen]),
                validation=_validation(chosen),
                seconds=made.seconds.get(key, 0.0),
            )
            for key, name, chosen in _chosen(task, experiment, part, made)
        ),
        notes=made.notes,
        seconds=time.monotonic() - began,
    )


def _made(
    task: FoldTask, experiment: Experiment, part: TestPart, processes: BackendProcesses | None
) -> _Made:
    models = task.recipe.models
    seconds: dict[str, float] = {}
    baselines: list[EvaluatedBaseline] = []
    notes: list[str] = []
    # Ridge regressions come first, since those of the networks are the same ones.
    wanted = [kind for kind in ("ridge", *KINDS) if kind in models or "best" in models]
    for kind in dict.fromkeys(wanted):
        began = time.monotonic()
        found = evaluate_baselines(experiment, part, [kind])
        seconds[kind] = time.monotonic() - began
        baselines += found.evaluated
        notes += found.notes
    baselines.sort(key=lambda one: KINDS.index(one.kind))
    trained = _trained(task, experiment, processes, seconds) if task.recipe.trains else ()
    return _Made(tuple(trained), tuple(baselines), seconds, tuple(dict.fromkeys(notes)))


def _trained(
    task: FoldTask, experiment: Experiment, processes: BackendProcesses | None, seconds: dict[str, float]
) -> Sequence[BackendResult]:
    """Trains the backends at the same time, and forecasts with them."""
    began = time.monotonic()
    found: dict[str, BackendResult] = {}
    with RunningExperiment(experiment, processes, at_once=task.at_once) as running:
        for event in running:
            if isinstance(event, BackendFailed | BackendStopped):
                reason = event.reason if isinstance(event, BackendFailed) else "it was stopped"
                raise InputError(f"{event.backend} failed: {reason}")
            if isinstance(event, BackendFinished):
                found[event.backend] = event.result
                seconds[event.backend] = time.monotonic() - began
                if len(found) == len(experiment.backends):
                    # The verdict that would follow is about one fold alone.
                    break
    return [found[backend] for backend in experiment.backends]


def _chosen(
    task: FoldTask, experiment: Experiment, part: TestPart, made: _Made
) -> Iterator[tuple[str, str, list[Evaluation]]]:
    """The key and the name of each model, and the evaluation that it takes each target from."""
    targets = range(len(experiment.table.targets))
    for model in task.recipe.models:
        if model == "lstm":
            for backend in made.backends:
                yield backend.backend, backend.evaluation.name, [backend.evaluation for _ in targets]
        elif model == "best":
            yield model, BEST, _offered(experiment, part, made)
        else:
            own = [one for one in made.baselines if one.kind == model]
            if own:
                # There may be several, such as seasonal naive for each season.
                chosen = [min(own, key=lambda one: _error(one, target)) for target in targets]
                names = {one.name for one in chosen}
                yield model, names.pop() if len(names) == 1 else model, list(chosen)


def _offered(experiment: Experiment, part: TestPart, made: _Made) -> list[Evaluation]:
    named = {one.evaluation.name: one.evaluation for one in made.backends}
    named |= {one.name: one for one in made.baselines}
    offers = choose_offers(experiment, part.validation, made.backends, made.baselines)
    return [named[offer.name] for offer in offers]


def _error(evaluation: Evaluation, target: int) -> float:
    """The error on the validation part; infinite if it is not known."""
    error = np.nan if evaluation.validation is None else evaluation.validation.mae[target]
    return float(error) if np.isfinite(error) else np.inf


def _stacked(forecasts: Sequence[Array]) -> Array:
    """Forecasts of each target `[windows, horizon, targets]` from those of the model chosen for it."""
    return np.stack([one[:, :, target] for target, one in enumerate(forecasts)], axis=2)


def _validation(chosen: Sequence[Evaluation]) -> Array | None:
    found = [one.validation.forecasts for one in chosen if one.validation is not None]
    return _stacked(found) if len(found) == len(chosen) else None
