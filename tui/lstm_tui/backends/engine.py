"""The app's door to the engine.

Importing this loads NumPy and takes a while: the app does it in a thread, after the first paint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
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
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck


THREADS = 1
"""Of each backend, as `plan_experiment` has it; another number would need another process."""


class _Unkept:
    """An experiment that could not be kept in a run, which it says."""

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
    """Runs work in processes that let the screen go first, and keeps them for what comes next.

    Args:
        runs: folder that keeps the runs; None for the user's usual one.

    Attributes:
        processes: of the backends, for questions that have one answer.
    """

    def __init__(self, runs: Path | None = None) -> None:
        self._runs = runs
        self.processes = BackendProcesses(low_priority=True)
        self.processes.__enter__()

    def start(self, experiment: Experiment) -> AbstractContextManager[Running[ExperimentEvent]]:
        """What runs the experiment on the processes that are there, or on new ones, kept in a new run."""
        try:
            run = create_run(experiment, self._runs or runs_folder())
        except InputError as error:
            return _Unkept(RunningExperiment(experiment, self.processes), experiment.backends[0], str(error))
        return RecordedExperiment(run, self.processes)

    def resume(self, run: RunFolder) -> AbstractContextManager[Running[ExperimentEvent]]:
        """What goes on with a run on the processes that are there, or on new ones."""
        return RecordedExperiment(run, self.processes)

    def check(self, check: CrossCheck) -> AbstractContextManager[Running[CrossCheckEvent]]:
        """What runs the cross-check on the processes that are there, or on new ones."""
        # Imports the whole catalogue of deviations, which only those who check have to wait for.
        from lstm_forecasting.crosscheck.running import RunningCrossCheck

        return RunningCrossCheck(check, self.processes)

    def warm(self, backends: tuple[str, ...]) -> AbstractContextManager[Running[WarmUpEvent]]:
        """What starts their processes and imports their frameworks, for all that comes next."""
        return WarmUp(self.processes, backends, THREADS)

    def end_idle(self, backend: str) -> None:
        """Ends the processes of a backend that do nothing."""
        self.processes.end_idle(backend)

    def close(self) -> None:
        """Ends all processes."""
        self.processes.__exit__(None, None, None)
