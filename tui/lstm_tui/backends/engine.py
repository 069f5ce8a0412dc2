"""Runs the engine for the app.

This module imports NumPy, which takes time: the app imports it in a thread, after the first paint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lstm_forecasting.experiment.events import BackendUnsaved, ExperimentEvent
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.warming import WarmUp, WarmUpEvent
from lstm_forecasting.runs.folder import RunFolder, runs_folder
from lstm_forecasting.runs.recording import RecordedExperiment, create_run
from lstm_plugins.errors import InputError
from lstm_tui.kit.follower import Running

if TYPE_CHECKING:
    from lstm_forecasting.backtest.events import BacktestEvent
    from lstm_forecasting.backtest.plan import Backtest
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck


THREADS = 1
"""Threads of each backend, as in `plan_experiment`; another number needs another process."""


class _Unkept:
    """An experiment that cannot be saved in a run; its first event says so."""

    def __init__(self, running: RunningExperiment, backend: str, problem: str) -> None:
        self._running = running
        self._unsaved = BackendUnsaved(backend, problem)

    def __enter__(self) -> Self:
        self._running.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[ExperimentEvent]:
        yield self._unsaved
        yield from self._running

    def stop(self) -> None:
        """Ends the training."""
        self._running.stop()


class ProcessRunner:
    """Runs work in processes of low priority, so that the screen stays responsive, and reuses them.

    `runs` is the folder of the runs; None for the default.
    """

    def __init__(self, runs: Path | None = None) -> None:
        self._runs = runs
        self.processes = BackendProcesses(low_priority=True)
        self.processes.__enter__()

    def start(self, experiment: Experiment) -> AbstractContextManager[Running[ExperimentEvent]]:
        """Starts an experiment, saved in a new run."""
        try:
            run = create_run(experiment, self._runs or runs_folder())
        except InputError as error:
            return _Unkept(RunningExperiment(experiment, self.processes), experiment.backends[0], str(error))
        return RecordedExperiment(run, self.processes)

    def resume(self, run: RunFolder) -> AbstractContextManager[Running[ExperimentEvent]]:
        """Continues a run."""
        return RecordedExperiment(run, self.processes)

    def check(self, check: CrossCheck) -> AbstractContextManager[Running[CrossCheckEvent]]:
        """Starts a cross-check."""
        # Imports the whole catalogue of deviations, which only a cross-check needs.
        from lstm_forecasting.crosscheck.running import RunningCrossCheck

        return RunningCrossCheck(check, self.processes)

    def backtest(self, backtest: Backtest) -> AbstractContextManager[Running[BacktestEvent]]:
        """Starts a backtest, saved in a new folder; its workers have processes of their own."""
        from lstm_forecasting.backtest.folder import create_backtest
        from lstm_forecasting.backtest.running import RunningBacktest
        from lstm_forecasting.backtest.workers import local_workers

        folder = create_backtest(backtest, self._runs or runs_folder())
        return RunningBacktest(folder, start=partial(local_workers, low_priority=True))

    def warm(self, backends: tuple[str, ...]) -> AbstractContextManager[Running[WarmUpEvent]]:
        """Starts processes and imports their frameworks in advance."""
        return WarmUp(self.processes, backends, THREADS)

    def end_idle(self, backend: str) -> None:
        """Ends idle processes of a backend."""
        self.processes.end_idle(backend)

    def close(self) -> None:
        """Ends all processes."""
        self.processes.__exit__(None, None, None)
