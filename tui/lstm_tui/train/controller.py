"""Plans, starts, follows and stops training."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lstm_tui.backends.controller import BackendsController, titles_of
from lstm_tui.data.controller import DataController
from lstm_tui.data.state import Planned
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Controller, Problem, controller
from lstm_tui.kit.threads import in_thread
from lstm_tui.train.state import TrainState

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.events import ExperimentEvent
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_forecasting.runs.watching import WatchedRun
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.data.state import Opened
    from lstm_tui.kit.follower import Follower, Running
    from lstm_tui.train.curves import KeptCurve
    from lstm_tui.train.training import TrainingState

PLAN_SECONDS = 0.15
"""Pause after a keystroke before a new plan is made."""
IDLE_SECONDS = 1.0
"""Pause after a plan before processes are started in advance."""
WORK = "training"


class TrainController(Controller[TrainState]):
    """Makes a new plan whenever a choice changes; trains it, or follows another program's training."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        self._options = options
        own, planning = self.first_settings, options.source is not None
        super().__init__(app, TrainState(own_settings=own, planning=planning))
        self._usable: tuple[str, ...] = ()
        self._follower: Follower[ExperimentEvent] | None = None
        self._watched: WatchedRun | None = None
        self._train_when_planned = False
        self._warm_timer: Timer | None = None

    def connect(self) -> None:
        """Watches the backends and the series."""
        self._backends = controller(self.app, BackendsController)
        self._data = controller(self.app, DataController)
        self._activity = controller(self.app, ActivityController)
        self._backends.watch(self.app, lambda state: state.usable, self._choose_usable, now=False)
        self._data.watch(self.app, lambda state: state.opened, self._use, now=False)
        self._data.watch(self.app, lambda state: state.opening, self._give_up_first, now=False)

    # Choices and plan.

    def _choose_usable(self, usable: tuple[str, ...]) -> None:
        """Keeps the selected backends that are still ready, and selects those that have become ready."""
        named = {name for name in self._options.backends if name != "all"}
        new = {
            name
            for name in usable
            if name not in self._usable and (self._usable or not named or name in named)
        }
        self._usable = usable
        self.choose_backends([name for name in usable if name in self.state.chosen or name in new])

    def _use(self, opened: Opened | None) -> None:
        """Makes a plan for a new series and forgets the previous training."""
        if opened is None:
            return
        self._leave_watched()
        if opened.chosen:
            self.choose_settings(self.first_settings)
        self._show(None)
        self.plan()

    def _give_up_first(self, opening: bool) -> None:
        """Stops waiting for a plan if the series of the command line could not be opened."""
        if not opening and self._data.state.table is None:
            self._train_when_planned = False
            self.publish(replace(self.state, planning=False))

    @property
    def first_settings(self) -> Mapping[str, Any]:
        """The settings from the command line, the preset, its budget and the levels, for every series."""
        options = self._options
        others = {"preset": options.preset, "budget": options.budget, "level": options.levels or None}
        return {**options.settings, **{name: one for name, one in others.items() if one is not None}}

    def choose_backends(self, names: Sequence[str]) -> None:
        """Selects the backends to train."""
        self.publish(replace(self.state, chosen=tuple(names)))
        self.plan()

    def choose_settings(self, own: Mapping[str, Any], mistaken: Sequence[str] = ()) -> None:
        """Applies the user's settings; those in `mistaken` have invalid values and prevent training."""
        self.publish(replace(self.state, own_settings=dict(own), mistaken=tuple(mistaken)))
        self.plan()

    def plan(self) -> None:
        """Makes a new plan once the user pauses."""
        table = self._data.state.table
        if table is not None:
            self.publish(replace(self.state, planning=True))
            self.run("plan", self._plan, table, exclusive=True)

    async def _plan(self, table: SeriesTable) -> None:
        from lstm_forecasting.evaluation.intervals.levels import LEVEL
        from lstm_forecasting.experiment.abilities import common_additions, with_able_backends
        from lstm_forecasting.experiment.plan import plan_experiment
        from lstm_forecasting.presets.options import BUDGET, PRESET, budget_seconds, default_preset
        from lstm_plugins.errors import InputError, OptionError

        await asyncio.sleep(PLAN_SECONDS)
        state, options = self.state, self._options
        if state.mistaken:
            self._refuse("", f"Correct {state.mistaken[0]} before training.")
            return
        if not state.chosen:
            self._refuse("", "Choose at least one backend.")
            return
        found = [one.backend for one in self._backends.state.found if one.backend is not None]

        def make() -> Experiment:
            own = dict(state.own_settings)
            preset, budget = own.pop(PRESET.name, None), own.pop(BUDGET.name, None)
            levels = own.pop(LEVEL.name, ())
            return with_able_backends(
                plan_experiment(
                    table,
                    state.chosen,
                    own,
                    fractions=options.fractions,
                    threads=options.threads,
                    preset=preset or default_preset(own),
                    budget=None if budget is None else budget_seconds(budget),
                    additions=common_additions(one for one in found if one.name in state.chosen),
                    offer=options.offer,
                    levels=levels,
                ),
                found,
            )

        try:
            experiment = await in_thread(make)
        except OptionError as error:
            self._refuse(error.option, error.message)
        except InputError as error:
            self._refuse("", str(error))
        else:
            self._tell_left_out(experiment)
            self._planned(Planned(table, experiment), None)
            if self._train_when_planned:
                self.train()
            self.warm_soon()

    def _tell_left_out(self, experiment: Experiment) -> None:
        """Notifies once of each sentence about a chosen backend that the data rule out."""
        if len(experiment.backends) == len(self.state.chosen):
            return
        known = () if self.state.experiment is None else self.state.experiment.decisions
        for sentence in experiment.decisions[-(len(self.state.chosen) - len(experiment.backends)) :]:
            if sentence not in known:
                self.app.notify(sentence, title="A backend is left out", severity="warning", timeout=15)

    def _refuse(self, field: str, message: str) -> None:
        self._planned(None, Problem(field, message))
        self._train_when_planned = False

    def _planned(self, planned: Planned | None, problem: Problem | None) -> None:
        self._data.planned(planned)
        experiment = None if planned is None else planned.plan
        self.publish(replace(self.state, experiment=experiment, problem=problem, planning=False))

    @property
    def trainable(self) -> bool:
        """Whether there is a plan to train, or one is being made."""
        busy = self._activity.state.busy
        return not busy and (self.state.experiment is not None or self.state.planning)

    def warm_soon(self) -> None:
        """Starts the processes of the planned backends in advance, once the user pauses."""
        if self._warm_timer is not None:
            self._warm_timer.stop()
        if self._options.warm_ahead:
            self._warm_timer = self.app.set_timer(IDLE_SECONDS, self._warm_planned)

    def _warm_planned(self) -> None:
        if self.state.experiment is not None and not self.state.planning:
            warmths = self._backends.state.warmths
            self._backends.warm_up([name for name in self.state.experiment.backends if name not in warmths])

    # Training.

    def train(self) -> None:
        """Trains the plan; waits for a plan that is being made."""
        self._train_when_planned = self.state.planning
        experiment = self.state.experiment
        if self.state.planning or experiment is None or self._activity.state.busy:
            return
        self.begin(experiment, partial(self._backends.runner.start, experiment))

    def begin(
        self,
        experiment: Experiment,
        make: Callable[[], AbstractContextManager[Running[ExperimentEvent]]],
        watched: WatchedRun | None = None,
    ) -> None:
        """Starts and follows a training; `watched` is another program's, which continues afterwards."""
        from lstm_tui.kit.follower import Follower
        from lstm_tui.train.training import TrainingState

        self._backends.leave_warming()
        self._leave_watched()
        self._watched = watched
        self._follower = Follower(make)
        self._show(TrainingState.of(experiment))
        self.run(WORK, self._follower.follow, thread=True)

    def _leave_watched(self) -> None:
        if self._watched is not None:
            self._watched.leave()
            self._watched = None

    def compare(self, curves: Sequence[KeptCurve]) -> None:
        """Shows the curves of other runs beside those of the training."""
        self.publish(replace(self.state, compared=tuple(curves)))

    def stop(self) -> None:
        """Asks the training to stop; the best epoch so far is evaluated."""
        if self._follower is not None and self.state.training is not None and self.state.running:
            self._follower.stop()
            self._show(replace(self.state.training, stopping=True))

    def drain(self) -> None:
        """Updates the state with the events since the last call."""
        if self._follower is not None and self.state.training is not None:
            happened = self._follower.drain()
            if happened:
                self._backends.heard(happened)
                self._show(self.state.training.after(happened))

    def work_failed(self, group: str, problem: str) -> None:
        """Shows that the training failed as a whole, or why there is no plan."""
        if group == "plan":
            self._refuse("", f"Planning failed unexpectedly ({problem}).")
        if group == WORK and self.state.training is not None:
            self.drain()
            self._show(replace(self.state.training, problem=problem))

    def _show(self, training: TrainingState | None) -> None:
        before = self.state.training
        running = training is not None and training.running
        self._activity.note(WORK, running=running, elsewhere=self._watched is not None)
        self.publish(replace(self.state, training=training))
        if training is None:
            return
        self._activity.tell(training.in_words)
        titles = titles_of(self.app)
        known = {state.backend for state in before.failures} if before is not None else set()
        for state in training.failures:
            if state.backend not in known:
                self.app.notify(state.reason, title=f"{titles[state.backend]} failed", severity="error")
        reported = {state.unsaved for state in before.backends.values()} if before is not None else set()
        for problem in {state.unsaved for state in training.backends.values()} - reported - {""}:
            self.app.notify(problem, title="Not saved", severity="warning", timeout=15)
