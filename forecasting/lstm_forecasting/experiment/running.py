"""An experiment under way: one process per backend, their events merged in the order they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from lstm_forecasting.experiment.events import ExperimentEvent
from lstm_forecasting.experiment.plan import Experiment


class RunningExperiment:
    """Starts on entering, ends every process on leaving; iterate it once for the events.

        with RunningExperiment(experiment) as running:
            for event in running:
                ...

    `stop` may be called from any thread. `low_priority` lets a screen go before the backends.
    """

    def __init__(self, experiment: Experiment, *, low_priority: bool = False) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Terminates, then kills, what still runs, and removes its files."""

    def __iter__(self) -> Iterator[ExperimentEvent]: ...

    def stop(self, backend: str | None = None) -> None:
        """Ends the training of one backend or of all; what they learnt so far is evaluated."""
