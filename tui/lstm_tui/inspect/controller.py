"""Lists the runs for the Inspect screen and computes what it shows of one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lstm_plugins.errors import InputError
from lstm_tui.backends.controller import BackendsController
from lstm_tui.inspect.state import VIEWS, InspectState
from lstm_tui.kit.controller import Controller, controller, key
from lstm_tui.runs.controller import RunsController
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from textual.app import App

    from lstm_forecasting.runs.folder import RunFolder
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.inspect.look import Look, View
    from lstm_tui.inspect.seeing import Asked, Seen

NOTHING = "There is no trained network yet.\n\nGo to Train ({show_train}) and start a training ({train})."
LOOKING = "computing …"
PATIENCE = 0.3
"""Seconds before the screen says that it computes; faster answers need no note."""


class InspectController(Controller[InspectState]):
    """Answers one request at a time; of those that arrive meanwhile, the latest is next."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, InspectState(hint=LOOKING))
        self._wanted: Asked | None = None
        """The request that is being answered or is next."""
        self._view: View | None = None
        """The view that will show the answer; None for the current one."""
        self._looking = False
        self._followed = ""
        """The run that was opened because the user has just trained it."""

    @property
    def busy(self) -> bool:
        """Whether a request is being answered."""
        return self._wanted is not None

    @property
    def asked(self) -> Asked | None:
        """The pending request, or else the answered one; further keys start from there."""
        return self._wanted or (self.state.seen.asked if self.state.seen is not None else None)

    @property
    def look(self) -> Look | None:
        """Which part of the answer is shown, or will be shown in a moment."""
        look = self.state.look
        return look if look is None or self._view is None else replace(look, view=self._view)

    def list_runs(self) -> None:
        """Lists the runs, and opens the one the user has just trained, or else the latest."""
        self.run("inspect runs", self._list, exclusive=True)

    async def _list(self) -> None:
        from lstm_forecasting.runs.listing import list_runs

        try:
            found = await asyncio.to_thread(list_runs, controller(self.app, RunsController).folder)
        except InputError as error:
            self.publish(replace(self.state, hint=str(error)))
            return
        trained = tuple(one for one in found if any(state.epochs for state in one.backends))
        if not trained:
            if self.state.seen is None:
                keys = {name: key(self.app, name) for name in ("show_train", "train")}
                self.publish(replace(self.state, hint=NOTHING.format(**keys)))
            return
        self.publish(replace(self.state, runs=trained))
        training = controller(self.app, TrainController).state.training
        of_training = [one.run for one in trained if training is not None and one.run.name == training.run]
        if of_training and of_training[0].name != self._followed:
            # Only once, so that the user can choose another run.
            self._followed = of_training[0].name
            self.open_run(of_training[0])
        elif self.asked is None:
            self.open_run(trained[0].run)

    def open_run(self, run: RunFolder) -> None:
        """Shows a run."""
        from lstm_tui.inspect.seeing import Asked

        usable = controller(self.app, BackendsController).state.usable
        if usable:
            self._ask(Asked(run, usable))
        else:
            self._report("No backend can run; the Backends screen shows why.")

    def look_at(self, look: Look) -> None:
        """Shows another part of the answer, and computes what it lacks."""
        self.publish(replace(self.state, look=look, note=""))
        seen = self.state.seen
        if self.asked is not None and seen is not None and not seen.shows(look.view):
            self._ask(self.asked)

    def ask(self, view: View | None = None, **changed: Any) -> None:
        """Changes fields of the request; `view` is the view that will show the answer."""
        if self.asked is not None:
            self._view = view or self._view
            self._ask(replace(self.asked, **changed))

    def _ask(self, asked: Asked) -> None:
        self._wanted = asked
        # One request at a time: holding a key down would start process after process.
        if not self._looking:
            self._looking = True
            self.run("inspect", self._look_for)

    async def _look_for(self) -> None:
        from lstm_tui.inspect.seeing import see

        processes = controller(self.app, BackendsController).processes
        waiting = self.app.set_timer(PATIENCE, lambda: self.publish(replace(self.state, note=LOOKING)))
        found: Seen | InputError
        try:
            while (asked := self._wanted) is not None:
                view = self.look.view if self.look is not None else VIEWS[0]
                try:
                    found = await asyncio.to_thread(see, asked, view, processes, self.state.seen)
                except InputError as error:
                    found = error
                if self._wanted is asked:
                    self._wanted = None
                if isinstance(found, InputError):
                    self._report(str(found))
                else:
                    self._take(found)
        finally:
            waiting.stop()
            self._wanted, self._looking = None, False

    def _take(self, seen: Seen) -> None:
        """Shows an answer; within a run, the choices stay."""
        from lstm_tui.inspect.look import first_look

        before = self.state.seen
        same = before is not None and before.asked.run == seen.asked.run
        look = self.look if same else None
        look = (look or first_look(seen.inspected)).fitted(seen.inspected, seen.members)
        self._view = None
        self.publish(replace(self.state, seen=seen, look=look, note=""))
        if not seen.shows(look.view) and self.asked is not None:
            self._ask(self.asked)
        if not same:
            self.list_runs()

    def _report(self, problem: str) -> None:
        self.app.notify(problem, severity="error", timeout=15)
        self.publish(replace(self.state, note="" if self.state.seen is not None else "Nothing to show"))
