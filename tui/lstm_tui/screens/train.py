"""The screen that chooses settings and backends, trains, and shows the loss while it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Static

from lstm_tui.actions import TRAIN, bindings
from lstm_tui.screens.folding import FoldingScreen

if TYPE_CHECKING:
    from lstm_tui.training.state import TrainingState


class TrainScreen(FoldingScreen):
    """Settings on the left, the series or the curves on the right.

    A narrow terminal has room for one of them; `s` changes which.
    """

    BINDINGS: ClassVar = bindings(TRAIN)
    TAB = "train"
    HALVES = ("setup", "watch")

    def compose_content(self) -> ComposeResult:
        """Empty panels; their content needs the engine and comes after the first paint."""
        with Horizontal(id="body"):
            with Container(id="setup", classes="panel") as setup:
                setup.border_title = "Settings"
                yield Static("loading …", id="loading")
            yield Container(id="watch")

    def on_mount(self) -> None:
        """Waits for the engine."""
        self.watch(self.workbench, "ready", self._fill)
        self.watch(self.workbench, "training", self._show_curves_of_new, init=False)

    async def _fill(self, ready: bool) -> None:
        if not ready:
            return
        from lstm_tui.widgets.settings.panel import SetupPanel
        from lstm_tui.widgets.training.panel import TrainingPanel

        await self.query("#loading").remove()
        await self.query_one("#setup").mount(SetupPanel())
        await self.query_one("#watch").mount(TrainingPanel())

    def _show_curves_of_new(self, before: TrainingState | None, after: TrainingState | None) -> None:
        begun = after is not None and after.running and (before is None or not before.running)
        if begun or after is None:
            self.show_half("watch" if begun else "setup")

    def action_defaults(self) -> None:
        """Takes all settings back to what the data suggests."""
        from lstm_tui.widgets.settings.form import SettingsForm

        for form in self.query(SettingsForm):
            form.back_to_data()
