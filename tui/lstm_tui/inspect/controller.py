"""Asks for what the Inspect screen shows: which runs there are, and what is inside the one that is chosen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lstm_tui.backends.controller import BackendsController
from lstm_tui.inspect.state import VIEWS, InspectState, Listing
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
LOOKING = "looking …"
PATIENCE = 0.3
"""Seconds after which it is said that something is being looked at; what is there sooner needs no word."""


class InspectController(Controller[InspectState]):
    """Answers one question at a time; of what is asked meanwhile, the latest comes next.

    Args:
        app: runs the work.
        options: of the command line.
    """

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, InspectState(hint=LOOKING))
        self._wanted: Asked | None = None
        """What is being looked for, or comes next."""
        self._view: View | None = None
        """The view in which that is to be shown; None for the present one."""
        self._looking = False
        self._followed = ""
        """The run of a training that was gone over to of itself."""

    @property
    def busy(self) -> bool:
        """Whether something is being looked at."""
        return self._wanted is not None

    @property
    def asked(self) -> Asked | None:
        """What is seen, or will be in a moment: keys that come meanwhile go on from there."""
        return self._wanted or (self.state.seen.asked if self.state.seen is not None else None)

    @property
    def look(self) -> Look | None:
        """What of it is shown, or will be in a moment."""
        look = self.state.look
        return look if look is None or self._view is None else replace(look, view=self._view)

    def list_runs(self) -> None:
        """Looks which runs there are; goes over to what the user has just trained, or to the last one."""
        self.run("inspect runs", self._list, exclusive=True)

    async def _list(self) -> None:
        from lstm_forecasting.runs.listing import list_runs
        from lstm_plugins.errors import InputError

        try:
            found = await asyncio.to_thread(list_runs, controller(self.app, RunsController).folder)
        except InputError as error:
            self.publish(replace(self.state, hint=str(error)))
            return
        trained = [one for one in found if any(state.epochs for state in one.backends)]
        if not trained:
            if self.state.seen is None:
                keys = {name: key(self.app, name) for name in ("show_train", "train")}
                self.publish(replace(self.state, hint=NOTHING.format(**keys)))
            return
        self.publish(replace(self.state, listing=Listing(tuple(trained))))
        training = controller(self.app, TrainController).state.training
        of_training = [one.run for one in trained if training is not None and one.run.name == training.run]
        if of_training and of_training[0].name != self._followed:
            # What the user has just trained or opened is what they mean, once.
            self._followed = of_training[0].name
            self.open_run(of_training[0])
        elif self.asked is None:
            self.open_run(trained[0].run)

    def open_run(self, run: RunFolder) -> None:
        """Looks into a run."""
        from lstm_tui.inspect.seeing import Asked

        usable = controller(self.app, BackendsController).state.usable
        if usable:
            self._ask(Asked(run, usable))
        else:
            self._say_problem("No backend is available; the screen Backends tells why.")

    def look_at(self, look: Look) -> None:
        """Shows something else; asks for what of it is not there yet."""
        self.publish(replace(self.state, look=look, note=""))
        seen = self.state.seen
        if self.asked is not None and seen is not None and not seen.shows(look.view):
            self._ask(self.asked)

    def ask(self, view: View | None = None, **changed: Any) -> None:
        """Asks for something else than what is seen.

        Args:
            view: in which it is to be shown, once it is there; None for the present one.
            changed: fields of `Asked`.
        """
        if self.asked is not None:
            self._view = view or self._view
            self._ask(replace(self.asked, **changed))

    def _ask(self, asked: Asked) -> None:
        """Looks for this next, in place of what else was to come next."""
        self._wanted = asked
        # One question at a time: a key that is held down would else start process after process.
        if not self._looking:
            self._looking = True
            self.run("inspect", self._look_for)

    async def _look_for(self) -> None:
        from lstm_plugins.errors import InputError
        from lstm_tui.inspect.seeing import see

        processes = controller(self.app, BackendsController).processes
        waiting = self.app.set_timer(PATIENCE, lambda: self.publish(replace(self.state, note=LOOKING)))
        try:
            while (asked := self._wanted) is not None:
                view = self.look.view if self.look is not None else VIEWS[0]
                try:
                    seen = await asyncio.to_thread(see, asked, view, processes, self.state.seen)
                except InputError as error:
                    self._done(asked)
                    self._say_problem(str(error))
                else:
                    self._done(asked)
                    self._take(seen)
        finally:
            waiting.stop()
            self._wanted, self._looking = None, False

    def _done(self, asked: Asked) -> None:
        if self._wanted is asked:
            self._wanted = None

    def _take(self, seen: Seen) -> None:
        """Shows what was found, in the look that was had at the same run."""
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

    def _say_problem(self, problem: str) -> None:
        self.app.notify(problem, severity="error", timeout=15)
        self.publish(replace(self.state, note="" if self.state.seen is not None else "Nothing to see"))
