"""Plans, starts, follows and stops a backtest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lstm_tui.backends.controller import BackendsController
from lstm_tui.backtest.state import BacktestState
from lstm_tui.data.controller import DataController
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Controller, Problem, controller
from lstm_tui.kit.threads import in_thread
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from textual.app import App

    from lstm_forecasting.backtest.events import BacktestEvent
    from lstm_forecasting.backtest.plan import Backtest
    from lstm_forecasting.data.table import SeriesTable
    from lstm_tui.cli.app_options import AppOptions
    from lstm_tui.kit.follower import Follower

WORK, PLAN = "backtest", "plan of a backtest"


class BacktestController(Controller[BacktestState]):
    """Backtests the open series with the settings of Train; its state is that of the latest backtest."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, BacktestState())
        self._options = options
        self._follower: Follower[BacktestEvent] | None = None

    def connect(self) -> None:
        """Watches the series."""
        data = controller(self.app, DataController)
        data.watch(self.app, lambda state: state.opened, self._forget, now=False)

    def _forget(self) -> None:
        """Drops the backtest of another series, unless it is running."""
        if not self.state.running:
            self.publish(BacktestState())

    @property
    def _activity(self) -> ActivityController:
        return controller(self.app, ActivityController)

    def begin(self, chosen: Mapping[str, Any]) -> None:
        """Plans a backtest of the open series with these options, and starts it, unless other work runs."""
        table = controller(self.app, DataController).state.table
        if self._activity.state.busy or self.state.planning:
            return
        if table is None:
            self._refuse("", "Open a series first.")
            return
        self.publish(replace(self.state, planning=True, refused=None))
        self.run(PLAN, self._plan, table, chosen, exclusive=True)

    async def _plan(self, table: SeriesTable, chosen: Mapping[str, Any]) -> None:
        from lstm_plugins.errors import InputError, OptionError

        try:
            backtest = await in_thread(partial(self._planned, table, chosen))
        except OptionError as error:
            self._refuse(error.option, error.message)
        except InputError as error:
            self._refuse("", str(error))
        else:
            self._start(backtest)

    def _planned(self, table: SeriesTable, chosen: Mapping[str, Any]) -> Backtest:
        from lstm_forecasting.backtest.options import EVERY, MODELS, ORIGINS, REFIT, WINDOW, refit_every
        from lstm_forecasting.backtest.origins import Rolling
        from lstm_forecasting.backtest.plan import plan_backtest
        from lstm_forecasting.evaluation.intervals.levels import LEVEL
        from lstm_forecasting.experiment.abilities import common_additions, with_able_backends
        from lstm_forecasting.presets.options import BUDGET, PRESET, budget_seconds, default_preset

        train, options = controller(self.app, TrainController).state, self._options
        found = [
            one.backend
            for one in controller(self.app, BackendsController).state.found
            if one.backend is not None and one.name in train.chosen
        ]
        own = dict(train.own_settings)
        levels = own.pop(LEVEL.name, ())
        preset, budget = own.pop(PRESET.name, None), own.pop(BUDGET.name, None)
        backtest = plan_backtest(
            table,
            train.chosen,
            own,
            models=chosen[MODELS.name],
            rolling=Rolling(
                chosen[ORIGINS.name], chosen[EVERY.name], chosen[WINDOW.name], refit_every(chosen[REFIT.name])
            ),
            fractions=options.fractions,
            threads=options.threads,
            preset=preset or default_preset(own),
            budget=None if budget is None else budget_seconds(budget),
            additions=common_additions(found),
            levels=levels,
        )
        if not backtest.recipe.trains:
            return backtest
        return backtest.with_backends(with_able_backends(backtest.first, found).backends)

    def _refuse(self, option: str, message: str) -> None:
        self.publish(replace(self.state, planning=False, refused=Problem(option, message)))

    def _start(self, backtest: Backtest) -> None:
        from lstm_tui.kit.follower import Follower

        backends = controller(self.app, BackendsController)
        backends.leave_warming()
        follower = self._follower = Follower(partial(backends.runner.backtest, backtest))
        self._show(BacktestState(backtest=backtest))
        self.run(WORK, self._follow, follower, thread=True)

    def _follow(self, follower: Follower[BacktestEvent]) -> None:
        follower.follow()
        self.app.call_from_thread(self._ended)

    def _ended(self) -> None:
        self.drain()
        if self.state.running:
            self._show(replace(self.state, stopped=True))
        controller(self.app, TrainController).warm_soon()

    def stop(self) -> None:
        """Asks the backtest to end; finished folds are kept."""
        if self._follower is not None and self.state.running:
            self._follower.stop()
            self._show(replace(self.state, stopping=True))

    def drain(self) -> None:
        """Updates the state with the events since the last call."""
        happened = [] if self._follower is None else self._follower.drain()
        if happened:
            self._show(self.state.after(happened))

    def work_failed(self, group: str, problem: str) -> None:
        """Records why the backtest failed as a whole, or could not be planned."""
        if group == PLAN:
            self._refuse("", f"Planning failed unexpectedly ({problem}).")
        if group == WORK:
            self.drain()
            self._show(replace(self.state, problem=problem))

    def _show(self, state: BacktestState) -> None:
        self._activity.note(WORK, running=state.running)
        self.publish(state)
        if state.in_words:
            self._activity.tell(state.in_words)
