"""Runs a cross-check: backends answer in their own processes, and answers are judged as they arrive."""

import contextlib
import datetime
import importlib.metadata
import os
import platform
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from lstm_conformance.checks import LevelResult, Observation, judge_level
from lstm_conformance.diagnosis import Diagnosis, diagnose_passes
from lstm_conformance.levels import Level
from lstm_conformance.probe import Probe
from lstm_forecasting.crosscheck import events
from lstm_forecasting.crosscheck.events import CrossCheckEvent, CrossCheckFinished, LevelJudged
from lstm_forecasting.crosscheck.files import ProbeFiles, read_observation
from lstm_forecasting.crosscheck.lane import Lane, ask_one_level
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.schedule import ProbeRequest
from lstm_forecasting.crosscheck.shared_code import check_shared_code
from lstm_forecasting.processes.events import BackendAnswers, BackendFailed, BackendStarted
from lstm_forecasting.processes.host import end_processes
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import AllObserved, Message, Observed
from lstm_forecasting.processes.pool import BackendProcesses, working_folder
from lstm_plugins.config import Precision

SECONDS_TO_ANSWER = 300.0
"""Time limit for importing a framework, or for answering one level, on a slow and busy machine."""

MOST_DEATHS = 2
"""A backend that loses this many processes gets no more requests."""

MOST_LANES = 4
"""The most processes of one backend; each has the framework in memory."""
WORTH_A_LANE = 1
"""Waiting requests per process of a backend before another process starts.

It is 1, since importing the framework again is better than an idle processor."""


def run_crosscheck(check: CrossCheck) -> CrossCheckResult:
    """Runs a cross-check to its end, without progress."""
    with RunningCrossCheck(check) as running:
        results = [event.result for event in running if isinstance(event, CrossCheckFinished)]
    return results[-1]


