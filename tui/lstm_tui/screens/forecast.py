"""The screen of the result: what came out of the last training, in words, pictures and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from lstm_tui.actions import FORECAST, bindings
from lstm_tui.screens.workbench import WorkbenchScreen

if TYPE_CHECKING:
    from lstm_tui.training.state import TrainingState

NOTHING = "There is no forecast yet.\n\nGo to Train (1) and start a training (t)."
RUNNING = "The backends are training.\n\nThe forecast appears here when they are done; x stops them earlier."
BROKEN = "The training broke down, so there is nothing to show.\n\nl shows the log."


class ForecastScreen(WorkbenchScreen):
    """The last result, or what to do to get one.

    A narrow terminal has room for the plot or the numbers: the class `-numbers` says which.
    """

    CSS_PATH = "forecast.tcss"
    BINDINGS: ClassVar = bindings(FORECAST)
    TAB = "forecast"

    def compose_content(self) -> ComposeResult:
        """A hint until there is a result."""
        with Container(id="body"):
            yield Static(NOTHING, id="hint")

    def on_mount(self) -> None:
        """Follows the training."""
        self._shown: object = None
        self.watch(self.workbench, "training", self._show)

    async def _show(self, training: TrainingState | None) -> None:
        result = training.result if training is not None else None
        if result is None and self._shown is None:
            hint = NOTHING if training is None else BROKEN if training.problem else RUNNING
            self.query_one("#hint", Static).update(hint)
        if result is None or result is self._shown:
            return
        from lstm_tui.widgets.forecast.panel import ForecastPanel

        self._shown = result
        body = self.query_one("#body")
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(ForecastPanel(result))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on."""
        from lstm_tui.widgets.forecast.panel import ForecastPanel

        if action in ("next_view", "next_target", "fold"):
            panels = self.query(ForecastPanel)
            if not panels:
                return False
            if action == "next_target":
                return len(panels.first().result.experiment.table.targets) > 1
            if action == "fold":
                return self.has_class("-narrow")
        return True

    def action_next_view(self) -> None:
        """Shows more of the series, or the end of it again."""
        from lstm_tui.widgets.forecast.panel import ForecastPanel

        self.query_one(ForecastPanel).next_reach()

    def action_next_target(self) -> None:
        """Shows the next target."""
        from lstm_tui.widgets.forecast.panel import ForecastPanel

        self.query_one(ForecastPanel).next_target()

    def action_fold(self) -> None:
        """Shows the plot or the numbers, where there is no room for both."""
        self.toggle_class("-numbers")
