"""The right of the Train screen: the series before a training, the curves and the progress of one after."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Static

from lstm_tui.charts.chart import Chart
from lstm_tui.palette import Palette
from lstm_tui.widgets.training.loss import loss_picture
from lstm_tui.widgets.training.preview import series_picture
from lstm_tui.widgets.training.progress import ProgressTable

if TYPE_CHECKING:
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.training.state import TrainingState
    from lstm_tui.workbench import Workbench


class TrainingPanel(Container):
    """Has the class `-trained` from the first training on."""

    DEFAULT_CSS = """
    TrainingPanel {
        height: 1fr;
        #curves { display: none; height: 1fr; }
        #preview { height: 1fr; }
        &.-trained #curves { display: block; }
        &.-trained #preview { display: none; }
        #series-room, #loss-room { height: 1fr; padding: 0; }
        #decisions-room { height: auto; max-height: 40%; }
        #progress-room { height: auto; max-height: 60%; }
        #decisions { width: 1fr; height: auto; color: $quiet; }
    }
    """

    def compose(self) -> ComposeResult:
        """Both contents; one is shown."""
        with Vertical(id="preview"):
            with Container(id="series-room", classes="panel") as room:
                room.border_title = "Series"
                yield Chart(id="series-chart")
            with VerticalScroll(id="decisions-room", classes="panel", can_focus=False) as decisions:
                decisions.border_title = "Decided from the data"
                yield Static("", id="decisions", markup=False)
        with Vertical(id="curves"):
            with Container(id="loss-room", classes="panel") as loss:
                loss.border_title = "Loss by epoch"
                loss.border_subtitle = "log scale · thick validation · thin training · ◆ best"
                yield Chart(id="loss-chart")
            with VerticalScroll(id="progress-room", classes="panel", can_focus=False) as progress:
                progress.border_title = "Backends"
                yield ProgressTable()

    def on_mount(self) -> None:
        """Follows the app and the theme."""
        app = self._app
        self._drawn: object = None
        self.watch(app, "experiment", self._show_experiment)
        self.watch(app, "training", self._show_training)
        app.theme_changed_signal.subscribe(self, lambda _: self._draw_again())

    @property
    def _app(self) -> Workbench:
        return cast("Workbench", self.app)

    def _draw_again(self) -> None:
        self._show_experiment(self._app.experiment)
        self._show_training(self._app.training)

    def _show_experiment(self, experiment: Experiment | None) -> None:
        if experiment is None:
            return
        chart = self.query_one("#series-chart", Chart)
        chart.show(series_picture(experiment, self._palette()))
        self.query_one("#decisions", Static).update("\n".join(f"· {text}" for text in experiment.decisions))

    def _show_training(self, training: TrainingState | None) -> None:
        self.set_class(training is not None, "-trained")
        if training is None:
            return
        titles, palette = self._app.titles, self._palette()
        chart = self.query_one("#loss-chart", Chart)
        curves = [(state.training, state.validation) for state in training.backends.values()]
        drawn = (curves, training.running, self.app.theme)
        if drawn != self._drawn:
            self._drawn = drawn
            chart.show(loss_picture(training, titles, palette))
        self.query_one(ProgressTable).show(training, titles, palette)
        room = self.query_one("#progress-room")
        room.border_subtitle = "2 shows the forecast" if training.result is not None else ""

    def _palette(self) -> Palette:
        return Palette(self.app, [found.name for found in self._app.found])
