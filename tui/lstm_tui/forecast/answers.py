"""Forecasts of a run's rows with other values of what is known ahead."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.experiment.results import BackendResult, ExperimentResult
from lstm_forecasting.known.own_columns import OwnColumns
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.runs.offering import OfferedModels
from lstm_forecasting.runs.predicting import open_model, predict


@dataclass(frozen=True, eq=False)
class Answer:
    """Forecasts `[steps, targets]` for the same values of what is known ahead.

    Attributes:
        offered: by the model that is offered for each target.
        lstm: by the LSTM, which is the same where it is offered.
        intervals: of the offered model for each target; None where they are not known.
    """

    offered: Array
    lstm: Array
    intervals: tuple[Bands | None, ...]


Ask = Callable[[OwnColumns], Answer]


def computing(result: ExperimentResult, target: int) -> BackendResult:
    """The backend that forecasts: the offered one, or the best one beside an offered baseline."""
    named = [one for one in result.backends if one.backend == result.offers[target].backend]
    return named[0] if named else result.best_backend(target) or result.backends[0]


def first_answer(
    result: ExperimentResult, backend: BackendResult, intervals: tuple[Bands | None, ...]
) -> Answer:
    """The forecasts for the values as they are; `backend` computes the LSTM."""
    offered = [
        backend.future[:, target] if offer.kind == "lstm" else offer.future
        for target, offer in enumerate(result.offers)
    ]
    return Answer(np.stack(offered, axis=1), backend.future, intervals)


def asking(run: str, backend: str, result: ExperimentResult, processes: BackendProcesses) -> Ask:
    """A function that forecasts the rows of a run with other values of its known columns.

    It raises InputError if the run has no such weights or the backend fails. Baselines are fitted when it is
    first called.
    """
    experiment = result.experiment

    @cache
    def offered() -> OfferedModels:
        return OfferedModels.of(result)

    def ask(own: OwnColumns) -> Answer:
        model = open_model(run, Path(run).parent, backend)
        table = replace(experiment.table, known=own)
        steps, threads = experiment.steps, experiment.threads
        found = predict(model, table, backend, steps=steps, threads=threads, processes=processes)
        first = offered().first(found)
        futures = [offer.future for offer in first.offers]
        return Answer(np.stack(futures, axis=1), found.future, first.intervals)

    return ask
