"""An upper bound for what training three networks by one call would gain."""

import time
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_plugins import ForecasterConfig, TrainingStep
from lstm_plugins.additions import extra_columns
from lstm_plugins.discovery import find_backend

STACKED = 3
BATCHES = 20
"""In one measurement."""


@dataclass(frozen=True)
class Bound:
    """What is measured for one shape of network.

    Attributes:
        look_back: rows of a window.
        steps: of the LSTM.
        batch: windows of a batch.
        milliseconds: processor time of a batch.
        gain: how many times as fast three stacked networks could be at most.
    """

    look_back: int
    steps: int
    batch: int
    milliseconds: float
    gain: float


def bounds(table: SeriesTable, backend: str, rounds: int) -> list[Bound]:
    """The bounds for each shape of network that the preset `best` trains."""
    experiment = plan_experiment(table, [backend], preset="best")
    shapes = {replace(config, seed=0, loss="mae"): None for config in experiment.networks}
    return [_bound(experiment, backend, config, rounds) for config in shapes]


def _bound(experiment: Experiment, backend: str, config: ForecasterConfig, rounds: int) -> Bound:
    sizes = (config.batch_size, STACKED * config.batch_size)
    series, train = experiment.series, experiment.split.train
    columns = extra_columns(series, len(experiment.indicators))
    forecasters = {}
    for size in sizes:
        made = find_backend(backend).load_forecaster()(
            replace(config, batch_size=size), series.values.shape[1], series.targets, **columns
        )
        made.load_series(series)
        forecasters[size] = made
    starts = forecasters[sizes[0]].training_starts(((train.start, train.stop),))
    random = np.random.default_rng(0)
    found: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size, forecaster in forecasters.items():
            chosen = random.choice(starts, BATCHES * size)
            began = time.process_time()
            forecaster.train_batches(chosen, np.full(BATCHES, config.learning_rate), TrainingStep(0, 0))
            found[size].append((time.process_time() - began) / BATCHES)
    one, larger = (median(found[size]) for size in sizes)
    return Bound(config.look_back, config.steps, config.batch_size, 1000 * one, STACKED * one / larger)
