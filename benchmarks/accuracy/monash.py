"""US births in the Monash archive: the last 30 days, forecast once.

Protocol: Godahewa et al., "Monash time series forecasting archive", NeurIPS Datasets and Benchmarks 2021. The
score is the mean absolute error in births.
"""

from pathlib import Path

import numpy as np
from benchmarks.accuracy.product import Task, held_out, naive
from benchmarks.accuracy.product import measure as measure_product
from benchmarks.accuracy.published import MONASH
from benchmarks.accuracy.reading import open_columns, read_columns
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.tables import NAIVE, Recorder, Table, published_lines

from lstm_forecasting.data.options import ReadOptions

HORIZON = 30
VALIDATION_DAYS = 365
"""A whole year, so that every season counts once."""
_CAUTION = "One window says little: scores differ by tens of births with the days of the validation part."
COLUMNS = {"us_births": ReadOptions(calendar="always"), "us_births with holidays": ReadOptions(country="US")}
"""What is known of the days, by column of the table."""
_WEEK = 7


def measure(folder: Path, settings: Settings) -> Table:
    """The table of all models.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    recorder, notes, absent = Recorder(), [], dict[str, None]()
    for column, options in COLUMNS.items():
        task = read_task(folder, options)
        rows = np.array([task.split.test.start])
        truth = task.truth(rows, HORIZON)
        found = naive(task.values, _WEEK, rows, HORIZON)
        recorder.add(NAIVE, "baseline", column, [float(np.abs(found - truth).mean())])
        outcome = measure_product(task, settings, rows)
        for one in outcome.models:
            scores = [float(np.abs(found - truth).mean()) for found in one.forecasts]
            recorder.add(one.model, one.kind, column, scores, one.seconds)
        notes.append(f"{column}: {outcome.note}")
        absent |= dict.fromkeys(outcome.absent)
    return Table(
        "US births (Monash)",
        settings.command,
        "Mean absolute error of the last 30 days.",
        tuple(COLUMNS),
        (*recorder.lines, *published_lines(MONASH.models, MONASH.limits)),
        decimals=1,
        notes=(*notes, _CAUTION, *absent),
    )


def read_task(folder: Path, options: ReadOptions) -> Task:
    """The births, with the last 30 days as the test part."""
    read = read_columns(folder / "us_births.csv")
    split = held_out(len(read.values), HORIZON, VALIDATION_DAYS)
    return Task("us_births", open_columns(read, options), split, HORIZON)
