"""US births in the Monash archive: the last 30 days, forecast once.

Protocol: Godahewa et al., "Monash time series forecasting archive", NeurIPS Datasets and Benchmarks 2021. The
score is the mean absolute error in births.
"""

from pathlib import Path

import numpy as np
from benchmarks.accuracy.models import WITHOUT_KNOWN, Settings, fit_models
from benchmarks.accuracy.published import MONASH
from benchmarks.accuracy.reading import read_columns
from benchmarks.accuracy.special_days import named_holidays
from benchmarks.accuracy.tables import Recorder, Table, published_lines
from benchmarks.accuracy.tasks import Forecast, Task, held_out, truths

HORIZON = 30
VALIDATION_DAYS = 365
"""A whole year, so that every season counts once."""
_CAUTION = (
    "One window says little: with 600 days of validation instead of 365, which were tried first, the "
    "recipe's first seed scores 381 without holidays."
)
COLUMNS = ("us_births", "us_births with holidays")
_WEEK = 7


def measure(folder: Path, settings: Settings) -> Table:
    """The table of all models.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    recorder, notes = Recorder(), []
    task = read_task(folder)
    for fitted in fit_models(task, settings):
        column = COLUMNS[fitted.model in WITHOUT_KNOWN]
        scores = [score(task, forecast) for forecast in fitted.forecasts]
        recorder.add(fitted.model, fitted.kind, column, scores, fitted.seconds)
        if fitted.note:
            notes.append(f"{fitted.model}: {fitted.note}.")
    return Table(
        "US births (Monash)",
        settings.command,
        "Mean absolute error of the last 30 days.",
        COLUMNS,
        (*recorder.lines, *published_lines(MONASH.models, MONASH.limits)),
        decimals=1,
        notes=(*notes, _CAUTION),
    )


def read_task(folder: Path) -> Task:
    """The births, with the last 30 days as the test part."""
    read = read_columns(folder / "us_births.csv")
    split = held_out(len(read.values), HORIZON, VALIDATION_DAYS)
    return Task(
        "us_births",
        read.values[:, 0],
        split,
        HORIZON,
        _WEEK,
        read.frequency,
        read.times,
        named_holidays(read.times),
    )


def score(task: Task, forecast: Forecast) -> float:
    """The mean absolute error of the only test window."""
    rows = np.array([task.split.test.start])
    return float(np.abs(forecast(rows) - truths(task, rows)).mean())
