"""One backend's part of an experiment: trains its networks, some of them at the same time.

Each network is trained in one process, so its numbers do not depend on how many are trained at once. Events
are reported network by network, as if they were trained one after the other: those of a network wait until
all earlier ones have finished.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from lstm_forecasting.evaluation.ensemble import evaluate_backend
from lstm_forecasting.evaluation.scoring import TestPart
from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendEvent,
    BackendFailed,
    BackendFinished,
    BackendMemberFinished,
    BackendProgress,
    BackendStopped,
    BackendUnsaved,
)
from lstm_forecasting.experiment.network_work import NetworkWork
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult
from lstm_forecasting.processes.events import STOPPED
from lstm_forecasting.processes.host import BackendProcess
from lstm_forecasting.processes.messages import Message, Run
from lstm_forecasting.processes.pool import BackendProcesses

Source = tuple[str, int]
"""Where a message comes from: a backend, and the number of its network."""


class BackendWork:
    """A backend's work from its start to its result or failure.

    `stop` may be called from any thread or a signal handler; all other methods from one thread only.

    Attributes:
        backend: short name.
        result: its result once it has finished.
        failure: why it did not finish, in one sentence.
    """

    def __init__(
        self, experiment: Experiment, part: TestPart, backend: str, seconds_to_start: float, at_once: int
    ) -> None:
        """`at_once` is the largest number of networks that are trained at the same time."""
        self.backend = backend
        self.result: BackendResult | None = None
        self.failure: str | None = None
        self._experiment = experiment
        self._part = part
        self._seconds_to_start = seconds_to_start
        self._at_once = at_once
        self._networks = [self._network(number) for number in range(len(experiment.networks))]
        self._waiting = deque(range(len(experiment.networks)))
        # A signal handler may call `stop` while the main thread is anywhere in this class.
        self._lock = threading.RLock()
        self._seconds_to_stop: float | None = None
        self._began = 0.0
        self._submit: Callable[[NetworkWork], None] | None = None
        self._shown = 0
        self._shown_epochs = -math.inf
        self._held: dict[int, list[BackendEvent]] = {}

    @property
    def over(self) -> bool:
        """True once there are no more events."""
        return self.result is not None or self.failure is not None

    @property
    def processes(self) -> list[BackendProcess]:
        """The processes that train its networks now."""
        return [network.process for network in self._active if network.process is not None]

    @property
    def deadline(self) -> float:
        """The time, by `time.monotonic()`, at which `enforce` acts next."""
        return min((network.watchdog.deadline for network in self._active), default=math.inf)

    @property
    def _active(self) -> list[NetworkWork]:
        return [one for one in self._networks if one.number not in self._waiting and not one.over]

    def start(
        self,
        processes: BackendProcesses,
        requests: Sequence[Run],
        deliver: Callable[[Source, Message], None],
    ) -> None:
        """Submits the first requests; there is one for each network. `deliver` gets the messages."""

        def submit(network: NetworkWork) -> None:
            source = (self.backend, network.number)
            network.start(
                processes,
                requests[network.number],
                lambda _, message: deliver(source, message),
                self._seconds_to_start,
            )

        self._began, self._submit = time.monotonic(), submit
        self._start_networks()

    def stop(self, seconds: float) -> None:
        """Stops the training of all networks; see `NetworkWork.stop`. No further one is started."""
        with self._lock:
            self._seconds_to_stop = seconds
            for network in self._active:
                network.stop(seconds)

    def enforce(self) -> None:
        """Ends the processes that have missed their deadline."""
        for network in self._active:
            network.watchdog.enforce(network.process)

    def events(self, number: int, message: Message) -> Iterator[BackendEvent]:
        """Updates the state and yields the events that may be reported after a message about a network."""
        network = self._networks[number]
        if self.over or network.over:
            return
        event = network.event(message)
        if isinstance(event, BackendEpoch) and self._spent():
            network.end_after_epoch()
        if event is not None:
            yield from self._report(number, event)
        if network.over:
            yield from self._after(network)

    def _network(self, number: int) -> NetworkWork:
        return NetworkWork(self._experiment, self._part, self.backend, number)

    def _start_networks(self) -> None:
        """Starts the first network, and others while fewer are trained at once and the budget lasts."""
        assert self._submit is not None  # noqa: S101
        while self._waiting and len(self._active) < self._at_once:
            with self._lock:
                first = len(self._waiting) == len(self._networks)
                longest = max(network.seconds for network in self._networks)
                if self._seconds_to_stop is not None or (not first and self._spent(longest)):
                    return
                network = self._networks[self._waiting.popleft()]
                self._submit(network)
            if self._seconds_to_stop is not None:
                # A signal arrived before the network had its process.
                network.stop(self._seconds_to_stop)

    def _spent(self, more: float = 0.0) -> bool:
        """Whether the budget is spent, or would be after so many more seconds."""
        budget = self._experiment.budget
        return budget is not None and time.monotonic() - self._began + more > budget

    def _report(self, number: int, event: BackendEvent) -> Iterator[BackendEvent]:
        """Yields an event if its network is the one that is shown, and keeps it for later otherwise."""
        if isinstance(event, BackendUnsaved):
            yield event
        elif number > self._shown:
            if not isinstance(event, BackendProgress):
                self._held.setdefault(number, []).append(event)
        elif not isinstance(event, BackendEpoch):
            yield event
        elif event.epoch.epoch > self._shown_epochs:
            # A network that is trained again begins with epochs that have been reported.
            self._shown_epochs = event.epoch.epoch
            yield event

    def _after(self, network: NetworkWork) -> Iterator[BackendEvent]:
        """Starts what can be started after the end of a network, and yields the events that follow."""
        if network.failure is not None and self._seconds_to_stop is None:
            if not self._active:
                yield self._failed(network.failure)
                return
            self._repeat(network.number)
        self._start_networks()
        while self._networks[self._shown].forecasts is not None and self._has_started(self._shown + 1):
            yield BackendMemberFinished(self.backend, self._shown, len(self._networks))
            self._shown, self._shown_epochs = self._shown + 1, -math.inf
            for event in self._held.pop(self._shown, ()):
                yield from self._report(self._shown, event)
        if not self._active:
            yield self._ended()

    def _has_started(self, number: int) -> bool:
        return number < len(self._networks) and number not in self._waiting

    def _repeat(self, number: int) -> None:
        """Trains a network that failed beside others again, alone: memory may be too small for several."""
        self._at_once = 1
        self._held.pop(number, None)
        with self._lock:
            self._networks[number] = self._network(number)
            self._waiting.appendleft(number)

    def _ended(self) -> BackendEvent:
        """The result of the networks before the first one that has no forecasts, because it was stopped."""
        forecasts = []
        for network in self._networks:
            if network.forecasts is None:
                break
            forecasts.append(network.forecasts)
        if not forecasts:
            return self._without_result()
        title = self._networks[0].title
        try:
            self.result = evaluate_backend(self._experiment, self._part, self.backend, title, forecasts)
        except ValueError as error:
            return self._failed(BackendFailed(self.backend, str(error), ()))
        return BackendFinished(self.backend, self.result)

    def _without_result(self) -> BackendEvent:
        failure = next((one.failure for one in self._networks if one.failure is not None), None)
        if failure is not None:
            return self._failed(failure)
        self.failure = STOPPED
        return BackendStopped(self.backend)

    def _failed(self, failed: BackendFailed) -> BackendFailed:
        self.failure = failed.reason
        return failed
