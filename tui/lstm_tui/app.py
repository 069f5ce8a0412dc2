"""The full-screen app: what is open, chosen and running, and the keys that work on every screen."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.reactive import var
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from lstm_tui import theme
from lstm_tui.actions import ACTIONS, EVERYWHERE, bindings
from lstm_tui.screens.forecast import ForecastScreen
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.log import LogScreen
from lstm_tui.screens.open import Opened, OpenScreen
from lstm_tui.screens.train import TrainScreen
from lstm_tui.screens.workbench import WorkbenchScreen
from lstm_tui.terminal import guarded_terminal

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_plugins.discovery import Found
    from lstm_tui.training.follower import Follower, Runner
    from lstm_tui.training.state import TrainingState

DRAIN_SECONDS = 0.1
"""At most ten times a second: more is not seen, and costs the backends their processor."""
PLAN_SECONDS = 0.15
"""Rest after a keystroke before the settings are planned anew."""


class WorkbenchApp(App[None], inherit_bindings=False):
    """The workbench. Screens watch its attributes and call its actions; work never touches a widget.

    Args:
        source: a file or bundled data set to open; None asks.
        backends: short names to choose; "all", or none, chooses those that are ready.
        targets: columns to forecast.
        inputs: further columns that a forecast may see.
        settings: `ForecasterConfig` fields fixed from the start.
        plugins: False leaves the built-in backends only.
        without: names of backends to leave alone.
        runner: what runs experiments; None runs each backend in a process of its own.

    Attributes:
        ready: the engine is imported and the backends are known.
        found: every backend that is declared.
        chosen: short names of the backends to train.
        table: the series that is open.
        own_settings: what the user fixed.
        experiment: what would be trained now; None when that is not possible.
        problem: why not: the setting, or "" for something else, and one sentence.
        training: the latest one, under way or over.
    """

    TITLE = "lstm-tui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar = bindings(EVERYWHERE)
    MODES: ClassVar = {"train": TrainScreen, "forecast": ForecastScreen}
    ENABLE_COMMAND_PALETTE = True

    ready: var[bool] = var(False)
    found: var[tuple[Found, ...]] = var(())
    chosen: var[tuple[str, ...]] = var(())
    table: var[SeriesTable | None] = var(None)
    own_settings: var[Mapping[str, Any]] = var({})
    experiment: var[Experiment | None] = var(None)
    problem: var[tuple[str, str] | None] = var(None)
    training: var[TrainingState | None] = var(None)
    series_line: var[str] = var("")
    status_line: var[str] = var("")

    def __init__(
        self,
        source: str | None = None,
        backends: Sequence[str] = (),
        *,
        targets: Sequence[str] = (),
        inputs: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
        plugins: bool = True,
        without: Sequence[str] = (),
        runner: Runner | None = None,
    ) -> None:
        super().__init__()
        self._source = source
        self._backends = tuple(backends)
        self._targets = tuple(targets)
        self._inputs = tuple(inputs)
        self._plugins = plugins
        self._without = tuple(without)
        self._runner = runner
        self._follower: Follower | None = None
        self.set_reactive(WorkbenchApp.own_settings, dict(settings or {}))
        self.register_theme(theme.DARK)
        self.register_theme(theme.LIGHT)
        self.theme = theme.DARK.name

    def on_mount(self) -> None:
        """Shows the first screen; everything heavy waits until it is painted."""
        self.switch_mode("train")
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._killed, number)
        self.set_interval(DRAIN_SECONDS, self._drain)
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Ends every process, however the app ends."""
        if self._runner is not None:
            self._runner.close()

    def _killed(self, number: int) -> None:
        self.exit(return_code=128 + number)

    @work(group="begin", exit_on_error=False)
    async def _begin(self) -> None:
        self.status_line = "loading …"
        found = await asyncio.to_thread(self._load)
        usable = [one.name for one in found if one.state == "available"]
        wanted = [name for name in self._backends if name in usable]
        self.found = found
        self.chosen = tuple(wanted or usable)
        self.status_line = ""
        self.ready = True
        if self._source is None:
            self.action_open()
        else:
            self.open_series(self._source, self._targets, self._inputs)

    def _load(self) -> tuple[Found, ...]:
        from lstm_plugins.discovery import discover
        from lstm_tui import engine
        from lstm_tui.widgets.forecast import panel as forecast_panel  # noqa: F401
        from lstm_tui.widgets.settings import panel as setup_panel  # noqa: F401 - here, not when shown
        from lstm_tui.widgets.training import panel as training_panel  # noqa: F401

        if self._runner is None:
            self._runner = engine.ProcessRunner()
        found: dict[str, Found] = {}
        for one in discover(plugins=self._plugins, without=frozenset(self._without)):
            found.setdefault(one.name, one)  # of several with one name the first is the one that counts
        return tuple(found[name] for name in theme.in_order(list(found)))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Says what went wrong in a worker; the app goes on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error = event.worker.error
            self.log.error(error)
            self.notify(f"{type(error).__name__}: {error}", title="This should not happen", severity="error")
            if event.worker.group == "training" and self.training is not None:
                self._drain()
                self._show_training(self.training.broken(f"{type(error).__name__}: {error}"))

    @property
    def titles(self) -> dict[str, str]:
        """The backends' names for people, by short name."""
        return {one.name: one.backend.title if one.backend else one.name for one in self.found}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of charts for themes that are not ours."""
        ours = theme.DARK if self.current_theme.dark else theme.LIGHT
        return {name: ours.variables[name] for name in theme.OWN_VARIABLES}

    # What is open and chosen.

    @work(group="open", exclusive=True, exit_on_error=False)
    async def open_series(self, source: str, targets: Sequence[str] = (), inputs: Sequence[str] = ()) -> None:
        """Opens a file or a bundled data set; what cannot be opened is asked for again."""
        from lstm_forecasting.data.catalogue import open_data
        from lstm_forecasting.errors import InputError

        self.status_line = f"opening {source} …"
        try:
            table = await asyncio.to_thread(open_data, source, targets, inputs)
        except InputError as error:
            self.status_line = ""
            self.push_screen(OpenScreen(source, str(error)), self._opened)
            return
        self.status_line = ""
        self.use_table(table, source, inputs)

    def use_table(self, table: SeriesTable, source: str, inputs: Sequence[str] = ()) -> None:
        """Makes a table the one that is trained on."""
        self._source, self._inputs = source, tuple(inputs)
        self.training = None
        self.status_line = ""
        self.table = table
        span = f" · {table.row_text(0)} … {table.row_text(table.rows - 1)}" if table.times is not None else ""
        self.series_line = f"{table.name} · {table.frequency.name}{span} · {table.rows} rows"
        self.plan()

    def choose_targets(self, targets: Sequence[str]) -> None:
        """Opens the same series with other columns to forecast."""
        if self._source is not None:
            inputs = [name for name in self._inputs if name not in targets]
            self.open_series(self._source, targets, inputs)

    def choose_backends(self, names: Sequence[str]) -> None:
        """Other backends are to be trained."""
        self.chosen = tuple(names)
        self.plan()

    def choose_settings(self, own: Mapping[str, Any]) -> None:
        """The user fixed other settings."""
        self.own_settings = dict(own)
        self.plan()

    def refuse(self, field: str, message: str) -> None:
        """Nothing can be trained as it is now."""
        self.experiment = None
        self.problem = (field, message)
        self.refresh_bindings()

    @work(group="plan", exclusive=True, exit_on_error=False)
    async def plan(self) -> None:
        """Decides anew what would be trained, once the user rests."""
        from lstm_forecasting.errors import InputError
        from lstm_forecasting.experiment.plan import plan_experiment
        from lstm_plugins import ConfigError

        if self.table is None:
            return
        await asyncio.sleep(PLAN_SECONDS)
        if not self.chosen:
            self.refuse("", "Choose at least one backend.")
            return
        try:
            experiment = await asyncio.to_thread(plan_experiment, self.table, self.chosen, self.own_settings)
        except ConfigError as error:
            self.refuse(error.field, error.message)
        except InputError as error:
            self.refuse("", str(error))
        else:
            self.problem = None
            self.experiment = experiment
            self.refresh_bindings()

    # Training.

    @property
    def running(self) -> bool:
        """True while a training is under way."""
        return self.training is not None and self.training.running

    @work(group="training", thread=True, exit_on_error=False)
    def _follow(self, follower: Follower) -> None:
        follower.follow()

    def _drain(self) -> None:
        if self._follower is None or self.training is None:
            return
        happened = self._follower.drain()
        if happened:
            self._show_training(self.training.after(happened))

    def _show_training(self, training: TrainingState) -> None:
        before, self.training = self.training, training
        self.status_line = training.in_words
        if before is None or before.running != training.running:
            self.refresh_bindings()
        known = before.failures if before is not None else ()
        for state in training.failures:
            if state.backend not in {failed.backend for failed in known}:
                self.notify(state.reason, title=f"{self.titles[state.backend]} failed", severity="error")

    # Actions; `lstm_tui.actions` says which keys have them.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what cannot be done now; None shows it dimmed."""
        match action:
            case "train":
                return False if self.running else True if self.experiment is not None else None
            case "stop":
                return self.running
            case "open":
                return not self.running
            case "log":
                return self.training is not None
        return True

    def action_show(self, name: str) -> None:
        """Goes to a screen."""
        self.switch_mode(name)

    def action_train(self) -> None:
        """Trains what is planned."""
        from lstm_tui.training.follower import Follower
        from lstm_tui.training.state import TrainingState

        if self.experiment is None or self.running or self._runner is None:
            return
        self._follower = Follower(self.experiment, self._runner)
        self._show_training(TrainingState.of(self.experiment))
        self._follow(self._follower)

    def action_stop(self) -> None:
        """Asks for the end of the training."""
        if self._follower is not None and self.training is not None and self.running:
            self._follower.stop()
            self._show_training(self.training.asked_to_stop())

    def action_open(self) -> None:
        """Asks for a file or a bundled data set."""
        self.push_screen(OpenScreen(), self._opened)

    def _opened(self, opened: Opened | None) -> None:
        if opened is not None:
            self.own_settings = {}
            self.use_table(opened.table, opened.source)

    def action_log(self) -> None:
        """Shows what the processes wrote."""
        if self.training is not None:
            self.push_screen(LogScreen(self.training, self.titles))

    def action_keys(self) -> None:
        """Shows all keys."""
        self.push_screen(HelpScreen())

    def action_toggle_theme(self) -> None:
        """Changes between dark and light."""
        self.theme = theme.LIGHT.name if self.current_theme.dark else theme.DARK.name

    def action_leave_field(self) -> None:
        """Takes the focus away, so that single keys are keys again."""
        self.screen.set_focus(None)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: the same actions as the keys, then Textual's own for themes."""
        place = screen.place if isinstance(screen, WorkbenchScreen) else EVERYWHERE
        for action in ACTIONS:
            name = action.name.partition("(")[0]
            if action.place in (EVERYWHERE, place) and name not in _KEYS_ONLY:
                owner = self if action.place == EVERYWHERE else screen
                if owner.check_action(name, ()):
                    run = partial(self.run_action, action.name, screen if owner is screen else None)
                    yield SystemCommand(action.title, action.help, run)
        yield SystemCommand("Theme", "Choose one of all themes.", self.action_change_theme)


_KEYS_ONLY = ("leave_field", "help_quit")
"""Actions that make no sense in the command palette."""


def run_app(
    source: str | None,
    backends: tuple[str, ...] = (),
    targets: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    settings: Mapping[str, Any] | None = None,
    *,
    plugins: bool = True,
    without: tuple[str, ...] = (),
) -> int:
    """Opens the app and gives its exit code; `WorkbenchApp` says what the arguments mean."""
    with guarded_terminal():
        app = WorkbenchApp(
            source,
            backends,
            targets=targets,
            inputs=inputs,
            settings=settings,
            plugins=plugins,
            without=without,
        )
        app.run()
    return app.return_code or 0
