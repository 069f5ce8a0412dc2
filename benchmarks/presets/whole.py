"""The processor seconds of a preset on a series, from the plan to the verdict."""

import resource
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.experiment.events import BackendFailed
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.presets.options import Preset


@dataclass(frozen=True)
class Seconds:
    """Processor seconds of the parts of a forecast, and its duration.

    Attributes:
        preset: what was run.
        networks: number of networks.
        at_once: networks that were trained at the same time.
        plan: trials and settings.
        backend: imports, training and forecasts of the backend's processes.
        evaluation: baselines, scores and verdict, and what else this process did meanwhile.
        duration: wall-clock seconds of plan, training and evaluation.
    """

    preset: Preset
    networks: int
    at_once: int
    plan: float
    backend: float
    evaluation: float
    duration: float

    @property
    def total(self) -> float:
        return self.plan + self.backend + self.evaluation


def opened(file: Path | None, targets: list[str], rows: int) -> SeriesTable:
    """A file, or a made-up hourly series with the seasons of day and week, and noise that lasts."""
    if file is not None:
        return open_data(file, targets)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hourly.csv"
        hours = np.arange(rows)
        noise = np.random.default_rng(0).normal(size=rows)
        for hour in range(1, rows):
            noise[hour] += 0.95 * noise[hour - 1]
        day, week = np.sin(2 * np.pi * hours / 24), np.sin(2 * np.pi * hours / 168)
        times = np.datetime64("2020-01-01", "us") + hours.astype("timedelta64[h]")
        pl.DataFrame({"hour": times, "load": 4 * day + 2 * week + noise}).write_csv(path)
        return open_data(path)


def seconds(table: SeriesTable, backend: str, preset: Preset, at_once: int) -> Seconds:
    """Plans and runs a preset, and measures its parts."""
    own, children, began = time.process_time(), _of_children(), time.monotonic()
    experiment = plan_experiment(table, [backend], preset=preset)
    planned = time.process_time()
    with RunningExperiment(experiment, at_once=at_once) as running:
        for event in running:
            assert not isinstance(event, BackendFailed), event
    return Seconds(
        preset,
        len(experiment.networks),
        at_once,
        planned - own,
        _of_children() - children,
        time.process_time() - planned,
        time.monotonic() - began,
    )


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
