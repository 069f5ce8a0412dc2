"""Starts, follows and stops a cross-check."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lstm_tui.backends.controller import BackendsController, titles_of
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Controller, controller
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from textual.app import App

    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.crosscheck.state import CheckState
    from lstm_tui.kit.follower import Follower

WORK = "checking"


class CrossCheckController(Controller["CheckState | None"]):
    """Compares backends with the reference; its state is that of the latest check."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, None)
        self._follower: Follower[CrossCheckEvent] | None = None

    @property
    def _activity(self) -> ActivityController:
        return controller(self.app, ActivityController)

    def check(self, check: CrossCheck) -> None:
        """Starts a check, unless other work is running."""
        from lstm_tui.crosscheck.state import CheckState
        from lstm_tui.kit.follower import Follower

        if self._activity.state.busy:
            return
        backends = controller(self.app, BackendsController)
        backends.leave_warming()
        follower = self._follower = Follower(partial(backends.runner.check, check))
        self._show(CheckState(check))
        self.run(WORK, self._follow, follower, thread=True)

    def _follow(self, follower: Follower[CrossCheckEvent]) -> None:
        follower.follow()
        self.app.call_from_thread(self._ended)

    def _ended(self) -> None:
        self.drain()
        if self.state is not None and self.state.running:
            self._show(replace(self.state, stopped=True))
        controller(self.app, TrainController).warm_soon()

    def stop(self) -> None:
        """Asks the check to end."""
        if self._follower is not None and self.state is not None and self.state.running:
            self._follower.stop()
            self._show(replace(self.state, stopping=True))

    def drain(self) -> None:
        """Updates the state with the events since the last call."""
        if self._follower is not None and self.state is not None:
            judged = self._follower.drain()
            if judged:
                self._show(self.state.after(judged))

    def work_failed(self, group: str, problem: str) -> None:
        """Records why the whole check failed."""
        if group == WORK and self.state is not None:
            self.drain()
            self._show(replace(self.state, problem=problem))

    def _show(self, checking: CheckState) -> None:
        self._activity.note(WORK, running=checking.running)
        self.publish(checking)
        if checking.verdicts:
            controller(self.app, BackendsController).judged(checking.verdicts)
        self._activity.tell(checking.in_words(titles_of(self.app)))
