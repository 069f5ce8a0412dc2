"""The app without its screens and keys, of all its subjects."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.worker import Worker, WorkerState

from lstm_tui.app import garbage
from lstm_tui.runs.controller import RunsWork

if TYPE_CHECKING:
    from lstm_plugins.discovery import Found


class Workbench(RunsWork):
    """What screens watch, and the work that changes it."""

    @work(group="begin", exit_on_error=False)
    async def begin(self) -> None:
        """Imports the engine, finds the backends and opens the series, or asks for one."""
        self.status_line = "loading …"
        found = await asyncio.to_thread(self._load)
        garbage.take_up()
        usable = [one.name for one in found if one.state == "available"]
        named = [name for name in self.options.backends if name != "all"]
        self.found = found
        self.chosen = tuple(name for name in usable if name in named or not named)
        self.status_line = ""
        for name in named:
            if name not in usable:
                self.notify(await asyncio.to_thread(self._why_not, name), severity="warning", timeout=15)
        self.ready = True
        self.open_first()

    def open_first(self) -> None:
        """Opens the named series or asks for one; the course needs none."""
        options = self.options
        if options.chapter is not None:
            return
        if options.source is None:
            self.ask_for_series()
        else:
            self.open_series(options.source, options.targets, options.inputs, options.reading)

    @work(group="switch", exclusive=True, exit_on_error=False)
    async def switch(self, found: Found, *, on: bool) -> None:
        """Switches a backend off for this session, or on again."""
        name = found.name
        if on and name not in self._without:
            self.notify(
                f"{name} was switched off when the program was started: {found.reason}.", severity="warning"
            )
            return
        self._without = self._without - {name} if on else self._without | {name}
        known = {one.name: one.backend for one in self.found}
        found_now = await asyncio.to_thread(self._discover)
        # What is switched off is not looked into, and yet keeps its name for people.
        self.found = tuple(replace(one, backend=one.backend or known.get(one.name)) for one in found_now)
        ready = [one.name for one in self.found if one.state == "available"]
        chosen = [one for one in ready if one in self.chosen or one == name]
        if not on and self._runner is not None:
            self._leave_warming()
            self.warmths = {one: warmth for one, warmth in self.warmths.items() if one != name}
            await asyncio.to_thread(self._runner.end_idle, name)
        self.choose_backends(chosen)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Says what went wrong in a worker; the app goes on."""
        if event.state is not WorkerState.ERROR or event.worker.error is None:
            return
        problem = f"{type(event.worker.error).__name__}: {event.worker.error}"
        self.log.error(event.worker.error)
        self.notify(problem, title="This should not happen", severity="error")
        if event.worker.group == "training" and self.training is not None:
            self.drain()
            self._show_training(self.training.broken(problem))
        if event.worker.group == "checking" and self.checking is not None:
            self.drain()
            self._show_checking(self.checking.broken(problem))
