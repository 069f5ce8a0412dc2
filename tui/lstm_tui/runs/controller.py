"""Runs that are kept: opened, resumed, and compared with what is trained."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from lstm_tui.data.controller import SeriesWork

if TYPE_CHECKING:
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_forecasting.runs.folder import RunFolder
    from lstm_tui.runs.curves import KeptCurve


class RunsWork(SeriesWork):
    """Shows runs, live where another program works on one."""

    @work(group="open", exclusive=True, exit_on_error=False)
    async def open_run(self, run: RunFolder) -> None:
        """Shows a run: live where another program works on it, or what it found."""
        from lstm_forecasting.runs.watching import WatchedRun
        from lstm_plugins.errors import InputError

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
        from lstm_forecasting.runs.description import read_experiment
        from lstm_plugins.errors import InputError

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
        self.use_table(experiment.table)

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def compare_runs(self, names: Sequence[str]) -> None:
        """Draws the curves of these runs beside those of a training."""
        from lstm_forecasting.runs.folder import find_run
        from lstm_plugins.errors import InputError
        from lstm_tui.runs.curves import kept_curves

        curves: list[KeptCurve] = []
        for name in names:
            try:
                run = find_run(name, self.runs_folder)
                curves += await asyncio.to_thread(kept_curves, run)
            except InputError as error:
                self.notify(str(error), severity="warning", timeout=15)
        self.compared = tuple(names)
        self.compared_curves = tuple(curves)
