"""A single further question in the midst of a diagnosis, where the answers so far fit several deviations."""

from __future__ import annotations

import queue
import time

from lstm_conformance.checks import Observation
from lstm_conformance.levels import Level
from lstm_conformance.probes import Probe
from lstm_forecasting.crosscheck.files import QuestionFiles, read_observation
from lstm_forecasting.crosscheck.schedule import Question
from lstm_forecasting.processes.host import BackendProcess, end_processes
from lstm_forecasting.processes.messages import AllObserved, Failed, Message, Observed
from lstm_forecasting.processes.pool import BackendProcesses


class FurtherQuestions:
    """Puts levels of further probes to one backend, and waits for each answer."""

    def __init__(
        self, backend: str, pool: BackendProcesses, files: QuestionFiles, threads: int, seconds: float
    ) -> None:
        """`seconds` is how long an answer may take."""
        self._backend = backend
        self._pool = pool
        self._files = files
        self._threads = threads
        self._seconds = seconds

    def ask(self, probe: Probe, level: Level) -> Observation:
        """What the backend answers; that it gave no answer is an answer too."""
        said: queue.SimpleQueue[Message] = queue.SimpleQueue()
        request = self._files.request(Question(probe, (level,)))
        try:
            process = self._pool.run(
                self._backend, self._threads, request, lambda _, message: said.put(message)
            )
        except OSError as error:
            return Observation(error=f"its process could not be started: {error}")
        return self._answer(process, said)

    def _answer(self, process: BackendProcess, said: queue.SimpleQueue[Message]) -> Observation:
        observation = Observation(error="it gave no answer")
        until = time.monotonic() + self._seconds
        while True:
            try:
                message = said.get(timeout=max(until - time.monotonic(), 0.0))
            except queue.Empty:
                end_processes([process])
                return Observation(error=f"it gave no answer for {self._seconds:g} seconds and was ended")
            if isinstance(message, Observed):
                observation = read_observation(message)
            elif isinstance(message, AllObserved):
                return observation
            elif isinstance(message, Failed):
                return Observation(error=message.reason)
