"""Long-term forecasting of ETTh1's oil temperature, as the published tables of transformers measure it.

Protocol: Zhou et al., "Informer", AAAI 2021. 12, 4 and 4 months of 30 days are train, validation and test;
the rows after them are unused. The score is the mean squared error on the series scaled by the mean and
deviation of the training rows, over all test windows at stride 1.
"""

from pathlib import Path

import numpy as np
from benchmarks.accuracy.product import Task, naive
from benchmarks.accuracy.product import measure as measure_product
from benchmarks.accuracy.published import LTSF
from benchmarks.accuracy.reading import open_columns, read_columns
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.tables import NAIVE, Recorder, Table, published_lines

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.splits import split_by_count

HORIZONS = (24, 96, 192, 336, 720)
_MONTH = 30 * 24
_SEASON = 24


def measure(folder: Path, settings: Settings) -> Table:
    """The table of all horizons.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    recorder, notes, absent = Recorder(), [], dict[str, None]()
    for horizon in HORIZONS:
        task = read_task(folder, horizon)
        rows = scored_rows(task, horizon)
        recorder.add(
            NAIVE, "baseline", str(horizon), [score(task, rows, naive(task.values, _SEASON, rows, horizon))]
        )
        outcome = measure_product(task, settings, rows)
        for one in outcome.models:
            scores = [score(task, rows, forecasts) for forecasts in one.forecasts]
            recorder.add(one.model, one.kind, str(horizon), scores, one.seconds)
        notes.append(f"Horizon {horizon}: {outcome.note}")
        absent |= dict.fromkeys(outcome.absent)
    return Table(
        "ETTh1, oil temperature (LTSF)",
        settings.command,
        "Mean squared error on the scaled series, by horizon in hours.",
        tuple(map(str, HORIZONS)),
        (*recorder.lines, *published_lines(LTSF.models, LTSF.limits)),
        decimals=4,
        notes=(*notes, *absent),
    )


def read_task(folder: Path, horizon: int) -> Task:
    """The oil temperature with its parts, without the rows after them."""
    read = read_columns(folder / "ETTh1.csv", "OT")
    rows = 20 * _MONTH
    split = split_by_count(rows, 12 * _MONTH, 4 * _MONTH, 4 * _MONTH)
    return Task(f"ETTh1 {horizon}", open_columns(read.first(rows)), split, horizon)


def scored_rows(task: Task, horizon: int) -> Integers:
    """The first row of every test window, at stride 1."""
    return np.arange(task.split.test.start, task.split.test.stop - horizon + 1, dtype=np.int64)


def score(task: Task, first_rows: Integers, forecasts: Array) -> float:
    """The mean squared error of `forecasts` `[windows, horizon]` on the scaled series."""
    deviation = float(task.values[task.split.train.slice].std())
    errors = (forecasts - task.truth(first_rows, forecasts.shape[1])) / deviation
    return float(np.square(errors).mean())
