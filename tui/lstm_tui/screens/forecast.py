"""The screen of the result: what came out of the last training, in words, pictures and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from lstm_tui.actions import FORECAST, bindings
from lstm_tui.screens.folding import FoldingScreen

if TYPE_CHECKING:
    from lstm_tui.training.state import TrainingState
    from lstm_tui.widgets.forecast.panel import ForecastPanel

RESULT = "-result"
"""Class of the panel that shows a result."""
NOTHING = "There is no forecast yet.\n\nGo to Train ({show_train}) and start a training ({train})."
RUNNING = (
    "The backends are training.\n\nThe forecast appears here when they are done; {stop} stops them earlier."
)
BROKEN = "The training broke down, so there is nothing to show.\n\n{log} shows the log."


def _hint(training: TrainingState | None) -> str:
    if training is None:
        return NOTHING
    return BROKEN if training.problem else RUNNING


class ForecastScreen(FoldingScreen):
    """The last result, or what to do to get one.

    A narrow terminal has room for the plot or the numbers; `s` changes which.
    """

    BINDINGS: ClassVar = bindings(FORECAST)
    TAB = "forecast"
    HALVES = ("plot-room", "numbers")

    def compose_content(self) -> ComposeResult:
        """Empty: what belongs there depends on the training."""
        yield Container(id="body")

    def on_mount(self) -> None:
        """Follows the training."""
        self._shown: object = None
        self.watch(self.workbench, "training", self._show)

    async def _show(self, training: TrainingState | None) -> None:
        result = training.result if training is not None else None
        hint = _hint(training)
        shown = result if result is not None else hint
        if shown is self._shown or (training is not None and result is None and self._panel is not None):
            return
        body = self.query_one("#body")
        if result is not None:
            from lstm_tui.widgets.forecast.panel import ForecastPanel

            content: Widget = ForecastPanel(result)
            content.add_class(RESULT)
        else:
            keys = {name: self.workbench.key(name) for name in ("show_train", "train", "stop", "log")}
            content = Static(hint.format(**keys), id="hint", markup=False)
        self._shown = shown
        with self.app.batch_update():
            await body.remove_children()
            await body.mount(content)
        self.show_half("plot-room")
        self.refresh_bindings()

    def fold(self) -> None:
        """Draws what has another size then."""
        super().fold()
        if self._panel is not None:
            self._panel.draw_soon()

    @property
    def _panel(self) -> ForecastPanel | None:
        """What shows the result, if there is one."""
        found = self.query(f".{RESULT}")
        return cast("ForecastPanel", found.first()) if found else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on."""
        panel = self._panel
        match action:
            case "show_half":
                return panel is not None and super().check_action(action, parameters)
            case "next_view":
                return panel is not None
            case "next_target":
                return panel is not None and len(panel.result.experiment.table.targets) > 1
        return True

    def action_next_view(self) -> None:
        """Shows more of the series, or the end of it again."""
        if self._panel is not None:
            self._panel.next_reach()

    def action_next_target(self) -> None:
        """Shows the next target."""
        if self._panel is not None:
            self._panel.next_target()
