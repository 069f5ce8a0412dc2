"""The result of a backtest as JSON, and its forecasts as a table."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lstm_forecasting.backtest.results import BacktestResult, ModelResult
from lstm_forecasting.backtest.scoring import over_time, worst_origins
from lstm_forecasting.backtest.wording import sentences
from lstm_forecasting.data.times.wall_clock import offsets_of
from lstm_forecasting.evaluation.comparison import Comparison
from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.saving.destination import check_destination
from lstm_forecasting.saving.finite import finite, scores_as_json
from lstm_forecasting.saving.future_table import Column, iso, write_columns
from lstm_plugins.files import write_file

SUFFIXES = (".csv", ".parquet", ".json")
PERIODS = 12
"""Most periods of the error over time."""
WORST = 10
"""Origins that are listed as the worst of a model."""


def check_backtest_path(path: Path) -> None:
    """Checks, before work begins, that the forecasts of a backtest can be saved there.

    Raises:
        InputError: the suffix is none of `SUFFIXES`, or the folder is missing or cannot be written to.
    """
    check_destination(path, SUFFIXES, "A backtest")


def save_backtest(result: BacktestResult, path: Path) -> None:
    """Writes all forecasts as a table: one row for each origin, step and target, one column for each model.

    Raises:
        InputError: it cannot be written there.
    """
    check_backtest_path(path)
    write_file(path, write_columns(columns_of(result), path.suffix.lower()))


def columns_of(result: BacktestResult) -> dict[str, Column]:
    """The forecasts as columns of equal length; a value that is not scored is None.

    `origin` is the last time before the forecast, `time` that of the value; rows without times have their
    number. Beside each model's forecast are the ends of its intervals, such as "ridge lo-80" and "ridge
    hi-80".
    """
    backtest = result.backtest
    table, targets = backtest.table, backtest.table.targets
    origins, steps = len(backtest.origins), backtest.horizon
    rows = (backtest.origins[:, np.newaxis] + np.arange(steps)).reshape(-1)
    before = np.repeat(backtest.origins - 1, steps)
    columns: dict[str, Column] = {}
    if table.times is None:
        columns["origin"] = _spread(_numbers(result, before), len(targets))
        columns["row"] = _spread(_numbers(result, rows), len(targets))
    else:
        columns["origin"] = _spread(iso(table.times[before]), len(targets))
        columns["time"] = _spread(iso(table.times[rows]), len(targets))
        if table.zone:
            columns["utc_offset"] = _spread(offsets_of(table.times[rows], table.zone), len(targets))
    columns["step"] = _spread(list(range(1, steps + 1)) * origins, len(targets))
    columns["target"] = list(targets) * len(rows)
    columns["truth"] = _values(np.where(result.counted, result.truth, np.nan))
    for model in result.models:
        columns[model.key] = _values(model.forecasts)
        levels = sorted({level for one in model.intervals for level in one.levels})
        for level in levels:
            for name, ends in (("lo", "low"), ("hi", "high")):
                columns[f"{model.key} {name}-{in_percent(level)}"] = _values(_ends(model, level, ends))
    return columns


def _ends(model: ModelResult, level: float, name: str) -> np.ndarray[Any, Any]:
    """The lower or upper ends of a level, `[origins, horizon, targets]`; nan where there are none."""
    ends = np.full(model.forecasts.shape, np.nan)
    for target, intervals in enumerate(model.intervals):
        if level in intervals.levels:
            place = intervals.levels.index(level)
            ends[:, :, target] = getattr(intervals.test, name)[:, :, place]
    return ends


def _numbers(result: BacktestResult, rows: np.ndarray[Any, Any]) -> list[int]:
    table = result.backtest.table
    return [int(table.first_number + row * table.frequency.size) for row in rows]


def _spread(values: list[Any], count: int) -> Column:
    return [value for value in values for _ in range(count)]


def _values(values: np.ndarray[Any, Any]) -> Column:
    return [value if math.isfinite(value) else None for value in values.reshape(-1).tolist()]


def result_as_json(result: BacktestResult, name: str) -> dict[str, Any]:
    """A result without its forecasts as JSON-ready values; undefined numbers are null.

    Its members: `backtest` (its name), `data` (name, source, rows, targets), `horizon`, `origins` (count,
    first and last as times of the first value, every), `window`, `refit` (never, always, or a number of
    origins), `folds`, `decisions`, `models` (key, name, seconds, and by target scores, scores_by_step,
    intervals with crps and coverage by level, and the worst origins), `over_time` by target (first and last
    origin, and by model mae and coverage), `comparisons` of the best model with each other one by target,
    `sentences`, `notes`, and `failures` by fold, from 1.
    """
    backtest = result.backtest
    table, targets = backtest.table, backtest.table.targets
    first, last = (_time(result, place) for place in (0, -1))
    return {
        "backtest": name,
        "data": {"name": table.name, "source": table.source, "rows": table.rows, "targets": list(targets)},
        "horizon": backtest.horizon,
        "origins": {
            "count": len(backtest.origins),
            "first": first,
            "last": last,
            "every": backtest.rolling.every,
        },
        "window": backtest.rolling.window,
        "refit": {0: "never", 1: "always"}.get(backtest.rolling.refit, backtest.rolling.refit),
        "folds": len(backtest.folds),
        "decisions": list(backtest.decisions),
        "models": [_model(result, model) for model in result.models],
        "over_time": {target: _periods(result, place) for place, target in enumerate(targets)},
        "comparisons": {
            target: [_comparison(key, one) for key, one in compared.items()]
            for target, compared in zip(targets, result.comparisons, strict=True)
        },
        "sentences": list(sentences(result)),
        "notes": list(result.notes),
        "failures": {str(number + 1): reason for number, reason in result.failures.items()},
    }


def _time(result: BacktestResult, origin: int) -> str:
    return result.backtest.table.row_text(int(result.backtest.origins[origin]))


def _model(result: BacktestResult, model: ModelResult) -> dict[str, Any]:
    targets = result.backtest.table.targets
    by_step = zip(*model.scores_by_step, strict=True)
    return {
        "key": model.key,
        "name": model.name,
        "seconds": model.seconds,
        "scores": {
            target: scores_as_json(scores) for target, scores in zip(targets, model.scores, strict=True)
        },
        "scores_by_step": {
            target: [scores_as_json(scores) for scores in steps]
            for target, steps in zip(targets, by_step, strict=True)
        },
        "intervals": {
            target: _intervals(intervals) for target, intervals in zip(targets, model.intervals, strict=True)
        },
        "worst": {
            target: [
                {"origin": _time(result, origin), "mae": float(model.errors[origin, place])}
                for origin in worst_origins(result, model, place, WORST)
            ]
            for place, target in enumerate(targets)
        },
    }


def _intervals(intervals: ModelIntervals) -> dict[str, Any]:
    return {
        **finite({"crps": intervals.crps}),
        "coverage": [
            finite({"level": one.level, "measured": one.measured, "width": one.width, "score": one.score})
            for one in intervals.coverage
        ],
        "notes": list(intervals.notes),
    }


def _periods(result: BacktestResult, target: int) -> list[dict[str, Any]]:
    return [
        {
            "first": _time(result, period.first),
            "last": _time(result, period.last),
            "mae": finite(dict(period.errors)),
            "coverage": {key: _by_level(levels) for key, levels in period.coverage.items()},
        }
        for period in over_time(result, target, PERIODS)
    ]


def _by_level(coverage: Mapping[float, float]) -> dict[str, Any]:
    return finite({in_percent(level): share for level, share in coverage.items()})


def _comparison(key: str, comparison: Comparison) -> dict[str, Any]:
    """The best model compared with another one."""
    return {
        "best": comparison.model,
        "other": key,
        "outcome": comparison.outcome,
        **finite({"gain": comparison.gain, "p_value": comparison.p_value}),
        "interval": list(comparison.interval) if comparison.interval else None,
        "windows": comparison.windows,
        "values": comparison.values,
    }
