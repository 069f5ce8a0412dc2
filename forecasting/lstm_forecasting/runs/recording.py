"""An experiment that is kept in a run while it goes on, begun or resumed."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lstm_forecasting.checkpoints.checkpoint import read_training
from lstm_forecasting.checkpoints.recorder import SECONDS_BETWEEN_SAVES, TrainingFolder
from lstm_forecasting.evaluation.scoring import find_test_part
from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFinished,
    BackendProgress,
    BackendTrained,
    BackendUnsaved,
    ExperimentEvent,
    ExperimentFinished,
    RunOpened,
)
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.records import plain
from lstm_forecasting.runs.description import model_of, read_experiment, write_experiment
from lstm_forecasting.runs.events import event_line
from lstm_forecasting.runs.folder import RunFolder, make_folder, remove_folder
from lstm_forecasting.runs.locking import locked
from lstm_forecasting.runs.results import read_result, write_result
from lstm_plugins.errors import InputError

SECONDS_BETWEEN_LOOKS = 0.25
"""For the wish of another program that the training end."""

SECONDS_BETWEEN_PROGRESS = 0.5
"""Written down for those who watch from elsewhere."""


def create_run(experiment: Experiment, parent: Path, name: str | None = None) -> RunFolder:
    """Makes the folder of a new run, with nothing trained yet.

    Args:
        experiment: what the run computes.
        parent: where runs are kept; made if it is not there.
        name: of the run; None makes one of the series' name and the time.

    Raises:
        InputError: the name is taken or cannot be one, or the folder cannot be written to.
    """
    run = make_folder(parent, name, experiment.table.name)
    try:
        write_experiment(run, experiment)
    except OSError as error:
        remove_folder(run)
        raise InputError(
            f"A run cannot be kept in {parent} ({error.strerror or error}); name another folder for runs."
        ) from None
    return run


class RecordedExperiment:
    """Begins a run, or goes on with it from its checkpoints; used like `RunningExperiment`.

    Backends that are done are not run again; those that were stopped, failed or never began are. A resumed
    training tells its earlier epochs first, so that the events are those of the whole run.
    """

    def __init__(
        self,
        run: RunFolder,
        processes: BackendProcesses | None = None,
        *,
        low_priority: bool = False,
        seconds_between_saves: float = SECONDS_BETWEEN_SAVES,
    ) -> None:
        """Prepares it.

        Args:
            run: whose experiment is to be done.
            processes: as in `RunningExperiment`, like low_priority.
            low_priority: lets a screen go before the backends.
            seconds_between_saves: at least, but for the last one; what is killed costs so much at most.
        """
        self.run = run
        self._processes = processes
        self._low_priority = low_priority
        self._seconds_between_saves = seconds_between_saves
        self._leaving = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Takes the run and starts its backends.

        Raises:
            InputError: another program works on it, or a file of it is damaged.
        """
        with contextlib.ExitStack() as entering:
            entering.enter_context(locked(self.run))
            self._experiment = read_experiment(self.run)
            self._known = _known_results(self.run, self._experiment)
            try:
                training_folders = _training_folders(self.run, self._experiment, self._seconds_between_saves)
                for path in self.run.path.rglob(".*.safetensors.*"):
                    path.unlink()  # what a program that was killed had not finished writing
                self.run.stop.unlink(missing_ok=True)
                self.run.progress.unlink(missing_ok=True)
                self._log = _EventLog(self.run)
            except OSError as error:
                raise InputError(
                    f"Run {self.run.name} cannot be written to ({error.strerror or error}: {self.run.path}); "
                    "make room there, or copy the folder to where there is."
                ) from None
            entering.callback(self._log.close)
            self._running = entering.enter_context(
                RunningExperiment(
                    self._experiment,
                    self._processes,
                    low_priority=self._low_priority,
                    training_folders=training_folders,
                    known=self._known,
                )
            )
            left = threading.Event()
            looking = threading.Thread(target=self._look_for_stop, args=(left,), daemon=True)
            looking.start()
            entering.callback(looking.join)
            entering.callback(left.set)
            self._leaving = entering.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends what still runs, which saves it first, and lets the run go."""
        self._leaving.close()

    def __iter__(self) -> Iterator[ExperimentEvent]:
        yield RunOpened(self.run.name, str(self.run.path))
        for event in self._events():
            problem = self._log.add(event)
            yield event
            if problem and not isinstance(event, BackendUnsaved):
                yield BackendUnsaved(self._experiment.backends[0], problem)

    def stop(self, backend: str | None = None) -> None:
        """Ends the training of one backend or of all; what they learnt so far is evaluated."""
        self._running.stop(backend)

    def _events(self) -> Iterator[BackendEvent | ExperimentFinished]:
        for backend, result in self._known.items():
            yield from _past_events(self.run, backend, result)
        for event in self._running:
            if isinstance(event, BackendFinished):
                try:
                    write_result(self.run, event.result)
                except OSError as error:
                    yield BackendUnsaved(
                        event.backend,
                        f"its forecasts cannot be written to {self.run.path} ({error.strerror or error}); "
                        "resume the run to make them again",
                    )
            if not isinstance(event, RunOpened):
                yield event

    def _look_for_stop(self, left: threading.Event) -> None:
        while not left.wait(SECONDS_BETWEEN_LOOKS):
            if self.run.stop.exists():
                self._running.stop()
                return


def _known_results(run: RunFolder, experiment: Experiment) -> dict[str, BackendResult]:
    part = find_test_part(experiment)
    found = {backend: read_result(run, backend, experiment, part) for backend in experiment.backends}
    return {
        backend: result
        for backend, result in found.items()
        if result is not None and result.reason != "stopped"
    }


def _training_folders(run: RunFolder, experiment: Experiment, seconds: float) -> dict[str, TrainingFolder]:
    model = model_of(experiment)
    training_folders = {}
    for backend in experiment.backends:
        run.backend(backend).mkdir(exist_ok=True)
        training_folders[backend] = TrainingFolder(str(run.backend(backend)), model, seconds)
    return training_folders


def _past_events(run: RunFolder, backend: str, result: BackendResult) -> Iterator[BackendEvent]:
    """The epochs and the end of a backend that an earlier program trained."""
    path = run.training(backend)
    if path.exists():
        _, _, history = read_training(path)
        for epoch in history:
            yield BackendEpoch(backend, epoch)
    yield BackendTrained(backend, result.reason, result.epochs, result.best_epoch, result.seconds)
    yield BackendFinished(backend, result)


class _EventLog:
    """Writes events down; when that fails once, it says so once and leaves it."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._progress: dict[str, object] = {}
        self._told = 0.0
        self._file: IO[bytes] | None = None
        # A new file, by which those who watch an earlier program's see that it is over.
        run.events.unlink(missing_ok=True)
        self._file = run.events.open("xb", buffering=0)

    def add(self, event: BackendEvent | ExperimentFinished) -> str:
        """Writes an event, of progress the latest now and then; gives a sentence when it cannot."""
        if self._file is None:
            return ""
        try:
            if isinstance(event, BackendProgress):
                self._progress[event.backend] = plain(event)
                self._tell_progress()
            else:
                self._file.write(event_line(event))
        except OSError as error:
            self.close()
            return f"the run's events cannot be written ({error.strerror or error}), so nobody can watch it"
        return ""

    def close(self) -> None:
        """Ends writing."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _tell_progress(self) -> None:
        now = time.monotonic()
        if now < self._told + SECONDS_BETWEEN_PROGRESS:
            return
        self._told = now
        unfinished = self._run.progress.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(self._progress, allow_nan=False), encoding="utf-8")
        unfinished.replace(self._run.progress)
