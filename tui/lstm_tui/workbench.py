"""What is open, chosen, planned and trained: the state that screens watch, and the work that changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App
from textual.reactive import var
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from lstm_forecasting import looks
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_tui.actions import ACTIONS, Action, key_of

if TYPE_CHECKING:
    from lstm_forecasting.crosscheck.events import CrossCheckEvent
    from lstm_forecasting.crosscheck.plan import CrossCheck
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_forecasting.processes.warming import WarmUpEvent
    from lstm_forecasting.runs.folder import RunFolder
    from lstm_forecasting.runs.watching import WatchedRun
    from lstm_plugins.discovery import Found
    from lstm_tui.backends.warmth import Warmths
    from lstm_tui.checking.state import CheckState
    from lstm_tui.follower import Follower, Runner, Running
    from lstm_tui.runs.curves import KeptCurve
    from lstm_tui.training.state import TrainingState

DRAIN_SECONDS = 0.1
"""At most ten times a second: more is not seen, and costs the backends their processor."""
PLAN_SECONDS = 0.15
"""Rest after a keystroke before the settings are planned anew."""
IDLE_SECONDS = 1.0
"""Rest after a plan before processes are started ahead of need."""


class Workbench(App[None], inherit_bindings=False):
    """The app without its screens and keys. Work runs in workers and changes these attributes, no widget.

    Args:
        source: a file or bundled data set to open; None asks.
        backends: short names to choose; "all", or none, chooses those that are ready.
        targets: columns to forecast.
        inputs: further columns that a forecast may see.
        options: how the source is read.
        settings: `ForecasterConfig` fields fixed from the start.
        fractions: shares of rows for training, validation and test; None takes the usual ones.
        threads: of each backend.
        actions: everything that keys do, with the keys that the user wants.
        plugins: False leaves the built-in backends only.
        without: names of backends to leave alone; the Backends screen adds to them and takes away.
        warm_ahead: start the chosen backends' processes when there is a plan and nothing else to do.
        runner: what runs experiments; None runs each backend in a process of its own.

    Attributes:
        ready: the engine is imported and the backends are known.
        found: every backend that is declared.
        chosen: short names of the backends to train.
        table: the series that is open.
        own_settings: what the user fixed.
        first_settings: what was fixed from the start, for every series.
        experiment: what would be trained now; None when that is not possible.
        problem: why not: the setting, or "" for something else, and one sentence.
        planning: the user has just changed something, and the plan does not have it yet.
        training: the latest one, under way or over.
        compared: names of runs whose curves are drawn beside those of a training.
        compared_curves: those curves.
        checking: the latest cross-check, under way or over.
        warmths: how far the backends' processes are.
        conformance: the verdict of every backend's last cross-check, by short name.
        series_line: what is open, for the header.
        status_line: what is going on, for the header.
    """

    ready: var[bool] = var(False)
    found: var[tuple[Found, ...]] = var(())
    chosen: var[tuple[str, ...]] = var(())
    table: var[SeriesTable | None] = var(None, always_update=True)
    own_settings: var[Mapping[str, Any]] = var({})
    experiment: var[Experiment | None] = var(None)
    problem: var[tuple[str, str] | None] = var(None, always_update=True)
    training: var[TrainingState | None] = var(None)
    compared: var[tuple[str, ...]] = var(())
    compared_curves: var[tuple[KeptCurve, ...]] = var(())
    checking: var[CheckState | None] = var(None)
    warmths: var[Warmths] = var({})
    conformance: var[Mapping[str, str]] = var({})
    series_line: var[str] = var("")
    status_line: var[str] = var("")

    def __init__(
        self,
        source: str | None = None,
        backends: Sequence[str] = (),
        *,
        targets: Sequence[str] = (),
        inputs: Sequence[str] = (),
        options: ReadOptions = DEFAULT_OPTIONS,
        settings: Mapping[str, Any] | None = None,
        fractions: tuple[float, float, float] | None = None,
        threads: int = 1,
        actions: Sequence[Action] = ACTIONS,
        plugins: bool = True,
        without: Sequence[str] = (),
        warm_ahead: bool = True,
        runner: Runner | None = None,
    ) -> None:
        super().__init__()
        self._source = source
        self._backends = tuple(backends)
        self._targets = tuple(targets)
        self._inputs = tuple(inputs)
        self._options = options
        self._planning: dict[str, Any] = {"threads": threads}
        if fractions is not None:
            self._planning["fractions"] = fractions
        self.actions = tuple(actions)
        self._plugins = plugins
        self._without = frozenset(without)
        self._warm_ahead = warm_ahead
        self._warm_timer: Timer | None = None
        self._warm_followers: list[Follower[WarmUpEvent]] = []
        self._runner = runner
        self._follower: Follower[ExperimentEvent] | None = None
        self._watched: WatchedRun | None = None
        self._check_follower: Follower[CrossCheckEvent] | None = None
        self._mistaken: tuple[str, ...] = ()
        self.planning = source is not None
        self._train_when_planned = False
        self.first_settings: Mapping[str, Any] = dict(settings or {})
        self.set_reactive(Workbench.own_settings, self.first_settings)

    # What there is.

    @work(group="begin", exit_on_error=False)
    async def begin(self) -> None:
        """Imports the engine, finds the backends and opens the series, or asks for one."""
        self.status_line = "loading …"
        found = await asyncio.to_thread(self._load)
        usable = [one.name for one in found if one.state == "available"]
        named = [name for name in self._backends if name != "all"]
        self.found = found
        self.chosen = tuple(name for name in usable if name in named or not named)
        self.status_line = ""
        for name in named:
            if name not in usable:
                self.notify(await asyncio.to_thread(self._why_not, name), severity="warning", timeout=15)
        self.ready = True
        if self._source is None:
            self.ask_for_series()
        else:
            self.open_series(self._source, self._targets, self._inputs, self._options)

    def _load(self) -> tuple[Found, ...]:
        from lstm_tui import engine
        from lstm_tui.widgets.forecast import panel as forecast_panel  # noqa: F401
        from lstm_tui.widgets.settings import panel as setup_panel  # noqa: F401 - here, not when shown
        from lstm_tui.widgets.training import panel as training_panel  # noqa: F401

        if self._runner is None:
            self._runner = engine.ProcessRunner()
        return self._discover()

    def _discover(self) -> tuple[Found, ...]:
        from lstm_plugins.discovery import discover

        found: dict[str, Found] = {}
        for one in discover(plugins=self._plugins, without=self._without):
            found.setdefault(one.name, one)  # of several with one name the first is the one that counts
        return tuple(found[name] for name in looks.in_order(list(found)))

    def _why_not(self, name: str) -> str:
        from lstm_plugins.discovery import BackendError, find_backend

        try:
            find_backend(name, plugins=self._plugins, without=self._without)
        except BackendError as error:
            return str(error)
        return ""

    def key(self, action: str) -> str:
        """The key of an action, for texts that tell what to press."""
        return key_of(self.actions, action)

    @property
    def titles(self) -> dict[str, str]:
        """The backends' names for people, by short name."""
        titles = {one.name: one.backend.title if one.backend else one.name for one in self.found}
        # A run may know a backend that is not installed here.
        further = self.training.experiment.backends if self.training is not None else ()
        return {**{name: name for name in further}, **titles}

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

    # What is open.

    def ask_for_series(
        self, source: str = "", problem: str = "", options: ReadOptions = DEFAULT_OPTIONS
    ) -> None:
        """Asks for a file or a bundled data set.

        Args:
            source: what was asked for before.
            problem: why that could not be opened.
            options: how it was, and is to be, read.
        """
        raise NotImplementedError

    @work(group="open", exclusive=True, exit_on_error=False)
    async def open_series(
        self,
        source: str,
        targets: Sequence[str] = (),
        inputs: Sequence[str] = (),
        options: ReadOptions = DEFAULT_OPTIONS,
    ) -> None:
        """Opens a file or a bundled data set; what cannot be opened is told, or asked for again."""
        from lstm_forecasting.data.catalogue import open_data
        from lstm_forecasting.errors import InputError

        self.status_line = f"opening {source} …"
        try:
            table = await asyncio.to_thread(open_data, source, targets, inputs, options)
        except InputError as error:
            self.status_line = ""
            self.planning = self._train_when_planned = False
            if self.table is None:
                self.ask_for_series(source, str(error), options)
            else:
                self.notify(str(error), severity="error", timeout=15)
                self.table = self.table  # so that the form shows again what is open
            return
        self.use_table(table, source, inputs, options)

    def use_table(
        self,
        table: SeriesTable,
        source: str,
        inputs: Sequence[str] = (),
        options: ReadOptions = DEFAULT_OPTIONS,
    ) -> None:
        """Makes a table the one that is trained on."""
        self._source, self._inputs, self._options = source, tuple(inputs), options
        self._leave_watched()
        self.training = None
        self.status_line = ""
        self.table = table
        span = f" · {table.row_text(0)} … {table.row_text(table.rows - 1)}" if table.times is not None else ""
        self.series_line = f"{table.name} · {table.frequency.name}{span} · {table.rows} rows"
        self.plan()

    # What is chosen, and the plan that follows from it.

    def choose_targets(self, targets: Sequence[str]) -> None:
        """Opens the same series with other columns to forecast."""
        if self._source is not None and not self.busy:
            inputs = [name for name in self._inputs if name not in targets]
            self.open_series(self._source, targets, inputs, self._options)

    def choose_backends(self, names: Sequence[str]) -> None:
        """Other backends are to be trained."""
        self.chosen = tuple(names)
        self.plan()

    def choose_settings(self, own: Mapping[str, Any], mistaken: Sequence[str] = ()) -> None:
        """The user fixed other settings; those in `mistaken` have to be mended before anything is trained."""
        self._mistaken = tuple(mistaken)
        self.own_settings = dict(own)
        self.plan()

    def plan(self) -> None:
        """Decides anew what would be trained, once the user rests."""
        if self.table is not None:
            self.planning = True
            self._plan(self.table)

    @property
    def trainable(self) -> bool:
        """There is something to be trained, or there will be in a moment."""
        return not self.busy and (self.experiment is not None or self.planning)

    @work(group="plan", exclusive=True, exit_on_error=False)
    async def _plan(self, table: SeriesTable) -> None:
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.experiment.plan import plan_experiment
        from lstm_plugins import ConfigError

        await asyncio.sleep(PLAN_SECONDS)
        if self._mistaken:
            self._refuse("", f"{self._mistaken[0]} has to be mended before training.")
            return
        if not self.chosen:
            self._refuse("", "Choose at least one backend.")
            return
        try:
            experiment = await asyncio.to_thread(
                plan_experiment, table, self.chosen, self.own_settings, **self._planning
            )
        except ConfigError as error:
            self._refuse(error.field, error.message)
        except InputError as error:
            self._refuse("", str(error))
        else:
            self.problem = None
            self.experiment = experiment
            self.planning = False
            if self._train_when_planned:
                self.train()
            self._warm_soon()

    def _refuse(self, field: str, message: str) -> None:
        self.experiment = None
        self.problem = (field, message)
        self.planning = self._train_when_planned = False

    # Training.

    @property
    def running(self) -> bool:
        """True while a training is under way."""
        return self.training is not None and self.training.running

    @property
    def busy(self) -> bool:
        """True while a training or a cross-check is under way; both would slow each other down."""
        return self.stoppable and self._watched is None

    @property
    def stoppable(self) -> bool:
        """True while anything is under way, here or in another program that is watched."""
        return self.running or (self.checking is not None and self.checking.running)

    def train(self) -> None:
        """Trains what is planned; what the user has just typed is planned first."""
        self._train_when_planned = self.planning
        if self.planning or self.experiment is None or self.busy or self._runner is None:
            return
        self._begin_training(self.experiment, partial(self._runner.start, self.experiment))

    def _begin_training(
        self, experiment: Experiment, begin: Callable[[], AbstractContextManager[Running[ExperimentEvent]]]
    ) -> None:
        from lstm_tui.follower import Follower
        from lstm_tui.training.state import TrainingState

        self._leave_warming()
        self._leave_watched()
        self._follower = Follower(begin)
        self._show_training(TrainingState.of(experiment))
        self._follow(self._follower)

    # Runs that are kept.

    @work(group="open", exclusive=True, exit_on_error=False)
    async def open_run(self, run: RunFolder) -> None:
        """Shows a run: live where another program works on it, or what it found."""
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.runs.watching import WatchedRun

        try:
            watched = await asyncio.to_thread(WatchedRun, run)
        except InputError as error:
            self.notify(str(error), severity="error", timeout=15)
            return
        if self.busy:
            return
        self._use_experiment(watched.experiment)
        self._begin_training(watched.experiment, lambda: watched)
        self._watched = watched

    @work(group="open", exclusive=True, exit_on_error=False)
    async def resume_run(self, run: RunFolder) -> None:
        """Goes on with a run that was stopped, failed or was cut off."""
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.runs.description import read_experiment

        try:
            experiment = await asyncio.to_thread(read_experiment, run)
        except InputError as error:
            self.notify(str(error), severity="error", timeout=15)
            return
        if self.busy or self._runner is None:
            return
        self._use_experiment(experiment)
        self._begin_training(experiment, partial(self._runner.resume, run))

    def _use_experiment(self, experiment: Experiment) -> None:
        """Makes the series, backends and settings of a run those that would be trained next."""
        config = experiment.config.to_dict()
        usable = {one.name for one in self.found if one.state == "available"}
        self.chosen = tuple(name for name in experiment.backends if name in usable) or self.chosen
        self.choose_settings({name: config[name] for name in sorted(experiment.fixed)})
        inputs = experiment.table.columns[len(experiment.table.targets) :]
        self.use_table(experiment.table, experiment.table.source, inputs)

    def _leave_watched(self) -> None:
        if self._watched is not None:
            self._watched.leave()
            self._watched = None

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def compare_runs(self, names: Sequence[str]) -> None:
        """Draws the curves of these runs beside those of a training."""
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.runs.folder import find_run, runs_folder
        from lstm_tui.runs.curves import kept_curves

        curves: list[KeptCurve] = []
        for name in names:
            try:
                run = find_run(name, runs_folder())
                curves += await asyncio.to_thread(kept_curves, run)
            except InputError as error:
                self.notify(str(error), severity="warning", timeout=15)
        self.compared = tuple(names)
        self.compared_curves = tuple(curves)

    def stop(self) -> None:
        """Asks for the end of the training, or of the cross-check."""
        if self._check_follower is not None and self.checking is not None and self.checking.running:
            self._check_follower.stop()
            self._show_checking(self.checking.asked_to_stop())
        if self._follower is not None and self.training is not None and self.running:
            self._follower.stop()
            self._show_training(self.training.asked_to_stop())

    @work(group="training", thread=True, exit_on_error=False)
    def _follow(self, follower: Follower[ExperimentEvent]) -> None:
        follower.follow()

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

    # Cross-check.

    def cross_check(self, check: CrossCheck) -> None:
        """Compares backends with the reference, unless something else is under way."""
        from lstm_tui.checking.state import CheckState
        from lstm_tui.follower import Follower

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

    # The backends and their processes.

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

    def _warm_soon(self) -> None:
        """Warms up what is chosen once the user rests."""
        if self._warm_timer is not None:
            self._warm_timer.stop()
        if self._warm_ahead:
            self._warm_timer = self.set_timer(IDLE_SECONDS, self._warm_chosen)

    def _warm_chosen(self) -> None:
        if self.experiment is not None and not self.planning:
            self.warm_up([name for name in self.experiment.backends if name not in self.warmths])

    def warm_up(self, names: Sequence[str]) -> None:
        """Starts the processes of backends ahead of need, so that a training does not wait for imports."""
        from lstm_tui.follower import Follower

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

    def end_processes(self) -> None:
        """Ends everything that still runs."""
        if self._runner is not None:
            self._runner.close()
