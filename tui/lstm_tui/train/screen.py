"""The Train screen: settings and backends, and the curves of the training."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Static

from lstm_tui.backends.controller import BackendsController, titles_of
from lstm_tui.kit.actions import bindings
from lstm_tui.kit.controller import controller
from lstm_tui.kit.folding import FoldingScreen
from lstm_tui.train.actions import ACTIONS
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_tui.kit.copying import CopyTable
    from lstm_tui.train.curves import Quantity, Scale
    from lstm_tui.train.training import TrainingState
    from lstm_tui.train.widgets.panel import TrainingPanel


class TrainScreen(FoldingScreen):
    """Settings on the left, the series or the curves on the right; a narrow terminal shows one of them."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("setup", "watch")
    PARTS = ("lstm_tui.train.form.panel", "lstm_tui.train.widgets.panel")

    _filled: TrainingPanel | None = None
    _training_runs = False

    def compose_content(self) -> ComposeResult:
        """An empty panel until the engine is loaded."""
        with Horizontal(id="body"), Container(id="setup", classes="panel") as setup:
            setup.border_title = "Settings"
            yield Static("loading …", id="loading")

    def on_mount(self) -> None:
        """Waits for the engine and watches the training."""
        controller(self, BackendsController).watch(self, lambda state: state.ready, self._fill)
        controller(self, TrainController).watch(
            self, lambda state: state.training, self._show_curves_of_new, now=False
        )

    async def _fill(self, ready: bool) -> None:
        if not ready:
            return
        from lstm_tui.train.form.panel import SetupPanel
        from lstm_tui.train.widgets.panel import TrainingPanel

        await self.query("#loading").remove()
        await self.query_one("#setup").mount(SetupPanel())
        self._filled = TrainingPanel()
        await self.query_one("#body").mount(Container(self._filled, id="watch"))
        self.fold()

    def _show_curves_of_new(self, training: TrainingState | None) -> None:
        running = training is not None and training.running
        begun, self._training_runs = running and not self._training_runs, running
        if begun or training is None:
            self.show_half("watch" if begun else "setup")
        self.show_keys()

    def fold(self) -> None:
        """Shows the halves that fit, and the keys that apply to them."""
        super().fold()
        self.show_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have no effect now."""
        match action:
            case "zoom":
                return self._charts_shown
            case "show_quantity":
                return self._curves_shown and parameters == (self._panel.next_quantity,)
            case "show_scale":
                return self._curves_shown and parameters != (self._panel.scale,)
        return super().check_action(action, parameters)

    @property
    def _charts_shown(self) -> bool:
        return self._filled is not None and (not self.narrow or self.half == "watch")

    @property
    def _curves_shown(self) -> bool:
        return self._charts_shown and controller(self, TrainController).state.training is not None

    def action_show_quantity(self, quantity: Quantity) -> None:
        """Shows the loss, the learning rate or the gradient norm."""
        self._panel.draw(quantity, self._panel.scale)
        self.refresh_bindings()

    def action_show_scale(self, scale: Scale) -> None:
        """Switches between a logarithmic and a linear y axis."""
        self._panel.draw(self._panel.quantity, scale)
        self.refresh_bindings()

    def action_zoom(self) -> None:
        """Focuses the chart."""
        self._panel.focus_chart()

    def tables(self) -> Sequence[CopyTable]:
        """What the preset tried; the progress and the epochs of the backends."""
        from lstm_tui.train.widgets.progress import epochs_copy, progress_copy
        from lstm_tui.train.widgets.tried import tried_copy

        state, titles = controller(self, TrainController).state, titles_of(self)
        training = state.training
        plan = state.experiment if training is None else training.experiment
        tables = [tried_copy(plan.tried)] if plan is not None and plan.tried else []
        if training is not None:
            tables = [progress_copy(training, titles), epochs_copy(training, titles), *tables]
        return tables

    @property
    def _panel(self) -> TrainingPanel:
        """The panel, for actions that are hidden without one."""
        return cast("TrainingPanel", self._filled)

    def action_defaults(self) -> None:
        """Resets all settings to values inferred from the data."""
        from lstm_tui.train.form.form import SettingsForm

        for form in self.query(SettingsForm):
            form.back_to_data()
