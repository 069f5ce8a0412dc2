"""Saves a result: its forecast as a table or a picture, all of it as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.residuals import find_residuals, in_words
from lstm_forecasting.experiment.lines import first_row, fitting_reach
from lstm_forecasting.experiment.result_intervals import ResultIntervals
from lstm_forecasting.experiment.results import BackendResult, EvaluatedBaseline, Evaluation, ExperimentResult
from lstm_forecasting.figures.drawing import FIGURES, check_figure_path, save_figure
from lstm_forecasting.figures.forecast import forecast_figure
from lstm_forecasting.figures.looks import looks
from lstm_forecasting.saving.destination import check_destination
from lstm_forecasting.saving.finite import finite, scores_as_json
from lstm_forecasting.saving.future_table import (
    Column,
    columns_of,
    rounded_columns,
    rows_of,
    write_columns,
)
from lstm_forecasting.saving.intervals import intervals_as_json
from lstm_plugins.files import write_file

if TYPE_CHECKING:
    from lstm_forecasting.runs.predicting import Prediction

TABLES = (".csv", ".parquet", ".json")
SUFFIXES = (*TABLES, *FIGURES)
_FIGURE_COLUMNS = 200
"""The most rows of a series that a printed picture can resolve."""


def check_forecast_path(path: Path) -> None:
    """Checks, before work begins, that a forecast can be saved there.

    Raises:
        InputError: the suffix is none of `SUFFIXES`, matplotlib is missing for a picture, or the folder is
            missing or cannot be written to.
    """
    check_figure_path(path, "A forecast", TABLES)


def save_forecast(
    result: ExperimentResult,
    path: Path,
    *,
    targets: Sequence[int] | None = None,
    first: float | None = None,
    known: Sequence[str] = (),
) -> None:
    """Writes the future as a table, or draws it with the test part and the end of the series.

    A table has one row for each time and target; one column with the forecast that is offered, beside the
    kind of its model; the ends of its intervals; and one column for each backend. With several quantiles, a
    backend has a column for each, such as "torch 0.1", beside its point forecast. Times are ISO 8601 in CSV
    and JSON; rows without times have their number. Numbers are rounded to what they mean, except in Parquet.
    The file is written atomically.

    Args:
        result: of at least one backend.
        path: destination; its suffix, one of `SUFFIXES`, gives the format.
        targets: indices of the targets in a picture; None for all.
        first: first row of a picture; None for the start of the test part, or the end of a long one.
        known: all backends, so that a picture has the colours of the screen.

    Raises:
        InputError: it cannot be written there, or matplotlib is missing for a picture.
    """
    check_forecast_path(path)
    if path.suffix.lower() in TABLES:
        _write(path, future_columns(result), result.experiment.table)
        return
    backends = known or [backend.backend for backend in result.backends]
    shown = range(len(result.experiment.table.targets)) if targets is None else targets
    if first is None:
        first = first_row(result, fitting_reach(result, _FIGURE_COLUMNS), _FIGURE_COLUMNS)
    begin = first
    save_figure(path, lambda form: forecast_figure(result, looks(backends), shown, begin, form))


def save_prediction(prediction: Prediction, path: Path) -> None:
    """Writes the forecast of a trained model as a table, like `save_forecast`.

    Raises:
        InputError: the suffix is none of `TABLES`, or it cannot be written there.
    """
    check_destination(path, TABLES, "A prediction")
    _write(path, prediction_columns(prediction), prediction.table)


def _write(path: Path, columns: dict[str, Column], table: SeriesTable) -> None:
    """Writes a table; people read text files, so their numbers are rounded."""
    suffix = path.suffix.lower()
    write_file(
        path, write_columns(columns if suffix == ".parquet" else rounded_columns(columns, table), suffix)
    )


def prediction_columns(prediction: Prediction) -> dict[str, Column]:
    """The forecast of a trained model as columns of equal length."""
    forecasts = {prediction.backend: prediction.future_quantiles}
    config = prediction.model.model.config
    return columns_of(prediction.table, prediction.offers, forecasts, config, prediction.intervals)


def result_as_json(result: ExperimentResult) -> dict[str, Any]:
    """A result without its test forecasts as JSON-ready values; undefined numbers are null.

    Its members: `data` (name, source, rows, frequency, first_time, last_time, columns, targets, fingerprint,
    and by column the number of filled values), `indicators` (columns with an input that tells whether they
    were observed), `known` (columns known ahead, as the network reads them), `split` (first row and the row
    after the last, by part), `settings`, `season`, `decisions`, `tried` (what the preset compared on the
    validation part: what, its relative error, chosen), `test` (windows, first_time, last_time, and
    by target the number of scored values), `baselines` and `backends` (name, scores by target, scores_by_step
    by target, validation_mae by target, intervals by target: crps, notes, and for each level its measured
    coverage in percent, its standard error in points, windows, mean width, interval score, coverage by step,
    and the ends after the last row; a baseline also its kind and by target its forecast; a backend also
    its short name, epochs, best_epoch from 1, seconds, and by target the residuals of the first step: mean,
    p_value of the Ljung-Box test over so many lags, sentence), `notes` about
    baselines that there are not, `failures` by backend, `agreement`, `verdicts`
    by target (with windows and values that are scored, the interval of the gain, p_value of the
    Diebold-Mariano test, and trivial: echo, flat or null), `offered` by target (kind and name of the model
    whose forecast comes first, and why), `forecast` (time, target, model and forecast that are offered, the
    ends of its intervals, such as lo-80 and hi-80, and the backends' values; with several quantiles their
    values too).
    """
    experiment = result.experiment
    table, targets, split = experiment.table, experiment.table.targets, experiment.split
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    return {
        "data": {
            "name": table.name,
            "source": table.source,
            "rows": table.rows,
            "frequency": table.frequency.name,
            "first_time": table.row_text(0),
            "last_time": table.row_text(table.rows - 1),
            "columns": list(table.columns),
            "targets": list(targets),
            "fingerprint": table.fingerprint(),
            "filled": dict(zip(table.columns, table.filled.sum(axis=0).tolist(), strict=True)),
        },
        "indicators": list(experiment.indicators),
        "known": list(experiment.known_choice.names),
        "split": {name: [rows.start, rows.stop] for name, rows in parts.items()},
        "settings": experiment.config.to_dict(),
        "season": experiment.season,
        "decisions": list(experiment.decisions),
        "tried": [asdict(one) for one in experiment.tried],
        "test": {
            "windows": len(result.first_rows),
            "first_time": table.row_text(int(result.first_rows[0])),
            "last_time": table.row_text(int(result.first_rows[-1]) + experiment.config.horizon - 1),
            "values": dict(zip(targets, result.counted.sum(axis=(0, 1)).tolist(), strict=True)),
        },
        "baselines": [_baseline(baseline, targets, result.intervals) for baseline in result.baselines],
        "notes": list(result.notes),
        "backends": [_backend(result, backend) for backend in result.backends],
        "failures": dict(result.failures),
        "agreement": finite(asdict(result.agreement)) if result.agreement else None,
        "verdicts": _verdicts(result),
        "offered": [
            {"target": target, "kind": offer.kind, "name": offer.name, "sentence": offer.sentence}
            for target, offer in zip(targets, result.offers, strict=bool(result.offers))
        ],
        "forecast": rows_of(future_columns(result)),
    }


def _baseline(
    baseline: EvaluatedBaseline, targets: tuple[str, ...], intervals: ResultIntervals
) -> dict[str, Any]:
    return {
        "kind": baseline.kind,
        **_evaluation(baseline, targets, intervals),
        "forecast": dict(zip(targets, baseline.future.T.tolist(), strict=True)),
    }


def _backend(result: ExperimentResult, backend: BackendResult) -> dict[str, Any]:
    targets = result.experiment.table.targets
    return {
        "backend": backend.backend,
        **_evaluation(backend.evaluation, targets, result.intervals),
        "residuals": {
            target: _residuals(result, backend.evaluation, index) for index, target in enumerate(targets)
        },
        "epochs": backend.epochs,
        "best_epoch": backend.best_epoch + 1,
        "seconds": backend.seconds,
    }


def _residuals(result: ExperimentResult, evaluation: Evaluation, target: int) -> dict[str, Any]:
    found = find_residuals(result, evaluation, target, step=1)
    numbers = finite({"mean": found.mean, "p_value": found.p_value})
    return {**numbers, "lags": found.tested, "sentence": in_words(found, result.experiment.season)}


def _evaluation(
    evaluation: Evaluation, targets: tuple[str, ...], intervals: ResultIntervals
) -> dict[str, Any]:
    by_step = zip(*evaluation.scores_by_step, strict=True)
    return {
        "name": evaluation.name,
        "scores": {
            target: scores_as_json(scores) for target, scores in zip(targets, evaluation.scores, strict=True)
        },
        "scores_by_step": {
            target: [scores_as_json(scores) for scores in steps]
            for target, steps in zip(targets, by_step, strict=True)
        },
        "validation_mae": None
        if evaluation.validation is None
        else finite(dict(zip(targets, evaluation.validation.mae, strict=True))),
        "intervals": {
            target: intervals_as_json(intervals.of(evaluation.name, index))
            for index, target in enumerate(targets)
        },
    }


def _verdicts(result: ExperimentResult) -> list[dict[str, Any]]:
    if not result.backends:
        return []
    targets = result.experiment.table.targets
    return [
        {
            "target": target,
            "sentence": sentence,
            "model": comparison.model,
            "baseline": comparison.baseline,
            "outcome": comparison.outcome,
            "gain": comparison.gain if math.isfinite(comparison.gain) else None,
            "interval": list(comparison.interval) if comparison.interval else None,
            "p_value": comparison.p_value if math.isfinite(comparison.p_value) else None,
            "windows": comparison.windows,
            "values": comparison.values,
            "trivial": None if trivial is None else trivial.kind,
        }
        for target, sentence, comparison, trivial in zip(
            targets, result.verdicts, result.comparisons, result.trivial, strict=True
        )
    ]


def future_columns(result: ExperimentResult) -> dict[str, Column]:
    """The future as columns of equal length, times and targets first."""
    config = result.experiment.config
    forecasts = {backend.backend: backend.future_quantiles for backend in result.backends}
    ends = [result.intervals.of(offer.name, target).future for target, offer in enumerate(result.offers)]
    return columns_of(result.experiment.table, result.offers, forecasts, config, ends)
