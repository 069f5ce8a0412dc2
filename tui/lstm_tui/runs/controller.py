"""Opens and resumes saved runs, and compares them with a training."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from lstm_plugins.errors import InputError
from lstm_tui.backends.controller import BackendsController
from lstm_tui.data.controller import DataController
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Controller, controller
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App

    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.runs.screen import Chosen
    from lstm_tui.train.curves import KeptCurve


class RunsController(Controller[tuple[str, ...]]):
    """Opens and resumes runs; its state is the names of the compared runs."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, ())
        self._options = options

    @property
    def folder(self) -> Path:
        """The folder of the runs."""
        from lstm_forecasting.runs.folder import runs_folder

        return self._options.runs or runs_folder()

    def ask(self) -> None:
        """Shows the dialog of the runs, and opens or resumes the chosen one."""
        from lstm_tui.runs.screen import RunsScreen

        dialog = RunsScreen(self.folder, self.state)

        def chosen(choice: Chosen | None) -> None:
            self.run("compare", self._compare, sorted(dialog.compared), exclusive=True)
            if choice is not None:
                self.run("open", self._open, choice, exclusive=True)
                self.app.switch_mode("train")

        self.app.push_screen(dialog, chosen)

    async def _open(self, choice: Chosen) -> None:
        """Shows a run, live while another program trains it, or continues it."""
        from lstm_forecasting.runs.watching import WatchedRun

        try:
            watched = await asyncio.to_thread(WatchedRun, choice.run)
        except InputError as error:
            self.app.notify(str(error), severity="error", timeout=15)
            return
        if controller(self.app, ActivityController).state.busy:
            return
        self._use(watched.experiment)
        train = controller(self.app, TrainController)
        if choice.wish == "open":
            train.begin(watched.experiment, lambda: watched, watched)
        else:
            runner = controller(self.app, BackendsController).runner
            train.begin(watched.experiment, partial(runner.resume, choice.run))

    def _use(self, experiment: Experiment) -> None:
        """Makes the series, backends and settings of a run the current ones."""
        config, train = experiment.config.to_dict(), controller(self.app, TrainController)
        usable = controller(self.app, BackendsController).state.usable
        train.choose_backends([name for name in experiment.backends if name in usable] or train.state.chosen)
        train.choose_settings({name: config[name] for name in sorted(experiment.fixed)})
        controller(self.app, DataController).use(experiment.table)

    async def _compare(self, names: Sequence[str]) -> None:
        """Draws the curves of these runs beside those of a training."""
        from lstm_forecasting.runs.folder import find_run
        from lstm_tui.runs.curves import kept_curves

        curves: list[KeptCurve] = []
        for name in names:
            try:
                run = find_run(name, self.folder)
                curves += await asyncio.to_thread(kept_curves, run)
            except InputError as error:
                self.app.notify(str(error), severity="warning", timeout=15)
        self.publish(tuple(names))
        controller(self.app, TrainController).compare(curves)
