"""One backend's way through an experiment: what its process says, in the words of the events."""

from __future__ import annotations

import dataclasses
import threading
import time
from pathlib import Path

from lstm_forecasting.evaluation.scoring import TestPart, evaluate_backend
from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFailed,
    BackendFinished,
    BackendProgress,
    BackendReady,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
)
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult
from lstm_forecasting.experiment.speed import Speed
from lstm_forecasting.processes.arrays import map_array
from lstm_forecasting.processes.host import BackendProcess, Deliver
from lstm_forecasting.processes.messages import (
    Failed,
    ForecastFiles,
    Message,
    NothingLearnt,
    Ready,
    Run,
    Trained,
    TrainingEpoch,
    TrainingProgress,
    Unsaved,
)
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.watchdog import Watchdog
from lstm_forecasting.processes.work import Forecasts

SECONDS_TO_ABANDON = 5.0
STOPPED = "it was stopped before its first epoch was complete"


class BackendWork:
    """From start to result or failure.

    `stop` may be called from any thread or a signal handler, everything else from one thread.

    Attributes:
        backend: short name.
        process: where it runs; None when it could not be started.
        result: when it finished.
        failure: why it did not, in one sentence.
        watchdog: ends its process when it takes too long.
    """

    def __init__(self, experiment: Experiment, part: TestPart, backend: str, seconds_to_start: float) -> None:
        self.backend = backend
        self.process: BackendProcess | None = None
        self.result: BackendResult | None = None
        self.failure: str | None = None
        self.watchdog = Watchdog()
        self._experiment = experiment
        self._part = part
        self._seconds_to_start = seconds_to_start
        # A signal handler may ask for a stop in the middle of anything the main thread does here.
        self._lock = threading.RLock()
        self._began = 0.0
        self._title = backend
        self._speed = Speed(0)
        self._epochs = 0
        self._trained: Trained | None = None
        self._stopping = False

    @property
    def over(self) -> bool:
        """True when no event comes any more."""
        return self.result is not None or self.failure is not None

    def start(self, pool: BackendProcesses, run: Run, deliver: Deliver) -> None:
        """Gives the job to a process; `deliver` is called with whatever it says."""
        self._began = time.monotonic()
        self.watchdog.expect(self._seconds_to_start, "did not become ready")
        try:
            self.process = pool.run(self.backend, self._experiment.threads, run, deliver)
        except OSError as error:
            deliver(self.backend, Failed(f"its process could not be started: {error}", explained=True))

    def stop(self, seconds: float) -> None:
        """Asks for the end of the training; its process is ended when it still trains `seconds` later.

        Where nothing is learnt yet there is nothing to wait for, and `SECONDS_TO_ABANDON` are enough.
        """
        with self._lock:
            if self.process is None or self.over or self._trained is not None:
                return
            self._stopping = True
            self.process.stop()
            patience = seconds if self._epochs else min(seconds, SECONDS_TO_ABANDON)
            if time.monotonic() + patience < self.watchdog.deadline:
                self.watchdog.expect(patience, "did not stop")

    def enforce(self) -> None:
        """Ends a process that let its deadline pass."""
        if not self.over:
            self.watchdog.enforce(self.process)

    def event(self, message: Message) -> BackendEvent:
        """What the message means for the experiment."""
        match message:
            case Ready():
                return self._ready(message)
            case TrainingProgress():
                return self._progress(message)
            case TrainingEpoch():
                return self._epoch(message)
            case Unsaved():
                return BackendUnsaved(self.backend, message.reason)
            case Trained():
                with self._lock:
                    self._trained = message
                    self.watchdog.relax()
                return BackendTrained(backend=self.backend, **dataclasses.asdict(message))
            case ForecastFiles():
                return self._finished(message)
            case NothingLearnt():
                return self._stopped()
            case Failed() if self.watchdog.ending and self._stopping and not self._epochs:
                return self._stopped()
            case Failed():
                return self._failed(message.reason, explained=message.explained)
            case _:
                return self._failed(f"its process sent {type(message).__name__} out of turn")

    def _ready(self, message: Ready) -> BackendReady:
        values = dataclasses.asdict(message)
        self._title = values.pop("title")
        self._speed = Speed(self._experiment.config.epochs * message.training_windows)
        with self._lock:
            if not self._stopping:
                self.watchdog.relax()
        return BackendReady(backend=self.backend, seconds=time.monotonic() - self._began, **values)

    def _progress(self, message: TrainingProgress) -> BackendProgress:
        progress = message.progress
        self._speed.add(message.seconds, progress.windows)
        return BackendProgress(
            backend=self.backend,
            epoch=progress.epoch,
            epochs=self._experiment.config.epochs,
            batch=progress.batch,
            batches=progress.batches,
            training_loss=progress.training_loss,
            windows_per_second=self._speed.windows_per_second,
            seconds_left=self._speed.seconds_left,
            memory=message.memory,
        )

    def _epoch(self, message: TrainingEpoch) -> BackendEpoch:
        if not self._epochs:
            self._speed.begin_anew()
        self._epochs += 1
        values = dataclasses.asdict(message.epoch)
        return BackendEpoch(backend=self.backend, seconds=message.seconds, **values)

    def _finished(self, files: ForecastFiles) -> BackendFinished | BackendFailed:
        try:
            if self._trained is None:
                raise ValueError("it forecast without having trained")
            forecasts = Forecasts(
                *(map_array(Path(path)) for path in (files.starts, files.test, files.future))
            )
            self.result = evaluate_backend(
                self._experiment, self._part, self.backend, self._title, self._trained, forecasts
            )
        except (OSError, ValueError) as error:
            return self._failed(str(error))
        return BackendFinished(self.backend, self.result)

    def _stopped(self) -> BackendStopped:
        self.failure = STOPPED
        return BackendStopped(self.backend)

    def _failed(self, reason: str, *, explained: bool = False) -> BackendFailed:
        log = () if explained or self.process is None else self.process.log_lines()
        self.failure = self.watchdog.ending or reason
        return BackendFailed(self.backend, self.failure, log)
