"""Training: begun, followed and stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from lstm_tui.backends.controller import ProcessWork

if TYPE_CHECKING:
    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.kit.follower import Follower, Running
    from lstm_tui.train.state import TrainingState


class TrainingWork(ProcessWork):
    """Trains what is planned, or follows what another program trains."""

    def train(self) -> None:
        """Trains what is planned; what the user has just typed is planned first."""
        self._train_when_planned = self.planning
        if self.planning or self.experiment is None or self.busy or self._runner is None:
            return
        self._begin_training(self.experiment, partial(self._runner.start, self.experiment))

    def _begin_training(
        self, experiment: Experiment, begin: Callable[[], AbstractContextManager[Running[ExperimentEvent]]]
    ) -> None:
        from lstm_tui.kit.follower import Follower
        from lstm_tui.train.state import TrainingState

        self._leave_warming()
        self._leave_watched()
        self._follower = Follower(begin)
        self._show_training(TrainingState.of(experiment))
        self._follow(self._follower)

    def _leave_watched(self) -> None:
        if self._watched is not None:
            self._watched.leave()
            self._watched = None

    @work(group="training", thread=True, exit_on_error=False)
    def _follow(self, follower: Follower[ExperimentEvent]) -> None:
        follower.follow()

    def _show_training(self, training: TrainingState) -> None:
        from lstm_tui.backends import warmth

        before, self.training = self.training, training
        self.warmths = warmth.after_training(self.warmths, training)
        self.status_line = training.in_words
        known = {state.backend for state in before.failures} if before is not None else set()
        for state in training.failures:
            if state.backend not in known:
                self.notify(state.reason, title=f"{self.titles[state.backend]} failed", severity="error")
        told = {state.unsaved for state in before.backends.values()} if before is not None else set()
        for problem in {state.unsaved for state in training.backends.values()} - told - {""}:
            self.notify(problem, title="Not kept", severity="warning", timeout=15)
