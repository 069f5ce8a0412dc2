"""The cross-check: begun, followed and stopped, and what is drained and stopped with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import work

from lstm_tui.train.controller import TrainingWork

if TYPE_CHECKING:
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck
    from lstm_tui.crosscheck.state import CheckState
    from lstm_tui.kit.follower import Follower

DRAIN_SECONDS = 0.2
"""Five times a second: more is hardly seen, and costs backends their processor and slow lines their time."""


class CheckingWork(TrainingWork):
    """Compares backends with the reference, unless something is trained."""

    def cross_check(self, check: CrossCheck) -> None:
        """Compares backends with the reference, unless something else is under way."""
        from lstm_tui.crosscheck.state import CheckState
        from lstm_tui.kit.follower import Follower

        if self.busy or self._runner is None:
            return
        self._leave_warming()
        self._check_follower = Follower(partial(self._runner.check, check))
        self._show_checking(CheckState(check))
        self._follow_check(self._check_follower)

    @work(group="checking", thread=True, exit_on_error=False)
    def _follow_check(self, follower: Follower[CrossCheckEvent]) -> None:
        follower.follow()
        self.call_from_thread(self._check_ended)

    def _check_ended(self) -> None:
        self.drain()
        if self.checking is not None and self.checking.running:
            self._show_checking(self.checking.ended_early())
        self._warm_soon()

    def _show_checking(self, checking: CheckState) -> None:
        self.checking = checking
        if checking.verdicts:
            self.conformance = {**self.conformance, **checking.verdicts}
        self.status_line = checking.in_words(self.titles)

    def stop(self) -> None:
        """Asks for the end of the training, or of the cross-check."""
        if self._check_follower is not None and self.checking is not None and self.checking.running:
            self._check_follower.stop()
            self._show_checking(self.checking.asked_to_stop())
        if self._follower is not None and self.training is not None and self.running:
            self._follower.stop()
            self._show_training(self.training.asked_to_stop())

    def drain(self) -> None:
        """Takes over what has happened since the last call."""
        for warming in self._warm_followers:
            warmed = warming.drain()
            if warmed:
                self._show_warmths(warmed)
        if self._follower is not None and self.training is not None:
            happened = self._follower.drain()
            if happened:
                self._show_training(self.training.after(happened))
        if self._check_follower is not None and self.checking is not None:
            judged = self._check_follower.drain()
            if judged:
                self._show_checking(self.checking.after(judged))
