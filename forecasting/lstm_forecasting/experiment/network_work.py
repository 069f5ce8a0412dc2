"""One network's training in a backend's process: turns its messages into events, with deadlines."""

import threading
import time
from dataclasses import replace

from lstm_forecasting.evaluation.ensemble import MemberForecasts, read_member
from lstm_forecasting.evaluation.scoring import TestPart
from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFailed,
    BackendProgress,
    BackendReady,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
)
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.processes.arrays import read_forecasts
from lstm_forecasting.processes.host import BackendProcess, Deliver
from lstm_forecasting.processes.messages import ForecastFiles, Message, Run
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.watchdog import Watchdog

SECONDS_TO_ABANDON = 5.0


class NetworkWork:
    """The work on one network, from its request to its forecasts.

    `stop` may be called from any thread or a signal handler; all other methods from one thread only.

    Attributes:
        number: of the network in the experiment, from 0.
        process: the process that trains it; None before `start`, or if it could not be started.
        forecasts: its forecasts once it has finished.
        title: the backend's name, as its process gives it.
        failure: why it did not finish; its reason is one sentence.
        stopped: whether it was stopped before its first epoch was complete.
        seconds: time from its start to its forecasts.
        watchdog: ends the process if it takes too long.
    """

    def __init__(self, experiment: Experiment, part: TestPart, backend: str, number: int) -> None:
        self.number = number
        self.process: BackendProcess | None = None
        self.forecasts: MemberForecasts | None = None
        self.title = ""
        self.failure: BackendFailed | None = None
        self.stopped = False
        self.seconds = 0.0
        self.watchdog = Watchdog()
        self._own = experiment.of_member(number)
        self._part = part
        self._backend = backend
        self._began = 0.0
        self._learned = self._stopping = False
        self._trained: BackendTrained | None = None
        # A signal handler may call `stop` while the main thread is anywhere in this class.
        self._lock = threading.RLock()

    @property
    def over(self) -> bool:
        """True once no more of its messages count."""
        return self.forecasts is not None or self.failure is not None or self.stopped

    def start(self, processes: BackendProcesses, request: Run, deliver: Deliver, seconds: float) -> None:
        """Submits the request; `deliver` gets the messages. It has to be ready within so many seconds."""
        self._began = time.monotonic()
        self.watchdog.expect(seconds, "did not become ready")
        self.process = processes.submit(self._backend, self._own.threads, request, deliver)

    def stop(self, seconds: float) -> None:
        """Asks the process to stop training, and ends it if it still trains `seconds` later.

        Before the first epoch there is nothing to save, so it waits at most `SECONDS_TO_ABANDON`.
        """
        with self._lock:
            if self.process is None or self.over or self._trained is not None:
                return
            self._stopping = True
            self.process.stop()
            patience = seconds if self._learned else min(seconds, SECONDS_TO_ABANDON)
            if time.monotonic() + patience < self.watchdog.deadline:
                self.watchdog.expect(patience, "did not stop")

    def end_after_epoch(self) -> None:
        """Asks the process to train no further epoch, without a deadline."""
        if self.process is not None and not self._stopping:
            self.process.stop()

    def event(self, message: Message) -> BackendEvent | None:
        """Updates the state; returns the event that a message becomes, None for one that ends the work."""
        match message:
            case BackendReady():
                with self._lock:
                    if not self._stopping:
                        self.watchdog.relax()
                return replace(message, seconds=time.monotonic() - self._began, member=self.number)
            case BackendEpoch():
                self._learned = True
                return replace(message, member=self.number)
            case BackendProgress():
                return replace(message, member=self.number)
            case BackendUnsaved():
                return message
            case BackendTrained():
                with self._lock:
                    self._trained = replace(message, member=self.number)
                    self.watchdog.relax()
                return self._trained
            case ForecastFiles():
                self._read(message)
            case BackendStopped():
                self.stopped = True
            case BackendFailed() if self.watchdog.ending and self._stopping and not self._learned:
                self.stopped = True
            case BackendFailed():
                self.failure = replace(message, reason=self.watchdog.ending or message.reason)
            case _:
                self._break(f"its process sent {type(message).__name__} out of turn")
        return None

    def _read(self, files: ForecastFiles) -> None:
        try:
            if self._trained is None:
                raise ValueError("it forecast without training first")
            found = read_member(self._own, self._part, self._trained, read_forecasts(files))
        except (OSError, ValueError) as error:
            self._break(str(error))
            return
        self.seconds, self.title = time.monotonic() - self._began, files.title
        self.forecasts = found

    def _break(self, reason: str) -> None:
        log = () if self.process is None else self.process.log_lines()
        self.failure = BackendFailed(self._backend, reason, log)
