"""Handing a result on: its forecast as a table or a picture, all of it as JSON."""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lstm_forecasting.evaluation.metrics import Scores
from lstm_forecasting.evaluation.residuals import find_residuals, in_words
from lstm_forecasting.evaluation.verdict import compare_targets
from lstm_forecasting.experiment.lines import first_row, fitting_reach
from lstm_forecasting.experiment.results import BackendResult, Evaluation, ExperimentResult
from lstm_forecasting.figures.looks import looks
from lstm_forecasting.saving.future_table import Column, columns_of, rows_of, write_columns
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file

if TYPE_CHECKING:
    from lstm_forecasting.runs.predicting import Prediction

TABLES = (".csv", ".parquet", ".json")
FIGURES = (".svg", ".png")
SUFFIXES = (*TABLES, *FIGURES)
_FIGURE_COLUMNS = 200
"""Rows of a series that a printed picture can tell apart."""


def check_forecast_path(path: Path) -> None:
    """Makes sure, before work begins, that a forecast can be saved there.

    Raises:
        InputError: the suffix is none of `SUFFIXES`, what draws pictures is not installed, or the folder is
            missing or cannot be written to.
    """
    check_destination(path, SUFFIXES, "A forecast")
    check_drawing(path)


def check_drawing(path: Path) -> None:
    """Makes sure that a picture can be drawn, where the path is that of one.

    Raises:
        InputError: what draws pictures is not installed.
    """
    if path.suffix.lower() in FIGURES and importlib.util.find_spec("matplotlib") is None:
        raise InputError(
            f"{path.suffix} is drawn by matplotlib, which is not installed; "
            "install it with: pip install 'lstm-tui[figures]'"
        )


