"""Runs an experiment, new or resumed, and saves it in a run."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from lstm_forecasting.checkpoints.checkpoint import read_training
from lstm_forecasting.checkpoints.recorder import SECONDS_BETWEEN_SAVES, TrainingFolder
from lstm_forecasting.evaluation.scoring import TestPart, find_test_part
from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.events import BackendUnsaved, ExperimentEvent, ExperimentFinished, RunOpened
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, Baselines, ExperimentResult
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.records import to_json
from lstm_forecasting.runs.baselines import read_baselines, write_baselines
from lstm_forecasting.runs.description import model_of, read_experiment, write_experiment
from lstm_forecasting.runs.events import event_line
from lstm_forecasting.runs.folder import RunFolder, find_run, make_folder, remove_folder, runs_folder
from lstm_forecasting.runs.locking import locked
from lstm_forecasting.runs.results import read_result, write_result
from lstm_plugins.errors import InputError

SECONDS_BETWEEN_LOOKS = 0.25
"""Between checks whether another program has asked this one to stop."""

SECONDS_BETWEEN_PROGRESS = 0.5
"""Between writes of the progress, for programs that watch."""


def create_run(experiment: Experiment, parent: Path, name: str | None = None) -> RunFolder:
    """Creates a new run, and `parent` if it does not exist.

    Without a name, the run is named after the series and the time.

    Raises:
        InputError: the name is taken or not allowed, or the folder cannot be written to.
    """
    run = make_folder(parent, name, experiment.table.name)
    try:
        write_experiment(run, experiment)
    except OSError as error:
        remove_folder(run)
        raise InputError(
            f"A run cannot be saved in {parent} ({error.strerror or error}); name another folder for runs."
        ) from None
    return run


def fit(experiment: Experiment, name: str | None = None, parent: Path | None = None) -> RunFolder:
    """Runs an experiment to its end and saves it in a run; `read_run` reads the result.

    Without a name, the run is named after the series and the time; without a parent, it is in the default
    folder.

    Raises:
        InputError: the name is taken or not allowed, or the folder cannot be written to.
    """
    run = create_run(experiment, parent or runs_folder(), name)
    resume(run)
    return run


def resume(run: RunFolder | str | Path, parent: Path | None = None) -> ExperimentResult:
    """Continues a run, given by its name or folder; the result is the same as without the interruption.

    Raises:
        InputError: there is no such run, another program trains it, or one of its files is damaged.
    """
    folder = run if isinstance(run, RunFolder) else find_run(run, parent or runs_folder())
    with RecordedExperiment(folder) as running:
        results = [event.result for event in running if isinstance(event, ExperimentFinished)]
    return results[-1]


class RecordedExperiment:
    """Starts a run, or resumes it from its checkpoints; used like `RunningExperiment`.

    Finished backends do not run again; those that were stopped, failed or never started do. The events of a
    resumed training start with its earlier epochs.
    """

    def __init__(
        self,
        run: RunFolder,
        processes: BackendProcesses | None = None,
        *,
        low_priority: bool = False,
        seconds_between_saves: float = SECONDS_BETWEEN_SAVES,
    ) -> None:
        """Prepares it; `processes` and `low_priority` are those of `RunningExperiment`.

        If the program is killed, it loses at most `seconds_between_saves` of training.
        """
        self.run = run
        self._processes = processes
        self._low_priority = low_priority
        self._seconds_between_saves = seconds_between_saves
        self._leaving = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Locks the run and starts its backends.

        Raises:
            InputError: another program trains it, or one of its files is damaged.
        """
        with contextlib.ExitStack() as entering:
            entering.enter_context(locked(self.run))
            self._experiment = read_experiment(self.run)
            part = find_test_part(self._experiment)
            self._known = _known_results(self.run, self._experiment, part)
            baselines = read_baselines(self.run, self._experiment, part)
            try:
                training_folders = _training_folders(self.run, self._experiment, self._seconds_between_saves)
                for path in self.run.path.rglob(".*.safetensors.*"):
                    path.unlink()  # left unfinished by a program that was killed
                self.run.stop.unlink(missing_ok=True)
                self.run.progress.unlink(missing_ok=True)
                self._log = _EventLog(self.run)
            except OSError as error:
                raise InputError(
                    f"Run {self.run.name} cannot be written to ({error.strerror or error}: {self.run.path}); "
                    "free some space, or copy the folder elsewhere."
                ) from None
            entering.callback(self._log.close)
            self._running = entering.enter_context(
                RunningExperiment(
                    self._experiment,
                    self._processes,
                    low_priority=self._low_priority,
                    training_folders=training_folders,
                    known=self._known,
                    baselines=baselines,
                )
            )
            left = threading.Event()
            looking = threading.Thread(target=self._look_for_stop, args=(left,), daemon=True)
            looking.start()
            entering.callback(looking.join)
            entering.callback(left.set)
            self._leaving = entering.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Saves and ends running backends, and unlocks the run."""
        self._leaving.close()

    def __iter__(self) -> Iterator[ExperimentEvent]:
        yield RunOpened(self.run.name, str(self.run.path))
        for event in self._events():
            problem = self._log.add(event)
            yield event
            if problem and not isinstance(event, BackendUnsaved):
                yield BackendUnsaved(self._experiment.backends[0], problem)

    def stop(self, backend: str | None = None) -> None:
        """Stops one backend or all, and evaluates their best epochs so far."""
        self._running.stop(backend)

    def _events(self) -> Iterator[events.BackendEvent | ExperimentFinished]:
        for backend, result in self._known.items():
            yield from _past_events(self.run, backend, result)
        for event in self._running:
            if isinstance(event, events.BackendFinished):
                try:
                    write_result(self.run, event.result)
                except OSError as error:
                    yield BackendUnsaved(
                        event.backend,
                        f"its forecasts cannot be written to {self.run.path} ({error.strerror or error}); "
                        "resume the run to compute them again",
                    )
            if isinstance(event, ExperimentFinished) and not self.run.baselines.exists():
                yield from self._save_baselines(event)
            if not isinstance(event, RunOpened):
                yield event

    def _save_baselines(self, event: ExperimentFinished) -> Iterator[BackendUnsaved]:
        try:
            write_baselines(self.run, Baselines(event.result.baselines, event.result.notes))
        except OSError as error:
            yield BackendUnsaved(
                self._experiment.backends[0],
                f"the baselines cannot be written to {self.run.path} ({error.strerror or error}); they will "
                "be computed again",
            )

    def _look_for_stop(self, left: threading.Event) -> None:
        while not left.wait(SECONDS_BETWEEN_LOOKS):
            if self.run.stop.exists():
                self._running.stop()
                return


def _known_results(run: RunFolder, experiment: Experiment, part: TestPart) -> dict[str, BackendResult]:
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


def _past_events(run: RunFolder, backend: str, result: BackendResult) -> Iterator[events.BackendEvent]:
    """The events of a backend that an earlier program has trained: its epochs and its end."""
    for number, member in enumerate(result.members or (None,)):
        path = run.training(backend, number)
        if path.exists():
            _, _, history = read_training(path)
            for epoch in history:
                yield events.BackendEpoch(backend, epoch, number)
        one = member or result
        yield events.BackendTrained(backend, one.reason, one.epochs, one.best_epoch, one.seconds, number)
    yield events.BackendFinished(backend, result)


class _EventLog:
    """Writes events to a file, up to the first failure."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._progress: dict[str, object] = {}
        self._written = 0.0
        self._file: IO[bytes] | None = None
        # A new file tells programs that watch the previous one that it has ended.
        run.events.unlink(missing_ok=True)
        self._file = run.events.open("xb", buffering=0)

    def add(self, event: events.BackendEvent | ExperimentFinished) -> str:
        """Writes an event, progress only now and then; returns the problem if it cannot, else ""."""
        if self._file is None:
            return ""
        try:
            if isinstance(event, events.BackendProgress):
                self._progress[event.backend] = to_json(event)
                self._write_progress()
            else:
                self._file.write(event_line(event))
        except OSError as error:
            self.close()
            return f"the run's events cannot be written ({error.strerror or error}), so it cannot be watched"
        return ""

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write_progress(self) -> None:
        now = time.monotonic()
        if now < self._written + SECONDS_BETWEEN_PROGRESS:
            return
        self._written = now
        unfinished = self._run.progress.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(self._progress, allow_nan=False), encoding="utf-8")
        unfinished.replace(self._run.progress)
