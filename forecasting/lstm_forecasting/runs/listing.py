"""The state of runs, read from their folders without the arrays."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from lstm_forecasting.checkpoints.checkpoint import training_header
from lstm_forecasting.runs.description import RunDescription, read_description
from lstm_forecasting.runs.folder import RunFolder, list_folders, remove_folder
from lstm_forecasting.runs.locking import is_locked, locked
from lstm_forecasting.runs.results import result_header
from lstm_plugins.errors import InputError

RunState = Literal["running", "finished", "stopped", "interrupted", "new", "damaged"]


@dataclass(frozen=True)
class BackendStanding:
    """The state of one backend of a run.

    Attributes:
        backend: short name.
        epochs: number of saved epochs, of all networks together.
        reason: why training ended; "" before its end.
        best_loss: validation loss of the best epoch; None before the first epoch or without validation.
        seconds: of training.
    """

    backend: str
    epochs: int
    reason: str
    best_loss: float | None
    seconds: float


@dataclass(frozen=True)
class RunStanding:
    """The state of a run.

    Attributes:
        run: its folder.
        state: "new" before the first save, "interrupted" if a resume would continue it.
        description: its definition; None if it is damaged.
        backends: in the order of reports.
        problem: the damage, in one sentence.
        size: bytes of all files.
    """

    run: RunFolder
    state: RunState
    description: RunDescription | None
    backends: tuple[BackendStanding, ...]
    problem: str
    size: int

    @property
    def created(self) -> datetime | None:
        """The time of its creation."""
        return datetime.fromisoformat(self.description.created) if self.description else None


def list_runs(parent: Path) -> list[RunStanding]:
    """The state of all runs of a folder, the latest first.

    Raises:
        InputError: the folder cannot be read.
    """
    return [look_at(run) for run in list_folders(parent)]


def look_at(run: RunFolder) -> RunStanding:
    """The state of a run; it reports damage instead of raising an error."""
    size = _size(run)
    try:
        description = read_description(run)
        backends = tuple(
            _standing(run, backend, len(description.ensemble)) for backend in description.backends
        )
    except InputError as error:
        return RunStanding(run, "damaged", None, (), str(error), size)
    if is_locked(run):
        state: RunState = "running"
    elif all(one.reason and one.reason != "stopped" for one in backends):
        state = "finished"
    elif all(one.reason for one in backends):
        state = "stopped"
    else:
        state = "interrupted" if any(one.epochs for one in backends) else "new"
    return RunStanding(run, state, description, backends, "", size)


def delete_run(run: RunFolder) -> None:
    """Deletes a run.

    Raises:
        InputError: a program trains it, or it cannot be deleted.
    """
    with locked(run):
        remove_folder(run)


def _size(run: RunFolder) -> int:
    size = 0
    for path in run.path.rglob("*"):
        # A program that trains the run may replace files at any moment.
        with contextlib.suppress(FileNotFoundError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def _standing(run: RunFolder, backend: str, networks: int) -> BackendStanding:
    result = result_header(run, backend)
    reason = result.reason if result else ""
    paths = [run.training(backend, member) for member in range(max(1, networks))]
    headers = [training_header(path) for path in paths if path.exists()]
    if not headers:
        return BackendStanding(backend, result.epochs if result else 0, reason, None, 0.0)
    losses = [header.best_loss for header in headers if header.best_loss is not None]
    return BackendStanding(
        backend,
        sum(header.epoch for header in headers),
        reason,
        min(losses, default=None),
        sum(header.seconds for header in headers),
    )