class RunningCrossCheck:
    """A cross-check that starts on entering and ends its processes on leaving; iterate once for the events.

    with RunningCrossCheck(plan_crosscheck(["torch", "tensorflow"])) as running:
        for event in running:
            ...

    To stop it, leave the loop, or call `stop` from another thread.
    """

    def __init__(
        self,
        check: CrossCheck,
        processes: BackendProcesses | None = None,
        *,
        low_priority: bool = False,
        seconds_to_answer: float = SECONDS_TO_ANSWER,
    ) -> None:
        """Prepares a cross-check.

        Args:
            check: the plan.
            processes: a pool to reuse; None starts one.
            low_priority: whether the processes of a new pool run at low priority.
            seconds_to_answer: time limit for each answer of a process.
        """
        self._check = check
        self._shared_pool = processes
        self._low_priority = low_priority
        self._seconds = seconds_to_answer
        self._results: list[LevelResult] = []
        self._inbox = Inbox[str]()
        self._lanes: dict[str, Lane] = {}
        self._waiting = {backend: deque(check.requests_of(backend)) for backend in check.backends}
        self._unjudged: deque[tuple[str, Probe, Level, Observation]] = deque()
        self._descriptions: dict[str, BackendAnswers] = {}
        self._diagnoses: dict[tuple[str, Precision], Diagnosis] = {}
        self._deaths: dict[str, list[str]] = {backend: [] for backend in check.backends}
        self._leaving = contextlib.ExitStack()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ends the iteration without a result; may be called from any thread."""
        self._stopping.set()
        self._inbox.wake()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as entering:
            self._pool, folder = entering.enter_context(
                working_folder(self._shared_pool, low_priority=self._low_priority)
            )
            self._files = ProbeFiles(folder)
            entering.callback(self._end_processes)
            self._leaving = entering.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends running processes and removes their files."""
        self._leaving.close()

    def __iter__(self) -> Iterator[CrossCheckEvent]:
        began, clock = datetime.datetime.now().astimezone(), time.monotonic()
        shared = check_shared_code()
        yield events.CrossCheckStarted(self._check, shared)
        for backend in self._check.backends:
            yield from self._open_lane(backend)
        undiagnosed = list(self._check.backends)
        while undiagnosed or self._unjudged:
            if self._stopping.is_set():
                return
            # First serve idle processes, then judge answers, then wait for more.
            until = (
                0.0 if self._unjudged else min((lane.watchdog.deadline for lane in self._busy()), default=0.0)
            )
            arrived = self._inbox.get(until)
            if arrived is not None:
                yield from self._received(self._lanes[arrived[0]], arrived[1])
                yield from self._open_lanes_for_the_slow()
            elif self._unjudged:
                yield self._judged(*self._unjudged.popleft())
            for lane in self._busy():
                lane.enforce()
            for backend in [one for one in undiagnosed if self._is_done(one)]:
                undiagnosed.remove(backend)
                yield from self._diagnosed(backend)
        yield CrossCheckFinished(
            CrossCheckResult(
                check=self._check,
                level_results=tuple(self._results),
                shared=shared,
                descriptions=self._descriptions,
                diagnoses=self._diagnoses,
                failures={name: reasons[-1] for name, reasons in self._deaths.items() if reasons},
                versions=_versions(),
                began=began,
                seconds=time.monotonic() - clock,
            )
        )

    def _open_lane(self, backend: str) -> Iterator[CrossCheckEvent]:
        name = f"{backend} {len(self._lanes)}"
        lane = self._lanes[name] = Lane(name, backend, self._pool, self._check.threads)
        yield from self._next_question(lane)

    def _next_question(self, lane: Lane) -> Iterator[CrossCheckEvent]:
        found = self._best_for(lane)
        if found is None:
            lane.rest()
            return
        self._waiting[lane.backend].remove(found)
        request, process = found, lane.process
        lane.ask(request, self._files.message(request), self._inbox.put, self._seconds)
        if lane.process is not None and lane.process is not process:
            yield BackendStarted(lane.backend, lane.process.pid)

    def _best_for(self, lane: Lane) -> ProbeRequest | None:
        """The next request for a process; None if there is none, or another one has compiled for all of them.

        A process goes on with the network that it had last, since it may have compiled for it.
        """
        waiting = self._waiting[lane.backend]
        networks = {lane.request.network} if lane.request else set()
        elsewhere = self._networks_of(lane.backend) - networks
        own = (one for one in waiting if one.network in networks)
        new = (one for one in waiting if one.network not in elsewhere)
        return next(own, next(new, None))

    def _networks_of(self, backend: str) -> set[tuple[object, ...]]:
        """The networks that the processes of a backend are computing."""
        return {lane.request.network for lane in self._busy() if lane.backend == backend and lane.request}

    def _received(self, lane: Lane, message: Message) -> Iterator[CrossCheckEvent]:
        match message:
            case BackendAnswers():
                lane.expect(self._seconds)
                if lane.backend not in self._descriptions:
                    self._descriptions[lane.backend] = message
                    yield message
            case Observed() if lane.left and lane.request and message.level == lane.left[0].name:
                lane.expect(self._seconds)
                self._unjudged.append(
                    (lane.backend, lane.request.probe, lane.left[0], read_observation(message))
                )
                lane.answered += 1
            case AllObserved() if not lane.left:
                yield from self._next_question(lane)
            case BackendFailed():
                yield from self._died(lane, message)
            case _:
                log = () if lane.process is None else lane.process.log_lines()
                reason = f"its process sent {type(message).__name__} out of turn"
                yield from self._died(lane, BackendFailed(lane.backend, reason, log))

    def _died(self, lane: Lane, failed: BackendFailed) -> Iterator[CrossCheckEvent]:
        reason = lane.watchdog.ending or failed.reason
        self._deaths[lane.backend].append(reason)
        yield replace(failed, reason=reason)
        request, left = lane.request, lane.left
        if request is not None and left:
            self._unjudged.append((lane.backend, request.probe, left[0], Observation(error=reason)))
            yield from self._left_unasked(lane.backend, request, left[1:], reason)
        lane.rest()
        never_answered = lane.backend not in self._descriptions
        if never_answered or len(self._deaths[lane.backend]) >= MOST_DEATHS:
            while self._waiting[lane.backend]:
                request = self._waiting[lane.backend].popleft()
                yield from self._left_unasked(lane.backend, request, request.levels, reason)
        yield from self._next_question(lane)

    def _left_unasked(
        self, backend: str, request: ProbeRequest, levels: Sequence[Level], reason: str
    ) -> Iterator[CrossCheckEvent]:
        problem = f"not asked because {reason}"
        for level in levels:
            self._results.append(
                LevelResult(
                    request.probe, level, "unasked", request.precision, problem=problem, backend=backend
                )
            )
            yield LevelJudged(self._results[-1])

    def _judged(self, backend: str, probe: Probe, level: Level, observation: Observation) -> LevelJudged:
        result = judge_level(probe, level, observation, earlier=self._results, backend=backend)
        self._results.append(result)
        return LevelJudged(result)

    def _open_lanes_for_the_slow(self) -> Iterator[CrossCheckEvent]:
        """Starts more processes for backends with many waiting requests, while processors are idle."""
        for backend in self._descriptions:
            lanes = sum(lane.backend == backend for lane in self._busy())
            networks = self._networks_of(backend)
            waiting = sum(request.network not in networks for request in self._waiting[backend])
            worth_it = waiting >= max(WORTH_A_LANE * lanes, 1)
            if worth_it and 0 < lanes < MOST_LANES and len(self._busy()) < _processors():
                yield from self._open_lane(backend)

    def _is_done(self, backend: str) -> bool:
        answered = not self._waiting[backend] and all(lane.backend != backend for lane in self._busy())
        return answered and all(entry[0] != backend for entry in self._unjudged)

    def _diagnosed(self, backend: str) -> Iterator[CrossCheckEvent]:
        lane = Lane(backend, backend, self._pool, self._check.threads)

        def ask(probe: Probe, level: Level) -> Observation:
            return ask_one_level(lane, self._files, probe, level, self._seconds)

        own = [result for result in self._results if result.backend == backend]
        for precision, diagnosis in diagnose_passes(own, None if self._deaths[backend] else ask):
            self._diagnoses[backend, precision] = diagnosis
            yield events.BackendDiagnosed(backend, precision, diagnosis)

    def _busy(self) -> list[Lane]:
        return [lane for lane in self._lanes.values() if lane.request is not None]

    def _end_processes(self) -> None:
        end_processes(lane.process for lane in self._busy() if lane.process is not None)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _versions() -> dict[str, str]:
    return {
        "lstm-tui": importlib.metadata.version("lstm-tui"),
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "system": f"{platform.system()} {platform.machine()}",
    }
