"""The asking half of the screen Inspect: which runs there are, and what is inside the one that is chosen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from lstm_tui.kit.folding import FoldingScreen

if TYPE_CHECKING:
    from lstm_forecasting.runs.folder import RunFolder
    from lstm_tui.inspect.look import Look, View
    from lstm_tui.inspect.seeing import Asked, Seen
    from lstm_tui.inspect.widgets.panel import InspectionPanel

NOTHING = "There is no trained network yet.\n\nGo to Train ({show_train}) and start a training ({train})."
LOOKING = "looking …"
PATIENCE = 0.3
"""Seconds after which it is said that something is being looked at; what is there sooner needs no word."""
VIEWS: tuple[View, ...] = ("gates", "unit", "gradients", "batch", "backends", "weights")


class InspectAsking(FoldingScreen):
    """Asks for what is to be shown, and keeps it.

    Attributes:
        seen: what was found last; None before there is anything.
        look: what of it is shown.
    """

    seen: Seen | None = None
    look: Look | None = None
    _wanted: Asked | None = None
    """What is being looked for, or comes next."""
    _looking = False
    _followed = ""
    """The run of a training that was gone over to of itself."""

    def compose_content(self) -> ComposeResult:
        """What to do while there is nothing to look into; the panel comes with the first window."""
        with Container(id="body"):
            yield Static(LOOKING, id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        self.watch(self.workbench, "ready", self._begin)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show())

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """There may be more runs than before."""
        # Textual calls the handler of the class above as well.
        self._begin(self.workbench.ready)

    @property
    def busy(self) -> bool:
        """Whether something is being looked at."""
        return self._wanted is not None

    @property
    def asked(self) -> Asked | None:
        """What is seen, or will be in a moment: keys that come meanwhile go on from there."""
        return self._wanted or (self.seen.asked if self.seen is not None else None)

    @property
    def panel(self) -> InspectionPanel | None:
        """What shows everything, once there is something to show."""
        from lstm_tui.inspect.widgets.panel import InspectionPanel

        found = self.query(InspectionPanel)
        return found.first() if found else None

    @property
    def views(self) -> list[View]:
        """What can be gone to: two backends need a second one."""
        alone = self.seen is None or self.seen.asked.other is None
        return [view for view in VIEWS if view != "backends" or not alone]

    def show(self) -> None:
        """Draws what there is."""
        if self.seen is not None and self.look is not None and self.panel is not None:
            self.panel.show(self.seen, self.look, self.views)
            self.refresh_bindings()

    def look_so(self, look: Look) -> None:
        """Shows something else; asks for what of it is not there yet."""
        self.look = look
        self.show()
        if self.asked is not None and self.seen is not None and not self.seen.shows(look.view):
            self._ask(self.asked)

    def ask_so(self, **changed: Any) -> None:
        """Asks for something else than what is seen; fields of `Asked`."""
        if self.asked is not None:
            self._ask(replace(self.asked, **changed))

    def open_run(self, run: RunFolder) -> None:
        """Looks into a run."""
        from lstm_tui.inspect.seeing import Asked

        usable = tuple(one.name for one in self.workbench.found if one.state == "available")
        if usable:
            self._ask(Asked(run, usable))
        else:
            self._say_problem("No backend is available; the screen Backends tells why.")

    def _begin(self, ready: bool) -> None:
        if ready:
            self._list()

    @work(group="inspect runs", exclusive=True, exit_on_error=False)
    async def _list(self) -> None:
        from lstm_forecasting.runs.listing import list_runs
        from lstm_plugins.errors import InputError

        try:
            found = await asyncio.to_thread(list_runs, self.workbench.runs_folder)
        except InputError as error:
            self._tell(str(error))
            return
        trained = [one for one in found if any(state.epochs for state in one.backends)]
        if not trained:
            if self.seen is None:
                keys = {name: self.workbench.key(name) for name in ("show_train", "train")}
                self._tell(NOTHING.format(**keys))
            return
        from lstm_tui.inspect.widgets.runs import RunList

        await self._fill()
        for runs in self.query(RunList):
            runs.show(trained, self.seen.asked.run.name if self.seen else "")
        training = self.workbench.training
        of_training = [one.run for one in trained if training is not None and one.run.name == training.run]
        if of_training and of_training[0].name != self._followed:
            # What the user has just trained or opened is what they mean, once.
            self._followed = of_training[0].name
            self.open_run(of_training[0])
        elif self.asked is None:
            self.open_run(trained[0].run)

    def _tell(self, text: str) -> None:
        for hint in self.query("#hint").results(Static):
            hint.update(text)

    async def _fill(self) -> None:
        if self.panel is not None:
            return
        from lstm_tui.inspect.widgets.panel import InspectionPanel

        body = self.query_one("#body")
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(InspectionPanel())
        self.fold()

    def _ask(self, asked: Asked) -> None:
        """Looks for this next, in place of what else was to come next."""
        self._wanted = asked
        # One question at a time: a key that is held down would else start process after process.
        if not self._looking:
            self._looking = True
            self._look_for()

    @work(group="inspect", exit_on_error=False)
    async def _look_for(self) -> None:
        from lstm_plugins.errors import InputError
        from lstm_tui.inspect.seeing import see

        waiting = self.set_timer(PATIENCE, self._say_looking)
        try:
            while (asked := self._wanted) is not None:
                view = self.look.view if self.look is not None else VIEWS[0]
                try:
                    seen = await asyncio.to_thread(see, asked, view, self.workbench.processes, self.seen)
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

        before, self.seen = self.seen, seen
        same = before is not None and before.asked.run == seen.asked.run
        look = self.look if same else None
        self.look_so((look or first_look(seen.inspected)).fitted(seen.inspected, seen.members))
        if not same:
            self._list()

    def _say_looking(self) -> None:
        if self.panel is not None:
            self.panel.tell(LOOKING)

    def _say_problem(self, problem: str) -> None:
        self.notify(problem, severity="error", timeout=15)
        if self.panel is not None:
            self.panel.tell("Nothing to see")
        self.show()
