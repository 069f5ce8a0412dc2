"""Saves a training while it runs, so that any end of it costs at most a few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lstm_forecasting.checkpoints.checkpoint import (
    Maker,
    Model,
    WeightsCheckpoint,
    read_training,
    write_training,
    write_weights,
)
from lstm_plugins import Epoch, Forecaster, TrainingState
from lstm_plugins.weights import Weights

SECONDS_BETWEEN_SAVES = 5.0
MOST_SNAPSHOTS = 20
"""In addition to the initial weights."""

TRAINING = "training.safetensors"
BEST = "best.safetensors"
SNAPSHOTS = "snapshots"


@dataclass(frozen=True)
class TrainingFolder:
    """The folder of a backend in a run, and the model of its checkpoints.

    `seconds_between_saves` is the least time between two saves, except for the last one.
    """

    folder: str
    model: Model
    seconds_between_saves: float = SECONDS_BETWEEN_SAVES

    def of_member(self, number: int, settings: dict[str, Any]) -> TrainingFolder:
        """The folder of a network of an ensemble, from 0; the first one's is the backend's own."""
        if not number:
            return self
        folder = member_folder(Path(self.folder), number)
        return replace(self, folder=str(folder), model=replace(self.model, settings=settings))

    @property
    def training(self) -> Path:
        """The file from which a fit resumes."""
        return Path(self.folder) / TRAINING


@dataclass(frozen=True)
class Past:
    """A training that an earlier program saved: its state, its epochs and its seconds."""

    state: TrainingState
    history: tuple[Epoch, ...]
    seconds: float


def read_past(training_folder: TrainingFolder | None) -> Past | None:
    """Reads the saved training; None if there is none yet.

    Raises:
        InputError: it is damaged or foreign.
    """
    if training_folder is None or not training_folder.training.exists():
        return None
    header, state, history = read_training(training_folder.training)
    return Past(state, history, header.seconds)


class Recorder:
    """Collects the epochs of a training, and saves them every few seconds and on `save`.

    Args:
        training_folder: destination; None saves nothing.
        maker: the backend.
        past: training to resume; None for a new one.
        clock: returns seconds.
    """

    def __init__(
        self,
        training_folder: TrainingFolder | None,
        maker: Maker,
        past: Past | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._to = training_folder
        self._maker = maker
        self._clock = clock
        self._problem = ""
        self._history = list(past.history) if past else []
        self._seconds = past.seconds if past else 0.0
        self._state = past.state if past else None
        self._saved_epoch = past.state.epoch if past else -1
        self._saved_best: int | None = None
        self._saved_at = clock()
        self._snapshots: dict[int, Weights] = {}

    def begin(self, forecaster: Forecaster) -> None:
        """Records the initial weights of a new training."""
        if self._to is not None and self._state is None:
            self._snapshots[0] = forecaster.weights()

    def add(self, forecaster: Forecaster, epoch: Epoch) -> str:
        """Records a complete epoch, and saves if it is time to; returns what `save` returns."""
        state = forecaster.training_state
        if self._to is None or state is None:
            return ""
        self._state, self._seconds = state, epoch.seconds
        self._history.append(epoch)
        if state.epoch % snapshot_stride(state.epoch) == 0:
            self._snapshots[state.epoch] = state.weights
        due = self._clock() >= self._saved_at + self._to.seconds_between_saves
        return self.save() if due else ""

    def save(self) -> str:
        """Writes what is not saved yet, and returns a new problem in one sentence; "" for none."""
        if self._to is None or self._state is None or self._state.epoch == self._saved_epoch:
            return ""
        self._saved_at = self._clock()
        reported, self._problem = self._problem, ""
        try:
            self._write(self._to, self._state)
        except OSError as error:
            begin = "from the beginning" if self._saved_epoch < 1 else f"after epoch {self._saved_epoch}"
            self._problem = (
                f"its checkpoint cannot be written to {self._to.folder} ({error.strerror or error}); "
                f"training continues, but a resume would begin {begin}"
            )
        else:
            self._saved_epoch = self._state.epoch
        return "" if self._problem == reported else self._problem

    def _write(self, to: TrainingFolder, state: TrainingState) -> None:
        folder = Path(to.folder)
        (folder / SNAPSHOTS).mkdir(parents=True, exist_ok=True)
        stride = snapshot_stride(state.epoch)
        losses = {epoch.epoch + 1: epoch.validation_loss for epoch in self._history}
        for epoch in [epoch for epoch in self._snapshots if epoch % stride == 0]:
            header = WeightsCheckpoint(to.model, self._maker, epoch, losses.get(epoch))
            write_weights(snapshot_path(folder, epoch), header, self._snapshots[epoch])
        self._snapshots.clear()
        for epoch, path in snapshot_files(folder).items():
            if epoch % stride or epoch > state.epoch:
                path.unlink()
        best, best_epoch = state.best_weights or state.weights, state.best_epoch
        if best_epoch is None or best_epoch != self._saved_best:
            epoch = state.epoch if best_epoch is None else best_epoch + 1
            header = WeightsCheckpoint(to.model, self._maker, epoch, state.best_loss)
            write_weights(folder / BEST, header, best)
            self._saved_best = best_epoch
        write_training(to.training, to.model, self._maker, state, self._history, self._seconds)


def member_folder(backend: Path, number: int) -> Path:
    """The folder of a network of an ensemble, from 0, in the folder of its backend."""
    return backend / f"member-{number + 1}" if number else backend


def snapshot_stride(epochs: int) -> int:
    """The number of epochs between snapshots: the smallest power of two that keeps snapshots few."""
    stride = 1
    while epochs // stride > MOST_SNAPSHOTS:
        stride *= 2
    return stride


def snapshot_path(folder: Path, epoch: int) -> Path:
    """The path of the weights after an epoch; 0 for the initial weights."""
    return folder / SNAPSHOTS / f"epoch-{epoch:06}.safetensors"


def snapshot_files(folder: Path) -> dict[int, Path]:
    """The snapshots in a backend's folder, by epoch, in ascending order."""
    found = sorted((folder / SNAPSHOTS).glob("epoch-[0-9]*.safetensors"))
    return {int(path.stem.removeprefix("epoch-")): path for path in found}
