"""A backend's result in its run: arrays in the series' units, from which scores are recomputed."""

from dataclasses import dataclass

from lstm_forecasting.checkpoints.tensor_file import read_header, read_tensors, write_tensors
from lstm_forecasting.evaluation.scoring import TestPart, evaluate
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, Member
from lstm_forecasting.processes.events import EndReason
from lstm_forecasting.runs.folder import RunFolder
from lstm_plugins.errors import InputError

_FUTURE = "future_levels"
"""Name of `BackendResult.future_quantiles` in the file, since format 1."""
_VALIDATION = "validation"
"""Missing from files of earlier versions, and without validation windows."""


@dataclass(frozen=True)
class ForecastFile:
    """Header of a result's file with the arrays `test`, `future_levels` and, if any, `validation`."""

    title: str
    epochs: int
    best_epoch: int
    seconds: float
    reason: EndReason
    members: tuple[Member, ...] = ()


def write_result(run: RunFolder, result: BackendResult) -> None:
    """Writes a backend's result.

    Raises:
        OSError: it cannot be written.
    """
    header = ForecastFile(
        title=result.evaluation.name,
        epochs=result.epochs,
        best_epoch=result.best_epoch,
        seconds=result.seconds,
        reason=result.reason,
        members=result.members,
    )
    path, evaluation = run.forecasts(result.backend), result.evaluation
    path.parent.mkdir(exist_ok=True)
    arrays = {"test": evaluation.forecasts, _FUTURE: result.future_quantiles}
    if evaluation.validation is not None:
        arrays[_VALIDATION] = evaluation.validation.forecasts
    write_tensors(path, header, arrays)


def result_header(run: RunFolder, backend: str) -> ForecastFile | None:
    """Reads how a backend ended, without the arrays; None before its end.

    Raises:
        InputError: the file is damaged or foreign.
    """
    path = run.forecasts(backend)
    if not path.exists():
        return None
    header: ForecastFile = read_header(path, ForecastFile)
    return header


def read_result(run: RunFolder, backend: str, experiment: Experiment, part: TestPart) -> BackendResult | None:
    """Reads a backend's result; None before its end.

    Raises:
        InputError: the file is damaged, or belongs to another experiment.
    """
    path = run.forecasts(backend)
    if not path.exists():
        return None
    header, arrays = read_tensors(path, ForecastFile)
    config, targets = experiment.config, len(experiment.table.targets)
    shapes = {"test": part.truth.shape, _FUTURE: (experiment.steps, targets, len(config.output_quantiles))}
    if part.validation is not None and _VALIDATION in arrays:
        shapes[_VALIDATION] = part.validation.truth.shape
    if {name: array.shape for name, array in arrays.items()} != shapes:
        raise InputError(f"{path} does not contain the forecasts of its run; delete it and resume the run.")
    future = arrays[_FUTURE]
    return BackendResult(
        backend=backend,
        evaluation=evaluate(header.title, arrays["test"], part, arrays.get(_VALIDATION)),
        future=future[:, :, config.point_quantile],
        future_quantiles=future,
        epochs=header.epochs,
        best_epoch=header.best_epoch,
        seconds=header.seconds,
        reason=header.reason,
        members=header.members,
    )