def check_destination(path: Path, suffixes: Sequence[str], what: str) -> None:
    """Makes sure, before work begins, that something can be saved there.

    Args:
        path: where to.
        suffixes: those it may have.
        what: is saved, as the beginning of a sentence.

    Raises:
        InputError: the suffix is none of them, or the folder is missing or cannot be written to.
    """
    if path.suffix.lower() not in suffixes:
        *others, last = suffixes
        allowed = f"{', '.join(others)} or {last}" if others else last
        choose = "choose one of them" if others else f"let it end in {last}"
        raise InputError(
            f"{what} is saved as {allowed}, but {str(path)!r} ends in "
            f"{path.suffix or 'no suffix'!r}; {choose}."
        )
    folder = path.parent
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a folder; name a file in it.")
    if not folder.is_dir():
        raise InputError(f"There is no folder {str(folder)!r} to save {path.name!r} in; make it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"The folder {str(folder)!r} cannot be written to; choose another one.")


def save_forecast(
    result: ExperimentResult,
    path: Path,
    *,
    targets: Sequence[int] | None = None,
    first: float | None = None,
    known: Sequence[str] = (),
) -> None:
    """Writes the future as a table, or draws it with the test part and the end of the series.

    A table has one row for each time and target, one column for each backend. With several quantiles a
    backend has a column for each, such as "torch 0.1", beside the one of its point forecast. Times are ISO
    8601 in CSV and JSON; rows without times have their number instead. The file appears whole or not at all.

    Args:
        result: of at least one backend.
        path: where to; its suffix says in which of the formats `SUFFIXES`.
        targets: indices of those that a picture shows; None shows all.
        first: the row where a picture begins; None begins with the test part, or with the end of a long one.
        known: all backends that are known, so that further ones look in a picture as they do elsewhere.

    Raises:
        InputError: it cannot be written there, or what draws pictures is not installed.
    """
    check_forecast_path(path)
    suffix = path.suffix.lower()
    drawn = suffix in FIGURES
    if drawn:
        content = _figure(result, suffix, targets, first, known)
    else:
        content = write_columns(future_columns(result), suffix)
    write_file(path, content)


def save_prediction(prediction: Prediction, path: Path) -> None:
    """Writes what a trained model forecasts as a table, as `save_forecast` does.

    Raises:
        InputError: the suffix is none of `TABLES`, or it cannot be written there.
    """
    check_destination(path, TABLES, "A prediction")
    write_file(path, write_columns(prediction_columns(prediction), path.suffix.lower()))


def prediction_columns(prediction: Prediction) -> dict[str, Column]:
    """What a trained model forecasts, as columns of equal length."""
    forecasts = {prediction.backend: prediction.future_quantiles}
    return columns_of(prediction.table, forecasts, prediction.model.model.config)


def write_file(path: Path, content: bytes) -> None:
    """Writes a file, which appears whole or not at all.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror or error}.") from None


def form_of(suffix: str) -> Literal["svg", "png"]:
    """The kind of picture that a suffix asks for."""
    return "svg" if suffix.lower() == ".svg" else "png"


def _figure(
    result: ExperimentResult,
    suffix: str,
    targets: Sequence[int] | None,
    first: float | None,
    known: Sequence[str],
) -> bytes:
    from lstm_forecasting.figures.forecast import forecast_figure

    backends = known or [backend.backend for backend in result.backends]
    every = range(len(result.experiment.table.targets))
    if first is None:
        first = first_row(result, fitting_reach(result, _FIGURE_COLUMNS), _FIGURE_COLUMNS)
    form = form_of(suffix)
    return forecast_figure(result, looks(backends), every if targets is None else targets, first, form)


def result_as_json(result: ExperimentResult) -> dict[str, Any]:
    """All of a result but its test forecasts, as JSON-ready values: finite numbers, null where undefined.

    Its members: `data` (name, source, rows, frequency, first_time, last_time, columns, targets, fingerprint),
    `split` (first row and the row after the last, by part), `settings`, `season`, `decisions`, `test`
    (windows, first_time, last_time), `baselines` and `backends` (name, scores by target, scores_by_step by
    target; a backend also its short name, epochs, best_epoch from 1, seconds, and by target the residuals of
    the first step: mean, p_value of the Ljung-Box test over so many lags, sentence), `failures` by backend,
    `agreement`, `verdicts` by target, `forecast` (time, target and the backends' values; with several
    quantiles their values too).
    """
    experiment = result.experiment
    table = experiment.table
    targets = table.targets
    split = experiment.split
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
        },
        "split": {name: [rows.start, rows.stop] for name, rows in parts.items()},
        "settings": experiment.config.to_dict(),
        "season": experiment.season,
        "decisions": list(experiment.decisions),
        "test": {
            "windows": len(result.first_rows),
            "first_time": table.row_text(int(result.first_rows[0])),
            "last_time": table.row_text(int(result.first_rows[-1]) + experiment.config.horizon - 1),
        },
        "baselines": [_evaluation(baseline, targets) for baseline in result.baselines],
        "backends": [_backend(result, backend) for backend in result.backends],
        "failures": dict(result.failures),
        "agreement": _finite(asdict(result.agreement)) if result.agreement else None,
        "verdicts": _verdicts(result),
        "forecast": rows_of(future_columns(result)),
    }


def _backend(result: ExperimentResult, backend: BackendResult) -> dict[str, Any]:
    targets = result.experiment.table.targets
    return {
        "backend": backend.backend,
        **_evaluation(backend.evaluation, targets),
        "residuals": {
            target: _residuals(result, backend.evaluation, index) for index, target in enumerate(targets)
        },
        "epochs": backend.epochs,
        "best_epoch": backend.best_epoch + 1,
        "seconds": backend.seconds,
    }


def _residuals(result: ExperimentResult, evaluation: Evaluation, target: int) -> dict[str, Any]:
    found = find_residuals(result, evaluation, target, step=1)
    numbers = _finite({"mean": found.mean, "p_value": found.p_value})
    return {**numbers, "lags": found.tested, "sentence": in_words(found, result.experiment.season)}


def _evaluation(evaluation: Evaluation, targets: tuple[str, ...]) -> dict[str, Any]:
    by_step = zip(*evaluation.scores_by_step, strict=True)
    return {
        "name": evaluation.name,
        "scores": {
            target: _scores(scores) for target, scores in zip(targets, evaluation.scores, strict=True)
        },
        "scores_by_step": {
            target: [_scores(scores) for scores in steps]
            for target, steps in zip(targets, by_step, strict=True)
        },
    }


def _scores(scores: Scores) -> dict[str, float | None]:
    return _finite(asdict(scores))


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _verdicts(result: ExperimentResult) -> list[dict[str, Any]]:
    if not result.backends:
        return []
    evaluations = [backend.evaluation for backend in result.backends]
    comparisons = compare_targets(result.truth, evaluations, result.baselines)
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
        }
        for target, sentence, comparison in zip(targets, result.verdicts, comparisons, strict=True)
    ]


def future_columns(result: ExperimentResult) -> dict[str, Column]:
    """The future as columns of equal length, times and targets first."""
    config = result.experiment.config
    forecasts = {backend.backend: backend.future_quantiles for backend in result.backends}
    return columns_of(result.experiment.table, forecasts, config)
