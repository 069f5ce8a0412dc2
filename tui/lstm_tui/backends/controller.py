"""The processes of the backends: started ahead of need, and ended with the program."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from lstm_forecasting.figures import looks
from lstm_tui.app.state import WorkbenchState

if TYPE_CHECKING:
    from lstm_forecasting.processes.pool import BackendProcesses
    from lstm_forecasting.processes.warming import WarmUpEvent
    from lstm_plugins.discovery import Found
    from lstm_tui.kit.follower import Follower

IDLE_SECONDS = 1.0
"""Rest after a plan before processes are started ahead of need."""


class ProcessWork(WorkbenchState):
    """Starts and ends processes; says which backends there are."""

    def _load(self) -> tuple[Found, ...]:
        from lstm_tui.app import engine
        from lstm_tui.app.screens import import_screens
        from lstm_tui.data import (
            reading,  # noqa: F401 - here, not when shown
            series,  # noqa: F401 - here, not when shown
        )
        from lstm_tui.forecast.widgets import panel as forecast_panel  # noqa: F401
        from lstm_tui.train.form import panel as setup_panel  # noqa: F401
        from lstm_tui.train.widgets import panel as training_panel  # noqa: F401

        import_screens()
        if self._runner is None:
            self._runner = engine.ProcessRunner(self.options.runs)
        return self._discover()

    def _discover(self) -> tuple[Found, ...]:
        from lstm_plugins.discovery import discover

        found: dict[str, Found] = {}
        for one in discover(plugins=self.options.plugins, without=self._without):
            found.setdefault(one.name, one)  # of several with one name the first is the one that counts
        return tuple(found[name] for name in looks.in_order(list(found)))

    def _why_not(self, name: str) -> str:
        from lstm_plugins.discovery import BackendError, find_backend

        try:
            find_backend(name, plugins=self.options.plugins, without=self._without)
        except BackendError as error:
            return str(error)
        return ""

    def _warm_soon(self) -> None:
        """Warms up what is chosen once the user rests."""
        if self._warm_timer is not None:
            self._warm_timer.stop()
        if self.options.warm_ahead:
            self._warm_timer = self.set_timer(IDLE_SECONDS, self._warm_chosen)

    def _warm_chosen(self) -> None:
        if self.experiment is not None and not self.planning:
            self.warm_up([name for name in self.experiment.backends if name not in self.warmths])

    def warm_up(self, names: Sequence[str]) -> None:
        """Starts the processes of backends ahead of need, so that a training does not wait for imports."""
        from lstm_tui.kit.follower import Follower

        if not self.busy and names and self._runner is not None:
            follower = Follower(partial(self._runner.warm, tuple(names)))
            self._warm_followers.append(follower)
            self._follow_warming(follower)

    @work(group="warming", thread=True, exit_on_error=False)
    def _follow_warming(self, follower: Follower[WarmUpEvent]) -> None:
        follower.follow()

    def _show_warmths(self, happened: list[WarmUpEvent]) -> None:
        from lstm_tui.backends import warmth

        self.warmths = warmth.after(self.warmths, happened)

    def _leave_warming(self) -> None:
        """Begins no further import; what comes goes to the processes that are there."""
        from lstm_tui.backends import warmth

        for follower in self._warm_followers:
            follower.stop()
        self._warm_followers.clear()
        self.warmths = warmth.without_unfinished(self.warmths)

    @property
    def processes(self) -> BackendProcesses:
        """Of the backends, once the app is ready."""
        if self._runner is None:
            raise RuntimeError("the engine is not loaded yet")
        return self._runner.processes

    def end_processes(self) -> None:
        """Ends everything that still runs."""
        if self._runner is not None:
            self._runner.close()
