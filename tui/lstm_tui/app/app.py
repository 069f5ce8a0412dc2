"""The full-screen app: the controllers of all features, their screens, and the common actions."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import AwaitMount
from textual.worker import Worker, WorkerState

from lstm_tui.app import theme
from lstm_tui.app.everywhere import OF_APP
from lstm_tui.app.screens import all_sheets, first_sheets, import_screens, make_screen
from lstm_tui.app.terminal import guarded_terminal
from lstm_tui.backends.controller import BackendsController, titles_of
from lstm_tui.cli import garbage
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.data.controller import DataController
from lstm_tui.kit.actions import EVERYWHERE, Action, bindings, with_keys
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import controller
from lstm_tui.kit.keys_in_turn import KeysInTurn
from lstm_tui.kit.tab_screen import TabScreen
from lstm_tui.kit.textual_internals.screens import SteadyStylesheet
from lstm_tui.kit.theme_names import find_theme
from lstm_tui.registry import TABS
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from lstm_tui.kit.follower import Runner

DRAIN_SECONDS = 0.2
"""Between two updates; more of them would take time from the backends and from slow connections."""
SECONDS_TO_MOUNT = 0.05
"""Delay before a new screen is painted, so that it appears complete."""
SECONDS_TO_PAINT_ONCE = 0.001
"""Delay before a known screen is painted, so that it is not painted twice; the shortest timer."""
RESTING_SECONDS = 2.0
"""Without keys or mouse, after which the user is considered idle."""
_KEYS_ONLY = ("leave_field",)
"""Actions that make no sense in the command palette."""


class WorkbenchApp(KeysInTurn[None], inherit_bindings=False):
    """The app. Work runs in workers and changes the states of the controllers; widgets watch them.

    Args:
        options: from the command line.
        runner: runs the backends; None runs each backend in its own process.

    Attributes:
        everywhere: the actions that work on every screen, with the user's keys.
        controllers: by class.
    """

    TITLE = "lstm-tui"
    # The first tab's alone, because parsing takes time; `_read_sheets` adds all others.
    CSS_PATH: ClassVar = first_sheets("train")
    BINDINGS: ClassVar = [*bindings(OF_APP), Binding("ctrl+c", "help_quit", show=False, system=True)]
    # Otherwise Textual would first show an empty screen.
    DEFAULT_MODE = "train"
    MODES: ClassVar = {feature.name: partial(make_screen, feature) for feature in TABS}

    def __init__(self, options: AppOptions, runner: Runner | None = None) -> None:
        super().__init__()
        self.options = options
        self.everywhere = with_keys(OF_APP, options.keys)
        self.controllers = _Controllers(self)
        if runner is not None:
            self.backends.runner = runner
        self._visited = {self.DEFAULT_MODE}
        self._new_screen = True
        self._sheets_read = False
        self.register_theme(theme.DARK)
        self.register_theme(theme.LIGHT)
        self.set_reactive(WorkbenchApp.theme, find_theme(options.theme))
        self.stylesheet = SteadyStylesheet(variables=self.get_css_variables())
        if options.keys:
            self.set_keymap({action.id: action.keys for action in self.actions if action.id in options.keys})

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """All actions, with the user's keys; the first paint needs only those that work everywhere."""
        from lstm_tui.app.actions import ACTIONS

        return with_keys(ACTIONS, self.options.keys)

    @property
    def activity(self) -> ActivityController:
        """The controller of the activity."""
        return controller(self, ActivityController)

    @property
    def backends(self) -> BackendsController:
        """The controller of the backends and their processes."""
        return controller(self, BackendsController)

    @property
    def data(self) -> DataController:
        """The controller of the open series."""
        return controller(self, DataController)

    @property
    def train(self) -> TrainController:
        """The controller of the plan and the latest training."""
        return controller(self, TrainController)

    def switch_mode(self, mode: str) -> AwaitMount:
        """Goes to a screen; one that was shown before appears at once."""
        self._read_sheets()
        self._new_screen = mode not in self._visited
        self._visited.add(mode)
        try:
            return super().switch_mode(mode)
        finally:
            self._new_screen = True

    def delay_update(self, delay: float = SECONDS_TO_MOUNT) -> None:
        """Delays painting a new screen, as Textual does for every screen."""
        super().delay_update(delay if self._new_screen else min(delay, SECONDS_TO_PAINT_ONCE))

    def on_mount(self) -> None:
        """Watches the states; everything slow waits until the first screen is painted."""
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(
                number, partial(self.exit, return_code=128 + number)
            )
        self._usable: object = None
        self._touched = time.monotonic()
        for one in (self.activity, self.backends, self.train):
            one.watch(self, lambda state: state, self._show_keys, now=False)
        self.set_interval(DRAIN_SECONDS, self._drain)
        self.set_interval(RESTING_SECONDS, self._rest)
        self.call_after_refresh(lambda: self.activity.run("begin", self._begin))

    async def _begin(self) -> None:
        """Imports the engine, finds the backends and opens the series, or asks for one."""
        self.activity.tell("loading …")
        self._read_sheets()
        await self.backends.load(import_screens)
        garbage.take_up()
        self.activity.tell("")
        if self.options.chapter is None:
            self.data.open_first()

    def _read_sheets(self) -> None:
        """Reads the style sheets of everything that is not shown yet.

        All at once: a screen with its own sheet would make Textual match all styles again when first shown.
        What is shown keeps its styles, which no other sheet changes.
        """
        if not self._sheets_read:
            self._sheets_read = True
            self.stylesheet.read_all(all_sheets())
            self.stylesheet.parse()

    def _drain(self) -> None:
        for one in tuple(self.controllers.values()):
            one.drain()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Reports an error in a worker; the app continues."""
        if event.state is not WorkerState.ERROR or event.worker.error is None:
            return
        problem = f"{type(event.worker.error).__name__}: {event.worker.error}"
        self.log.error(event.worker.error)
        self.notify(problem, title="Unexpected error", severity="error")
        for one in self.controllers.values():
            one.work_failed(event.worker.group, problem)

    async def on_event(self, event: events.Event) -> None:
        """Records the time of the last input."""
        if isinstance(event, events.InputEvent):
            self._touched = time.monotonic()
        await super().on_event(event)

    def _rest(self) -> None:
        if time.monotonic() - self._touched > RESTING_SECONDS:
            garbage.rest()

    def _show_keys(self) -> None:
        """Rebuilds the footer, which takes a while, if other keys work now."""
        usable = [self.check_action(name, ()) for name in ("train", "stop", "open", "log")]
        if usable != self._usable:
            self._usable = usable
            self.refresh_bindings()

    def on_unmount(self) -> None:
        """Ends every process, however the app ends."""
        self.backends.close()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of charts for themes that are not ours."""
        ours = theme.DARK if self.current_theme.dark else theme.LIGHT
        return {name: ours.variables[name] for name in theme.OWN_VARIABLES}

    # Actions; `lstm_tui.app.actions` declares their keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have no effect now; None shows them dimmed."""
        busy, ready = self.activity.state.busy, self.backends.state.ready
        match action:
            case "train":
                return not busy and (self.train.trainable or None)
            case "stop":
                return self.activity.state.stoppable
            case "open":
                return ready and not busy
            case "runs":
                return ready
            case "log":
                return self.train.state.training is not None
        return True

    def action_show(self, name: str) -> None:
        """Goes to a screen."""
        self.switch_mode(name)

    def action_train(self) -> None:
        """Trains the selected backends."""
        self.train.train()

    def action_stop(self) -> None:
        """Stops running work."""
        for one in self.controllers.values():
            one.stop()

    def action_open(self) -> None:
        """Opens another series."""
        self.data.ask()

    def action_runs(self) -> None:
        """Lists the saved runs."""
        from lstm_tui.runs.controller import RunsController

        controller(self, RunsController).ask()

    def action_log(self) -> None:
        """Shows facts about the backends, and the output of those that failed."""
        from lstm_tui.train.log import LogScreen

        if self.train.state.training is not None:
            self.push_screen(LogScreen(self.train.state.training, titles_of(self)))

    def action_copy(self) -> None:
        """Copies a table of the screen; asks which one if there are several."""
        from lstm_tui.kit.copying import copy_table
        from lstm_tui.kit.dialog import CopyScreen

        tables = self.screen.tables() if isinstance(self.screen, TabScreen) else ()
        if not tables:
            self.notify("This screen has no table yet.")
        elif len(tables) == 1:
            copy_table(self, tables[0])
        else:
            chosen = lambda table: None if table is None else copy_table(self, table)  # noqa: E731
            self.push_screen(CopyScreen(tables), chosen)

    def action_keys(self) -> None:
        """Shows all keys."""
        from lstm_tui.app.help import HelpScreen

        self.push_screen(HelpScreen(self.actions))

    def action_toggle_theme(self) -> None:
        """Switches between the dark and the light theme."""
        self.theme = theme.LIGHT.name if self.current_theme.dark else theme.DARK.name

    def action_leave_field(self) -> None:
        """Removes the focus, so that single keys work again."""
        self.screen.set_focus(None)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The entries of the command palette: all actions, and Textual's choice of themes."""
        place = screen.place if isinstance(screen, TabScreen) else EVERYWHERE
        for action in self.actions:
            if action.place in (EVERYWHERE, place) and action.base not in _KEYS_ONLY:
                owner = self if action.place == EVERYWHERE else screen
                if owner.check_action(action.base, action.parameters):
                    run = partial(self.run_action, action.name, screen if owner is screen else None)
                    yield SystemCommand(action.title, action.help, run)
        yield SystemCommand("Theme", "Choose a theme.", self.action_change_theme)


class _Controllers(dict[type[Any], Any]):
    """The controllers of an app by class, each made when something first asks for it."""

    def __init__(self, app: WorkbenchApp) -> None:
        super().__init__({ActivityController: ActivityController(app)})
        self._app = app

    def __missing__(self, kind: type[Any]) -> Any:
        made = self[kind] = kind(self._app, self._app.options)
        made.connect()
        return made


class CourseApp(WorkbenchApp):
    """The app, opened at the course."""

    CSS_PATH: ClassVar = first_sheets("learn")
    DEFAULT_MODE = "learn"


def run_app(options: AppOptions) -> int:
    """Opens the app, waits until the user leaves it, and returns its exit code."""
    with guarded_terminal():
        app = (WorkbenchApp if options.chapter is None else CourseApp)(options)
        app.run()
    return app.return_code or 0
