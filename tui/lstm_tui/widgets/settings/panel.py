"""The left of the Train screen: the series, the backends, the settings, and the buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Label, Select, Static

from lstm_tui.widgets.settings.backends import BackendChoice
from lstm_tui.widgets.settings.field import SettingField
from lstm_tui.widgets.settings.form import SettingsForm, explanation

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.app import WorkbenchApp


HINT = "Tab moves through the fields, Esc leaves them; a field is explained here."


class SetupPanel(Container):
    """Shows what the app has planned and hands it what the user changes."""

    DEFAULT_CSS = """
    SetupPanel {
        height: 1fr;
        #what { height: auto; }
        .heading { color: $primary; text-style: bold; }
        #target-row { height: 1; margin-bottom: 1; Label { width: 8; } Select { width: 1fr; } }
        Select.-textual-compact > SelectCurrent { background: $panel; padding: 0 1; }
        #reasons { color: $quiet; margin-top: 1; height: auto; width: 1fr; display: none; }
        Select:focus > SelectCurrent { background: $block-cursor-background; background-tint: transparent; }
        #explanation { height: 4; color: $quiet; width: 1fr; }
        #explanation.-wrong { color: $error; }
        #buttons { height: 1; }
        Button { width: 1fr; margin-right: 1; }
        #stop { margin-right: 0; }
    }
    """

    def compose(self) -> ComposeResult:
        """What is trained above, the settings, then an explanation and the buttons."""
        app = self._app
        with VerticalScroll(id="what", can_focus=False):
            with Horizontal(id="target-row"):
                yield Label("target")
                yield Select[tuple[str, ...]]([], prompt="no series is open", compact=True, id="target")
            yield Label("Backends", classes="heading")
            yield BackendChoice(app.found, app.chosen)
            yield Static("", id="reasons", markup=False)
        yield SettingsForm(app.own_settings)
        with Vertical(id="doing"):
            yield Label("", id="explanation", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Train", variant="primary", compact=True, id="train", action="app.train")
                yield Button("Stop", compact=True, id="stop", action="app.stop", disabled=True)

    def on_mount(self) -> None:
        """Follows the app."""
        app = self._app
        self._explain()
        self.watch(app, "table", self._show_table)
        self.watch(app, "experiment", self._show_experiment)
        self.watch(app, "problem", self._show_problem)
        self.watch(app, "training", self._show_buttons)

    @property
    def _app(self) -> WorkbenchApp:
        return cast("WorkbenchApp", self.app)

    def _show_table(self, table: SeriesTable | None) -> None:
        select = self.query_one("#target", Select)
        if table is None:
            return
        numbers = [column.name for column in table.file_columns if column.kind == "number"]
        options: list[tuple[str, tuple[str, ...]]] = [(name, (name,)) for name in numbers]
        if len(table.targets) > 1:
            options.insert(0, (", ".join(table.targets), table.targets))
        with self.prevent(Select.Changed):
            select.set_options(options)
            select.value = table.targets
        if not self._app.own_settings:
            self.query_one(SettingsForm).own.clear()

    def _show_experiment(self, experiment: Experiment | None) -> None:
        if experiment is not None:
            self.query_one(SettingsForm).show(experiment.config)
            reasons = "\n".join(f"· {reason}" for reason in experiment.decisions)
            self.query_one("#reasons", Static).update(reasons)
        self._show_buttons()

    def _show_problem(self, problem: tuple[str, str] | None) -> None:
        form = self.query_one(SettingsForm)
        if problem is not None and problem[0]:
            form.show_conflict(*problem)
        self._explain()

    def _show_buttons(self) -> None:
        self.query_one("#train", Button).disabled = self._app.running or self._app.experiment is None
        self.query_one("#stop", Button).disabled = not self._app.running

    @on(SettingsForm.Changed)
    def _settings_changed(self, event: SettingsForm.Changed) -> None:
        mistakes = self.query_one(SettingsForm).mistakes
        if mistakes:
            self._app.refuse("", f"{mistakes[0]} has to be mended first.")
        else:
            self._app.choose_settings(event.own)

    @on(SettingsForm.Mistaken)
    def _mistaken(self, event: SettingsForm.Mistaken) -> None:
        self._app.refuse("", f"{event.names[0]} has to be mended first.")

    @on(BackendChoice.Changed)
    def _backends_changed(self, event: BackendChoice.Changed) -> None:
        self._app.choose_backends(event.names)

    @on(Select.Changed, "#target")
    def _target_changed(self, event: Select.Changed) -> None:
        value: Any = event.value
        if isinstance(value, tuple):
            self._app.choose_targets(value)

    def _reason(self, name: str) -> str:
        """Why the data gave a setting its value, where the user did not."""
        experiment = self._app.experiment
        if experiment is None or name in self._app.own_settings:
            return ""
        return next((text for text in experiment.decisions if text.startswith(f"{name} ")), "")

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain(self) -> None:
        label = self.query_one("#explanation", Label)
        problem = self._app.problem
        focused = self.screen.focused
        field = next((one for one in self.query(SettingField) if focused is one.control), None)
        label.set_class(problem is not None and not problem[0] and field is None, "-wrong")
        if field is not None:
            label.update(explanation(field.setting, self._reason(field.setting.name)))
        elif problem is not None and not problem[0]:
            label.update(f"✗ {problem[1]}")
        else:
            label.update(HINT)
