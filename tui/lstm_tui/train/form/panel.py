"""The left half of the Train screen: target, backends, settings and buttons."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Button, Label

from lstm_forecasting.experiment.plan import Experiment
from lstm_tui.backends.controller import BackendsController
from lstm_tui.data.controller import DataController
from lstm_tui.data.state import Opened
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.bullets import Bullets
from lstm_tui.kit.choice import Choice
from lstm_tui.kit.controller import Problem, controller
from lstm_tui.kit.option_line import OptionLine
from lstm_tui.kit.scrolled import Scrolled
from lstm_tui.train.controller import TrainController
from lstm_tui.train.form.backends import BackendChoice
from lstm_tui.train.form.form import SettingsForm

HINT = "Tab moves through the fields, Esc leaves them. Help for a field appears here."


class SetupPanel(Container):
    """Shows the plan, and reports the user's changes to the controller."""

    DEFAULT_CSS = """
    SetupPanel {
        height: 1fr;
        #what { height: auto; }
        .heading { color: $primary; text-style: bold; }
        #target-row { height: 1; margin-bottom: 1; Label { width: 8; } }
        #reasons { color: $quiet; margin-top: 1; height: auto; width: 1fr; display: none; }
        #explanation { height: 5; color: $quiet; width: 1fr; }
        #trouble { height: auto; color: $error; width: 1fr; display: none; }
        #doubts { height: auto; color: $warning; width: 1fr; display: none; }
        #buttons { height: 1; }
        Button { width: 1fr; margin-right: 1; }
        #stop { margin-right: 0; }
    }
    """

    def compose(self) -> ComposeResult:
        """Target and backends, the settings, an explanation, and the buttons."""
        state = self._train.state
        with Scrolled(id="what"):
            with Horizontal(id="target-row"):
                yield Label("target")
                yield Choice[tuple[str, ...]]([("no series is open", ())], (), id="target")
            yield Label("Backends", classes="heading")
            yield BackendChoice(controller(self, BackendsController).state.found, state.chosen)
            yield Bullets(id="reasons")
        yield SettingsForm(state.own_settings)
        with Vertical(id="doing"):
            yield Label("", id="trouble", markup=False)
            yield Label("", id="doubts", markup=False)
            yield Label("", id="explanation", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Train", variant="primary", compact=True, id="train", action="app.train")
                yield Button("Stop", compact=True, id="stop", action="app.stop", disabled=True)

    def on_mount(self) -> None:
        """Watches the controllers."""
        self._warned: tuple[str, ...] | None = None
        self._explain()
        choice = self.query_one(BackendChoice)
        controller(self, BackendsController).watch(self, lambda state: state.found, choice.show, now=False)
        controller(self, DataController).watch(self, lambda state: state.opened, self._show_table)
        self._train.watch(self, lambda state: state.experiment, self._show_experiment)
        self._train.watch(self, lambda state: state.problem, self._show_problem)
        controller(self, ActivityController).watch(self, lambda activity: activity.busy, self._show_buttons)

    @property
    def _train(self) -> TrainController:
        return controller(self, TrainController)

    def _show_table(self, opened: Opened | None) -> None:
        if opened is None:
            return
        table = opened.table
        numbers = [column.name for column in table.file_columns if column.kind == "number"]
        options: list[tuple[str, tuple[str, ...]]] = [(name, (name,)) for name in numbers]
        if len(table.targets) > 1:
            options.insert(0, (", ".join(table.targets), table.targets))
        self.query_one("#target", Choice).set_options(options, table.targets)
        if self._train.state.own_settings == self._train.first_settings:
            self.query_one(SettingsForm).go_back_to(self._train.first_settings)

    def _show_experiment(self, experiment: Experiment | None) -> None:
        if experiment is not None:
            self.query_one(SettingsForm).show(experiment)
            self._explain()
            self._show_warned()
            self.query_one("#reasons", Bullets).show(experiment.decisions)
        self._show_buttons()

    def _show_problem(self, problem: Problem | None) -> None:
        form = self.query_one(SettingsForm)
        if problem is not None and problem.about:
            form.show_conflict(problem.about, problem.text)
        trouble = self.query_one("#trouble", Label)
        trouble.display = problem is not None and not problem.about
        trouble.update(f"✗ {problem.text}" if problem is not None else "")
        self._show_warned()

    def _show_warned(self) -> None:
        """Names the settings with warnings, because their lines may be scrolled away."""
        doubts = self.query_one("#doubts", Label)
        warned = self.query_one(SettingsForm).warned if self._train.state.problem is None else ()
        if warned != self._warned:
            self._warned = warned
            doubts.display = bool(warned)
            doubts.update(
                f"~ {' and '.join(warned)} may not suit the data; see the notes below these settings."
            )

    def _show_buttons(self) -> None:
        busy = controller(self, ActivityController).state.busy
        self.query_one("#train", Button).disabled = busy or self._train.state.experiment is None
        self.query_one("#stop", Button).disabled = not busy
        self.query_one("#target", Choice).disabled = busy

    @on(SettingsForm.Changed)
    def _settings_changed(self, event: SettingsForm.Changed) -> None:
        self._train.choose_settings(event.own, event.mistaken)

    @on(BackendChoice.Changed)
    def _backends_changed(self, event: BackendChoice.Changed) -> None:
        self._train.choose_backends(event.names)

    @on(Choice.Changed)
    def _target_changed(self, event: Choice.Changed) -> None:
        if isinstance(event.value, tuple):
            controller(self, DataController).choose_targets(event.value)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain(self) -> None:
        label = self.query_one("#explanation", Label)
        focused = self.screen.focused
        line = None if focused is None else focused.parent
        # Its height is fixed: a layout of the whole screen would take longer than everything else.
        label.update(line.explanation if isinstance(line, OptionLine) else HINT, layout=False)
