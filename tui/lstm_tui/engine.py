"""The app's door to the engine.

Importing this loads NumPy and takes a while: the app does it in a thread, after the first paint.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.experiment.running import RunningExperiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_tui.training.follower import Running


class ProcessRunner:
    """Runs experiments in processes that let the screen go first, and keeps them for the next training."""

    def __init__(self) -> None:
        self._processes = BackendProcesses(low_priority=True)
        self._processes.__enter__()

    def start(self, experiment: Experiment) -> AbstractContextManager[Running]:
        """What runs the experiment on the processes that are there, or on new ones."""
        return RunningExperiment(experiment, self._processes)

    def close(self) -> None:
        """Ends all processes."""
        self._processes.__exit__(None, None, None)
