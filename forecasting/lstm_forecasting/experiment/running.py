"""Runs an experiment: one process or several for each backend, and their events in order of arrival."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from lstm_forecasting.checkpoints.recorder import TrainingFolder
from lstm_forecasting.evaluation.scoring import conclude, find_test_part
from lstm_forecasting.experiment.backend_work import BackendWork, Source
from lstm_forecasting.experiment.events import BackendStarted, ExperimentEvent, ExperimentFinished
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.results import BackendResult, Baselines, ExperimentResult
from lstm_forecasting.processes.asking import series_fields
from lstm_forecasting.processes.host import end_processes
from lstm_forecasting.processes.inbox import Inbox
from lstm_forecasting.processes.messages import Run
from lstm_forecasting.processes.pool import BackendProcesses, working_folder
from lstm_forecasting.processes.system import available_cores

SECONDS_TO_START = 300.0
"""Time to import a framework and build the network on a slow and busy machine."""

SECONDS_TO_STOP = 30.0
"""Time to finish the current batches; some frameworks compile for that long."""

MOST_NETWORKS_AT_ONCE = 4
"""Each network that is trained at the same time needs a process, and a framework takes half a gigabyte."""


def networks_at_once(threads: int, backends: int) -> int:
    """How many networks each of several backends trains at the same time, so that every thread has a core."""
    return max(1, min(available_cores() // (threads * max(1, backends)), MOST_NETWORKS_AT_ONCE))


def run_experiment(experiment: Experiment) -> ExperimentResult:
    """Runs a whole experiment, for callers who need no progress.

    Backends that failed are listed in the result's `failures`; the others are evaluated.
    """
    with RunningExperiment(experiment) as running:
        events = [event for event in running if isinstance(event, ExperimentFinished)]
    return events[-1].result


class RunningExperiment:
    """A context manager that starts the experiment and ends its processes; iterate it once for the events.

        with RunningExperiment(experiment) as running:
            for event in running:
                ...

    `stop` may be called from any thread or a signal handler.
    """

    def __init__(
        self,
        experiment: Experiment,
        processes: BackendProcesses | None = None,
        *,
        low_priority: bool = False,
        training_folders: Mapping[str, TrainingFolder] | None = None,
        known: Mapping[str, BackendResult] | None = None,
        baselines: Baselines | None = None,
        seconds_to_start: float = SECONDS_TO_START,
        seconds_to_stop: float = SECONDS_TO_STOP,
        at_once: int | None = None,
    ) -> None:
        """Prepares the experiment.

        Args:
            experiment: the plan.
            processes: a pool of processes to reuse; None starts processes for this experiment alone.
            low_priority: give backends less processor time than a screen; a pool has its own priority.
            training_folders: folders in which backends save their training and from which they resume.
            known: results of backends that were trained before; they are compared, but not run again.
            baselines: baselines that were evaluated before; None evaluates them at the end.
            seconds_to_start: time after which a backend that is not ready is ended.
            seconds_to_stop: time after a request to stop after which a backend that still trains is ended.
            at_once: networks of a backend that are trained at the same time, which changes no result; None
                for as many as there are cores for.
        """
        self._experiment = experiment
        self._part = find_test_part(experiment)
        self._low_priority = low_priority
        self._processes = processes
        self._inbox = Inbox[Source]()
        self._training_folders = training_folders or {}
        self._known = known or {}
        self._baselines = baselines
        self._seconds_to_stop = seconds_to_stop
        self._leaving = contextlib.ExitStack()
        backends = [backend for backend in experiment.backends if backend not in self._known]
        if at_once is None:
            at_once = networks_at_once(experiment.threads, len(backends))
        self._work = {
            backend: BackendWork(experiment, self._part, backend, seconds_to_start, at_once)
            for backend in backends
        }

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as entering:
            pool, folder = entering.enter_context(
                working_folder(self._processes, low_priority=self._low_priority)
            )
            entering.callback(self._end_processes)
            experiment = self._experiment
            fields = series_fields(experiment.config, experiment.series, folder, len(experiment.indicators))
            for backend, work in self._work.items():
                requests = [
                    self._request(backend, number, fields, folder)
                    for number in range(len(experiment.networks))
                ]
                work.start(pool, requests, self._inbox.put)
            self._leaving = entering.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends all processes that still run and removes their files."""
        self._leaving.close()

    def __iter__(self) -> Iterator[ExperimentEvent]:
        for backend, work in self._work.items():
            for process in work.processes:
                yield BackendStarted(backend, process.pid)
        while under_way := [work for work in self._work.values() if not work.over]:
            arrived = self._inbox.get(min(work.deadline for work in under_way))
            if arrived is not None:
                (backend, network), message = arrived
                yield from self._work[backend].events(network, message)
                if self._processes is not None and self._work[backend].over:
                    self._processes.end_surplus(backend)
            for work in under_way:
                work.enforce()
        found = {name: work.result for name, work in self._work.items() if work.result is not None}
        found.update(self._known)
        results = [found[backend] for backend in self._experiment.backends if backend in found]
        failures = {name: work.failure for name, work in self._work.items() if work.failure is not None}
        yield ExperimentFinished(conclude(self._experiment, self._part, results, failures, self._baselines))

    def stop(self, backend: str | None = None) -> None:
        """Stops the training of one backend or of all, and evaluates their best epochs so far.

        Raises:
            KeyError: the experiment has no such backend.
        """
        for work in [self._work[backend]] if backend else self._work.values():
            work.stop(self._seconds_to_stop)
        self._inbox.wake()

    def _request(self, backend: str, member: int, fields: dict[str, Any], folder: Path) -> Run:
        """The request to train one network of the experiment and to forecast with it."""
        experiment, results = self._experiment, folder / backend / str(member)
        results.mkdir(parents=True)
        train, validation, test = (
            ((part.start, part.stop),)
            for part in (experiment.split.train, experiment.split.validation, experiment.split.test)
        )
        config = experiment.networks[member].to_dict()
        saved = self._training_folders.get(backend)
        return Run(
            **{**fields, "config": config, "results": str(results)},
            training=train,
            validation=validation,
            test=test,
            steps=experiment.steps,
            training_folder=saved and saved.of_member(member, config),
        )

    def _end_processes(self) -> None:
        end_processes(process for work in self._work.values() for process in work.processes)
