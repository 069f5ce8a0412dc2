"""Any file: 70 % of its rows are train, 10 % validation and 20 % test.

The score is the mean absolute error on the test part. The model with the least validation error is offered;
its error relative to the best baseline shows what the choice costs.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.accuracy.models import Settings, fit_models
from benchmarks.accuracy.tables import Recorder, Table
from benchmarks.accuracy.tasks import Forecast, Task

from lstm_forecasting.data.arrays import Integers
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.series.seasons import find_season
from lstm_forecasting.data.series.splits import RowRange, split_by_fraction
from lstm_forecasting.linear.member import mean_error
from lstm_plugins.errors import InputError

_WITHOUT_SEASON = 12
OFFERED = "offered by validation"
RATIO = "offered / best baseline"


def measure(files: Sequence[Path], settings: Settings) -> Table:
    """The table of all files; the target of each is its usual one.

    Raises:
        InputError: a file cannot be read, or is too short.
    """
    recorder, notes = Recorder(), []
    for file in files:
        task = read_task(file)
        rows, validation = (scored_rows(task, part) for part in (task.split.test, task.split.validation))
        chosen: dict[str, float] = {}
        tested: dict[str, float] = {}
        baselines = []
        for fitted in fit_models(task, settings, refit=False):
            errors = [error(task, forecast, rows) for forecast in fitted.forecasts]
            recorder.add(fitted.model, fitted.kind, file.name, errors, fitted.seconds)
            tested[fitted.model] = float(np.mean(errors))
            if fitted.kind == "baseline":
                baselines.append(fitted.model)
            chosen[fitted.model] = float(
                np.mean([error(task, forecast, validation) for forecast in fitted.forecasts])
            )
            if fitted.note:
                notes.append(f"{file.name}, {fitted.model}: {fitted.note}.")
        if chosen:
            offered = min(chosen, key=lambda model: chosen[model])
            recorder.add(OFFERED, "ours", file.name, [tested[offered]])
            if baselines:
                best = min(tested[model] for model in baselines)
                recorder.add(RATIO, "ours", file.name, [tested[offered] / best])
            notes.append(f"{file.name}: horizon {task.horizon}, {offered} is offered.")
    return Table(
        "Other files",
        settings.command,
        "Mean absolute error on the last 20 % of the rows, in the series' units.",
        tuple(file.name for file in files),
        recorder.lines,
        decimals=4,
        notes=tuple(notes),
    )


def read_task(file: Path) -> Task:
    """The usual target of a file; the horizon is the season that its training rows show, or 12 rows.

    Raises:
        InputError: the file cannot be read, or is too short.
    """
    table = open_data(file)
    split = split_by_fraction(table.rows)
    training = table.values[split.train.slice, 0]
    season = find_season(training, table.season_candidates).length
    horizon = season if season > 1 else _WITHOUT_SEASON
    if min(len(split.validation), len(split.test)) < horizon:
        raise InputError(
            f"{file} has {table.rows} rows, too few for a validation part of 10 % that contains a horizon of "
            f"{horizon} rows."
        )
    observed = None if not table.filled[:, 0].any() else ~table.filled[:, 0]
    return Task(
        file.name,
        table.values[:, 0],
        split,
        horizon,
        season,
        table.frequency,
        table.times,
        observed=observed,
    )


def scored_rows(task: Task, part: RowRange) -> Integers:
    """The first row of every window whose targets are in a part of the series, at stride 1."""
    return np.arange(part.start, part.stop - task.horizon + 1, dtype=np.int64)


def error(task: Task, forecast: Forecast, rows: Integers) -> float:
    """The mean absolute error over the observed values of windows; see `mean_error`."""
    return mean_error(forecast, task.values, rows, task.horizon, task.observed)
