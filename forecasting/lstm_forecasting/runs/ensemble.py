"""The ensemble of a run: its further networks, and the share of ridge regressions in its forecast."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.checkpoints.recorder import BEST, member_folder
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.baselines.fitting import history_of
from lstm_forecasting.evaluation.baselines.kinds import Kind
from lstm_forecasting.evaluation.scoring import experiment_baselines, experiment_history
from lstm_forecasting.runs.description import read_description, read_experiment
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.results import result_header
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError

_RIDGE: tuple[Kind, ...] = ("ridge",)


@dataclass(frozen=True)
class Ensemble:
    """What is averaged with the first network of a backend.

    Attributes:
        run: the run.
        paths: the weights of all networks that are part of the forecast.
        ridge_share: share of ridge regressions; the networks have the rest.
    """

    run: RunFolder
    paths: tuple[Path, ...]
    ridge_share: float


def ensemble_of(run: RunFolder, backend: str) -> Ensemble | None:
    """The ensemble of a backend in a run; None if it has a single network and no ridge regressions.

    Before the backend's end, it consists of the networks that have weights.

    Raises:
        InputError: the run is damaged.
    """
    description = read_description(run)
    if not description.ensemble and not description.ridge_share:
        return None
    result = result_header(run, backend)
    folders = [
        member_folder(run.backend(backend), number) for number in range(max(1, len(description.ensemble)))
    ]
    kept = [True] * len(folders) if result is None else [member.kept for member in result.members]
    paths = [folder / BEST for folder, is_kept in zip(folders, kept, strict=False) if is_kept]
    return Ensemble(run, tuple(path for path in paths if path.exists()), description.ridge_share)


def with_ridge(
    ensemble: Ensemble, table: SeriesTable, quantiles: NDArray[np.float64], point: int
) -> NDArray[np.float64]:
    """The forecast `[steps, targets, quantiles]` of a series, with the share of ridge regressions.

    They are fitted to the training rows of the run, as when it was evaluated. Quantiles keep their distances
    to the point forecast, which has the index `point`.

    Raises:
        InputError: the series is too short for them.
    """
    if not ensemble.ridge_share:
        return quantiles
    experiment = read_experiment(ensemble.run)
    fitted = experiment_baselines(experiment, experiment_history(experiment), _RIDGE).baselines
    if not fitted:
        return quantiles
    ridge, steps = fitted[0], len(quantiles)
    if table.rows < ridge.needs:
        raise InputError(
            f"{table.name} has {counted(table.rows, 'row')}, but the ridge regressions of run "
            f"{ensemble.run.name} need {ridge.needs}; give a longer series."
        )
    history = history_of(table, steps, experiment.config.horizon, experiment.known_choice)
    future = ridge.future(history, steps)
    return quantiles + ensemble.ridge_share * (future[:, :, np.newaxis] - quantiles[:, :, [point]])
