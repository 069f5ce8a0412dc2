"""Watches a run that another program trains, or one that has ended."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from lstm_forecasting.evaluation.scoring import conclude, find_test_part
from lstm_forecasting.experiment import events
from lstm_forecasting.experiment.events import BackendFailed, BackendProgress, ExperimentEvent, RunOpened
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, ExperimentResult
from lstm_forecasting.processes.events import STOPPED
from lstm_forecasting.records import from_json
from lstm_forecasting.runs.baselines import read_baselines
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.events import read_event
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.locking import is_locked
from lstm_forecasting.runs.results import read_result
from lstm_plugins.errors import InputError

SECONDS_BETWEEN_LOOKS = 0.2


def read_run(run: RunFolder) -> ExperimentResult:
    """The result of a run so far.

    Raises:
        InputError: one of its files is missing or damaged.
    """
    experiment = read_experiment(run)
    part = find_test_part(experiment)
    found = {backend: read_result(run, backend, experiment, part) for backend in experiment.backends}
    results = [result for result in found.values() if result is not None]
    unfinished = {backend: "it has not finished" for backend, result in found.items() if result is None}
    return conclude(experiment, part, results, unfinished, read_baselines(run, experiment, part))


def ask_to_stop(run: RunFolder) -> None:
    """Asks the program that trains a run to stop and to evaluate the best epoch so far.

    Raises:
        InputError: no program trains it, or the folder cannot be written to.
    """
    if not is_locked(run):
        raise InputError(f"No program is training run {run.name}, so there is nothing to stop.")
    try:
        run.stop.touch()
    except OSError as error:
        raise InputError(f"Run {run.name} cannot be asked to stop: {error.strerror or error}.") from None


class WatchedRun:
    """The events of a run as they are written; used like `RunningExperiment`.

    Leaving it does not end the run. The last event is `ExperimentFinished` here too: if the program that
    trained the run has ended, unfinished backends are reported as failed, with the advice to resume.
    """

    def __init__(self, run: RunFolder) -> None:
        """Raises InputError if a file of the run is missing or damaged."""
        self.run = run
        self.experiment: Experiment = read_experiment(run)
        self._part = find_test_part(self.experiment)
        self._left = threading.Event()
        self._results: dict[str, BackendResult] = {}
        self._failures: dict[str, str] = {}
        self._shown: dict[str, BackendProgress] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stops watching; the run continues."""
        self.leave()

    def leave(self) -> None:
        """Stops watching; may be called from any thread."""
        self._left.set()

    def __iter__(self) -> Iterator[ExperimentEvent]:
        yield RunOpened(self.run.name, str(self.run.path))
        try:
            file = self.run.events.open("rb")
        except FileNotFoundError:
            yield from self._over()
            return
        except OSError as error:
            raise InputError(f"{self.run.events} cannot be read: {error.strerror or error}.") from None
        with file:
            yield from self._follow(file)

    def stop(self) -> None:
        """Asks the program that trains the run to stop; raises the errors of `ask_to_stop`."""
        ask_to_stop(self.run)

    def _follow(self, file: IO[bytes]) -> Iterator[ExperimentEvent]:
        rest = b""
        while True:
            # Checked before reading, so that later writes are not missed.
            alive = is_locked(self.run) and _is(file, self.run.events)
            *lines, rest = (rest + file.read()).split(b"\n")
            for line in lines:
                event = self._event(line)
                if event is None:
                    yield from self._over()
                    return
                yield event
            yield from self._progress()
            if not lines and not alive:
                yield from self._over()
                return
            if self._left.wait(SECONDS_BETWEEN_LOOKS if not lines else 0.0):
                return

    def _event(self, line: bytes) -> ExperimentEvent | None:
        try:
            event = read_event(line)
        except ValueError as error:
            raise InputError(f"{self.run.events} is damaged: {error}.") from None
        if isinstance(event, str):
            result = read_result(self.run, event, self.experiment, self._part)
            if result is None:
                return BackendFailed(event, "its forecasts could not be saved", ())
            self._results[event] = result
            return events.BackendFinished(event, result)
        if isinstance(event, BackendFailed):
            self._failures[event.backend] = event.reason
        if isinstance(event, events.BackendStopped):
            self._failures[event.backend] = STOPPED
        return event

    def _progress(self) -> Iterator[BackendProgress]:
        try:
            content = json.loads(self.run.progress.read_bytes())
            found = [from_json(BackendProgress, fields) for fields in content.values()]
        except FileNotFoundError:
            return
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f"{self.run.progress} is damaged: {error}.") from None
        for event in found:
            over = event.backend in self._results or event.backend in self._failures
            if not over and self._shown.get(event.backend) != event:
                self._shown[event.backend] = event
                yield event

    def _over(self) -> Iterator[ExperimentEvent]:
        for backend in self.experiment.backends:
            if backend in self._results or backend in self._failures:
                continue
            self._failures[backend] = "its program ended before it finished; resume the run to continue"
            yield BackendFailed(backend, self._failures[backend], ())
        results = [self._results[name] for name in self.experiment.backends if name in self._results]
        baselines = read_baselines(self.run, self.experiment, self._part)
        yield events.ExperimentFinished(
            conclude(self.experiment, self._part, results, self._failures, baselines)
        )


def _is(file: IO[bytes], path: Path) -> bool:
    """Whether a path still refers to an open file."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
