"""The baselines of a run, evaluated once: their forecasts, from which scores are recomputed."""

from dataclasses import dataclass

from lstm_forecasting.checkpoints.tensor_file import Arrays, group_of, prefixed, read_tensors, write_tensors
from lstm_forecasting.evaluation.baselines.kinds import Kind
from lstm_forecasting.evaluation.scoring import TestPart, evaluated_baseline
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import Baselines
from lstm_forecasting.runs.folder import RunFolder
from lstm_plugins.errors import InputError


@dataclass(frozen=True)
class BaselineFile:
    """Header of the file; the arrays of baseline 0 are `0/test`, `0/future` and, if any, `0/validation`."""

    kinds: tuple[Kind, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def write_baselines(run: RunFolder, baselines: Baselines) -> None:
    """Writes the forecasts of a run's baselines.

    Raises:
        OSError: they cannot be written.
    """
    arrays: Arrays = {}
    for number, one in enumerate(baselines.evaluated):
        own = {"test": one.forecasts, "future": one.future}
        if one.validation is not None:
            own["validation"] = one.validation.forecasts
        arrays |= prefixed(str(number), own)
    header = BaselineFile(
        tuple(one.kind for one in baselines.evaluated),
        tuple(one.name for one in baselines.evaluated),
        baselines.notes,
    )
    write_tensors(run.baselines, header, arrays)


def read_baselines(run: RunFolder, experiment: Experiment, part: TestPart) -> Baselines | None:
    """Reads a run's baselines; None before the end of the run, and for runs of earlier versions.

    Raises:
        InputError: the file is damaged, or belongs to another experiment.
    """
    if not run.baselines.exists():
        return None
    header, arrays = read_tensors(run.baselines, BaselineFile)
    found = []
    for number, (kind, name) in enumerate(zip(header.kinds, header.names, strict=True)):
        own = group_of(arrays, str(number))
        validation = own.get("validation")
        shapes: dict[str, tuple[int, ...]] = {
            "test": part.truth.shape,
            "future": (experiment.steps, len(experiment.table.targets)),
        }
        if part.validation is not None and validation is not None:
            shapes["validation"] = part.validation.truth.shape
        if {name: array.shape for name, array in own.items()} != shapes:
            raise InputError(
                f"{run.baselines} does not contain the baselines of its run; delete it to compute them again."
            )
        found.append(evaluated_baseline(kind, name, own["test"], own["future"], part, validation))
    return Baselines(tuple(found), header.notes)
