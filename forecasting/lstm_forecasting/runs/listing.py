"""How runs are doing, told from their folders without reading their arrays."""

from __future__ import annotations

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
    """How far one backend of a run is.

    Attributes:
        backend: short name.
        epochs: complete ones that are on disk.
        reason: why training ended; "" where it has not.
        best_loss: validation loss of the best epoch; None before the first or without validation.
        seconds: of training.
    """

    backend: str
    epochs: int
    reason: str
    best_loss: float | None
    seconds: float


@dataclass(frozen=True)
class RunStanding:
    """How a run is doing.

    Attributes:
        run: its folder.
        state: "new" when nothing was kept yet, "interrupted" when a resume would go on.
        description: what it computes; None where it is damaged.
        backends: in the order they are shown.
        problem: what is damaged, one sentence.
        size: bytes of all its files.
    """

    run: RunFolder
    state: RunState
    description: RunDescription | None
    backends: tuple[BackendStanding, ...]
    problem: str
    size: int

    @property
    def created(self) -> datetime | None:
        """When it was begun."""
        return datetime.fromisoformat(self.description.created) if self.description else None


def list_runs(parent: Path) -> list[RunStanding]:
    """All runs of a folder, the one made last first.

    Raises:
        InputError: the folder cannot be read.
    """
    return [look_at(run) for run in list_folders(parent)]


def look_at(run: RunFolder) -> RunStanding:
    """How a run is doing; what is damaged is said and not raised."""
    size = _size(run)
    try:
        description = read_description(run)
        backends = tuple(_standing(run, backend) for backend in description.backends)
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
    """Removes a run for good.

    Raises:
        InputError: a program works on it, or it cannot be removed.
    """
    with locked(run):
        remove_folder(run)


def _size(run: RunFolder) -> int:
    size = 0
    for path in run.path.rglob("*"):
        # A program that works on the run replaces files at any moment.
        with contextlib.suppress(FileNotFoundError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def _standing(run: RunFolder, backend: str) -> BackendStanding:
    result = result_header(run, backend)
    path = run.training(backend)
    if not path.exists():
        epochs = result.epochs if result else 0
        return BackendStanding(backend, epochs, result.reason if result else "", None, 0.0)
    header = training_header(path)
    return BackendStanding(
        backend, header.epoch, result.reason if result else "", header.best_loss, header.seconds
    )
