"""Finds the backends, starts their processes in advance, and ends them with the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lstm_forecasting.figures import looks
from lstm_tui.backends.state import BackendsState
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Controller, controller
from lstm_tui.kit.palette import Palette

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.processes.pool import BackendProcesses
    from lstm_forecasting.processes.warming import WarmUpEvent
    from lstm_plugins.discovery import Found
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.kit.follower import Follower, Runner


class BackendsController(Controller[BackendsState]):
    """Finds backends, disables and enables them, and owns the runner of their processes."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, BackendsState())
        self._options = options
        self._without = frozenset(options.without)
        self._runner: Runner | None = None
        self._followers: list[Follower[WarmUpEvent]] = []

    async def load(self, imports: Callable[[], None]) -> None:
        """Calls `imports` in a thread, imports the engine, and finds the backends.

        A warning says why a backend of the command line cannot run.
        """
        found = await asyncio.to_thread(self._load, imports)
        self.publish(replace(self.state, found=found))
        for name in self._options.backends:
            if name != "all" and name not in self.state.usable:
                why_not = await asyncio.to_thread(self._why_not, name)
                self.app.notify(why_not, severity="warning", timeout=15)
        self.publish(replace(self.state, ready=True))

    def _load(self, imports: Callable[[], None]) -> tuple[Found, ...]:
        from lstm_tui.backends.engine import ProcessRunner

        imports()
        if self._runner is None:
            self._runner = ProcessRunner(self._options.runs)
        return self._discover()

    def _discover(self) -> tuple[Found, ...]:
        from lstm_plugins.discovery import discover

        found: dict[str, Found] = {}
        for one in discover(plugins=self._options.plugins, without=self._without):
            found.setdefault(one.name, one)  # the first of several with the same name
        return tuple(found[name] for name in looks.in_order(list(found)))

    def _why_not(self, name: str) -> str:
        from lstm_plugins.discovery import BackendError, find_backend

        try:
            find_backend(name, plugins=self._options.plugins, without=self._without)
        except BackendError as error:
            return str(error)
        return ""

    def switch(self, found: Found, *, on: bool) -> None:
        """Disables a backend for this session, or enables it again."""
        self.run("switch", self._switch, found, on, exclusive=True)

    async def _switch(self, found: Found, on: bool) -> None:
        name = found.name
        if on and name not in self._without:
            self.app.notify(
                f"{name} was disabled when the program was started: {found.reason}.", severity="warning"
            )
            return
        self._without = self._without - {name} if on else self._without | {name}
        known = {one.name: one.backend for one in self.state.found}
        now = await asyncio.to_thread(self._discover)
        # A disabled backend is not imported, but keeps its title.
        named = tuple(replace(one, backend=one.backend or known.get(one.name)) for one in now)
        if on:
            self.publish(replace(self.state, found=named))
            return
        self.leave_warming()
        others = {one: warmth for one, warmth in self.state.warmths.items() if one != name}
        self.publish(replace(self.state, found=named, warmths=others))
        await asyncio.to_thread(self.runner.end_idle, name)

    def warm_up(self, names: Sequence[str]) -> None:
        """Starts processes of backends in advance, so that a training does not wait for imports."""
        from lstm_tui.kit.follower import Follower

        if names and self.state.ready and not controller(self.app, ActivityController).state.busy:
            follower = Follower(partial(self.runner.warm, tuple(names)))
            self._followers.append(follower)
            self.run("warming", follower.follow, thread=True)

    def leave_warming(self) -> None:
        """Starts no further warm-up; work uses the processes that are already running."""
        from lstm_tui.backends import warmth

        for follower in self._followers:
            follower.stop()
        self._followers.clear()
        self.publish(replace(self.state, warmths=warmth.without_unfinished(self.state.warmths)))

    def drain(self) -> None:
        """Updates the state with the progress of warm-ups."""
        for follower in self._followers:
            happened = follower.drain()
            if happened:
                from lstm_tui.backends import warmth

                self.publish(replace(self.state, warmths=warmth.after(self.state.warmths, happened)))

    def heard(self, happened: Sequence[ExperimentEvent]) -> None:
        """Updates the state of processes with the events of a training."""
        from lstm_tui.backends import warmth

        self.publish(replace(self.state, warmths=warmth.after_training(self.state.warmths, happened)))

    def judged(self, verdicts: Mapping[str, str]) -> None:
        """Updates the verdicts, by short name, of a cross-check."""
        self.publish(replace(self.state, verdicts={**self.state.verdicts, **verdicts}))

    @property
    def runner(self) -> Runner:
        """Runs the work of backends, in processes unless another runner was set; not before `load`."""
        if self._runner is None:
            raise RuntimeError("the engine is not loaded yet")
        return self._runner

    @runner.setter
    def runner(self, runner: Runner) -> None:
        """Replaces the runner."""
        self._runner = runner

    @property
    def processes(self) -> BackendProcesses:
        """The processes of the backends."""
        return self.runner.processes

    def close(self) -> None:
        """Ends every process."""
        if self._runner is not None:
            self._runner.close()


def titles_of(node: DOMNode) -> Mapping[str, str]:
    """Titles of the backends by short name."""
    return controller(node, BackendsController).state.titles


def palette_of(node: DOMNode) -> Palette:
    """The colours of the theme, with a look for every backend."""
    state = controller(node, BackendsController).state
    return Palette(node.app, [found.name for found in state.found])
