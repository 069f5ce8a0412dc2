"""One process of a backend that answers one request after another."""

from lstm_conformance.checks import Observation
from lstm_conformance.levels import Level
from lstm_conformance.probe import Probe
from lstm_forecasting.crosscheck.files import ProbeFiles, read_observation
from lstm_forecasting.crosscheck.schedule import ProbeRequest
from lstm_forecasting.processes.events import BackendFailed
from lstm_forecasting.processes.host import BackendProcess, Deliver
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import AllObserved, Message, Observe, Observed
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.watchdog import Watchdog


class Lane:
    """Sends a backend's process one request after another.

    Attributes:
        name: unique among the lanes.
        backend: short name.
        process: answers the current request; None if it could not be started.
        request: the current one; None between requests.
        answered: number of its answered levels.
        watchdog: ends the process if an answer takes too long.
    """

    def __init__(self, name: str, backend: str, pool: BackendProcesses, threads: int) -> None:
        self.name = name
        self.backend = backend
        self.process: BackendProcess | None = None
        self.request: ProbeRequest | None = None
        self.answered = 0
        self.watchdog = Watchdog()
        self._pool = pool
        self._threads = threads

    def ask(self, request: ProbeRequest, message: Observe, deliver: Deliver, seconds: float) -> None:
        """Sends a request; calls `deliver` with the lane's name and each message of the process."""
        self.request, self.answered = request, 0
        self.watchdog.reset()
        self.expect(seconds)

        def deliver_here(_backend: str, answer: Message) -> None:
            deliver(self.name, answer)

        self.process = self._pool.submit(self.backend, self._threads, message, deliver_here)

    def expect(self, seconds: float) -> None:
        """Sets the time for the next message of the process."""
        self.watchdog.expect(seconds, "gave no answer")

    def enforce(self) -> None:
        """Ends the process after its deadline."""
        if self.request is not None:
            self.watchdog.enforce(self.process)

    def rest(self) -> None:
        """Ends the current request."""
        self.request = None
        self.watchdog.relax()

    @property
    def left(self) -> tuple[Level, ...]:
        """The unanswered levels of the current request."""
        return () if self.request is None else self.request.levels[self.answered :]


def ask_one_level(lane: Lane, files: ProbeFiles, probe: Probe, level: Level, seconds: float) -> Observation:
    """The answer of a lane's backend to one level of a further probe; an error if there is none."""
    inbox, request = Inbox[str](), ProbeRequest(probe, (level,))
    lane.ask(request, files.message(request), inbox.put, seconds)
    observation = Observation(error="it gave no answer")
    while True:
        match inbox.get(lane.watchdog.deadline):
            case (_, Observed() as message):
                observation = read_observation(message)
            case (_, AllObserved()):
                return observation
            case (_, BackendFailed() as failed):
                return Observation(error=lane.watchdog.ending or failed.reason)
        lane.enforce()
