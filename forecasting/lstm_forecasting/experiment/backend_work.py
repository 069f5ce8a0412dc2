"""One backend's part of an experiment: turns its process's messages into events, with deadlines.

Networks of an ensemble are trained one after the other in the same process.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from lstm_forecasting.evaluation.ensemble import MemberForecasts, evaluate_backend, read_member
from lstm_forecasting.evaluation.scoring import TestPart
from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFailed,
    BackendFinished,
    BackendMemberFinished,
    BackendProgress,
    BackendReady,
    BackendStopped,
    BackendTrained,
    BackendUnsaved,
)
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult
from lstm_forecasting.processes.arrays import read_forecasts
from lstm_forecasting.processes.events import STOPPED
from lstm_forecasting.processes.host import BackendProcess, Deliver
from lstm_forecasting.processes.messages import ForecastFiles, Message, Run
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.watchdog import Watchdog

SECONDS_TO_ABANDON = 5.0


class BackendWork:
    """A backend's work from its start to its result or failure.

    `stop` may be called from any thread or a signal handler; all other methods from one thread only.

    Attributes:
        backend: short name.
        process: its process; None if it could not be started.
        result: its result once it has finished.
        failure: why it did not finish, in one sentence.
        watchdog: ends the process if it takes too long.
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
        # A signal handler may call `stop` while the main thread is anywhere in this class.
        self._lock = threading.RLock()
        self._began = self._submitted = 0.0
        self._longest = 0.0
        self._learned = False
        self._trained: BackendTrained | None = None
        self._stopping = False
        self._processes: BackendProcesses | None = None
        self._runs: Sequence[Run] = ()
        self._deliver: Deliver | None = None
        self._forecast: list[MemberForecasts] = []
        self._title = ""

    @property
    def _member(self) -> int:
        """Number of the network that is trained now, from 0."""
        return len(self._forecast)

    @property
    def over(self) -> bool:
        """True once there are no more events."""
        return self.result is not None or self.failure is not None

    def start(self, processes: BackendProcesses, runs: Sequence[Run], deliver: Deliver) -> None:
        """Submits the requests, one for each network, one after the other; `deliver` gets the messages."""
        self._began = time.monotonic()
        self._processes, self._runs, self._deliver = processes, runs, deliver
        self._submit()

    def _submit(self) -> None:
        assert self._processes is not None and self._deliver is not None  # noqa: S101, PT018
        self._trained, self._submitted = None, time.monotonic()
        self.watchdog.expect(self._seconds_to_start, "did not become ready")
        self.process = self._processes.submit(
            self.backend, self._experiment.threads, self._runs[self._member], self._deliver
        )

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

    def enforce(self) -> None:
        """Ends the process if it has missed its deadline."""
        if not self.over:
            self.watchdog.enforce(self.process)

    def event(self, message: Message) -> BackendEvent:
        """Updates the state and returns the event that a message becomes."""
        match message:
            case BackendReady():
                with self._lock:
                    if not self._stopping:
                        self.watchdog.relax()
                return replace(message, seconds=time.monotonic() - self._began, member=self._member)
            case BackendEpoch():
                self._learned = True
                if self._spent() and not self._stopping and self.process is not None:
                    self.process.stop()
                return replace(message, member=self._member)
            case BackendProgress():
                return replace(message, member=self._member)
            case BackendUnsaved():
                return message
            case BackendTrained():
                with self._lock:
                    self._trained = replace(message, member=self._member)
                    self.watchdog.relax()
                return self._trained
            case ForecastFiles():
                return self._member_done(message)
            case BackendStopped():
                return self._stopped()
            case BackendFailed() if self.watchdog.ending and self._stopping and not self._learned:
                return self._stopped()
            case BackendFailed():
                return self._failed(message)
            case _:
                return self._broken(f"its process sent {type(message).__name__} out of turn")

    def _spent(self, more: float = 0.0) -> bool:
        """Whether the budget is spent, or would be after so many more seconds."""
        budget = self._experiment.budget
        return budget is not None and time.monotonic() - self._began + more > budget

    def _member_done(self, files: ForecastFiles) -> BackendEvent:
        """Goes on with the next network, or evaluates them all."""
        try:
            if self._trained is None:
                raise ValueError("it forecast without training first")
            own = self._experiment.of_member(self._member)
            self._forecast.append(read_member(own, self._part, self._trained, read_forecasts(files)))
        except (OSError, ValueError) as error:
            return self._broken(str(error))
        trained, self._title = self._trained, files.title
        self._longest = max(self._longest, time.monotonic() - self._submitted)
        with self._lock:
            more = not self._stopping and self._member < len(self._runs) and not self._spent(self._longest)
            if more:
                self._learned = False
                self._submit()
        if more:
            return BackendMemberFinished(self.backend, trained.member, len(self._runs))
        return self._finished()

    def _finished(self) -> BackendFinished | BackendFailed:
        try:
            self.result = evaluate_backend(
                self._experiment, self._part, self.backend, self._title, self._forecast
            )
        except ValueError as error:
            return self._broken(str(error))
        return BackendFinished(self.backend, self.result)

    def _stopped(self) -> BackendEvent:
        if self._forecast:
            return self._finished()
        self.failure = STOPPED
        return BackendStopped(self.backend)

    def _broken(self, reason: str) -> BackendFailed:
        log = () if self.process is None else self.process.log_lines()
        return self._failed(BackendFailed(self.backend, reason, log))

    def _failed(self, failed: BackendFailed) -> BackendFailed:
        self.failure = self.watchdog.ending or failed.reason
        return replace(failed, reason=self.failure)
