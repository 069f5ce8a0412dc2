"""The app's door to the engine.

Importing this loads NumPy and takes a while: the app does it in a thread, after the first paint.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from lstm_forecasting.experiment.events import ExperimentEvent
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.warming import WarmUp, WarmUpEvent
from lstm_tui.follower import Running

if TYPE_CHECKING:
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck


THREADS = 1
"""Of each backend, as `plan_experiment` has it; another number would need another process."""


class ProcessRunner:
    """Runs work in processes that let the screen go first, and keeps them for what comes next."""

    def __init__(self) -> None:
        self._processes = BackendProcesses(low_priority=True)
        self._processes.__enter__()

    def start(self, experiment: Experiment) -> AbstractContextManager[Running[ExperimentEvent]]:
        """What runs the experiment on the processes that are there, or on new ones."""
        return RunningExperiment(experiment, self._processes)

    def check(self, check: CrossCheck) -> AbstractContextManager[Running[CrossCheckEvent]]:
        """What runs the cross-check on the processes that are there, or on new ones."""
        # Imports the whole catalogue of deviations, which only those who check have to wait for.
        from lstm_forecasting.crosscheck.running import RunningCrossCheck

        return RunningCrossCheck(check, self._processes)

    def warm(self, backends: tuple[str, ...]) -> AbstractContextManager[Running[WarmUpEvent]]:
        """What starts their processes and imports their frameworks, for all that comes next."""
        return WarmUp(self._processes, backends, THREADS)

    def end_idle(self, backend: str) -> None:
        """Ends the processes of a backend that do nothing."""
        self._processes.end_idle(backend)

    def close(self) -> None:
        """Ends all processes."""
        self._processes.__exit__(None, None, None)
