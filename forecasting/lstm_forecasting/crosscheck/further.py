"""One level of a further probe, asked during a diagnosis whose answers so far fit several deviations."""

from __future__ import annotations

import queue
import time

from lstm_conformance.checks import Observation
from lstm_conformance.levels import Level
from lstm_conformance.probes import Probe
from lstm_forecasting.crosscheck.files import ProbeFiles, read_observation
from lstm_forecasting.crosscheck.schedule import ProbeRequest
from lstm_forecasting.processes.host import BackendProcess, end_processes
from lstm_forecasting.processes.messages import AllObserved, Failed, Message, Observed
from lstm_forecasting.processes.pool import BackendProcesses


class FurtherProbes:
    """Puts levels of further probes to one backend, and waits for each answer."""

    def __init__(
        self, backend: str, pool: BackendProcesses, files: ProbeFiles, threads: int, seconds: float
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
        message = self._files.message(ProbeRequest(probe, (level,)))
        try:
            process = self._pool.run(
                self._backend, self._threads, message, lambda _, answer: said.put(answer)
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
