"""The right half of the Train screen: the series before a training, curves and progress after that."""

import time

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Static

from lstm_forecasting.experiment.plan import Experiment
from lstm_tui.backends.controller import palette_of, titles_of
from lstm_tui.data.picture import series_picture
from lstm_tui.kit.bullets import Bullets
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.scrolled import Scrolled
from lstm_tui.train.controller import TrainController
from lstm_tui.train.curves import QUANTITIES, Quantity, Scale, curve_of, curves_of_kept
from lstm_tui.train.endings import endings
from lstm_tui.train.state import TrainState
from lstm_tui.train.training import TrainingState
from lstm_tui.train.widgets.picture import training_picture
from lstm_tui.train.widgets.progress import ProgressTable
from lstm_tui.train.widgets.tried import tried_table

SECONDS_OF_A_PICTURE = 0.5
"""Between two pictures of growing curves; numbers follow five times a second."""


class TrainingPanel(Container):
    """Has the CSS class `-trained` once there is a training."""

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
        #tried-room { height: auto; max-height: 40%; display: none; }
        #decisions, #tried, #endings { width: 1fr; height: auto; color: $quiet; }
    }
    """

    def compose(self) -> ComposeResult:
        """The series and the training; one of them is visible."""
        with Vertical(id="preview"):
            with Container(id="series-room", classes="panel") as room:
                room.border_title = "Series"
                yield Chart(id="series-chart")
            with Scrolled(id="tried-room", classes="panel") as tried:
                tried.border_title = "Tried on the validation part"
                yield Static("", id="tried")
            with Scrolled(id="decisions-room", classes="panel") as decisions:
                decisions.border_title = "Inferred from the data"
                yield Bullets(id="decisions")
        with Vertical(id="curves"):
            with Container(id="loss-room", classes="panel") as loss:
                loss.border_title = "Loss by epoch"
                yield Chart(id="loss-chart", label_width=8)
            with Scrolled(id="progress-room", classes="panel") as progress:
                progress.border_title = "Backends"
                yield ProgressTable()
                yield Static("", id="endings", markup=False)

    def __init__(self) -> None:
        super().__init__()
        self.quantity: Quantity = "loss"
        self.scale: Scale = "log"

    def on_mount(self) -> None:
        """Watches the training and the theme."""
        self._drawn: tuple[object, object] | None = None
        self._chart_due = 0.0
        self._later: Timer | None = None
        self._table_labels: tuple[str, str, str] | None = None
        self._chart_labels: tuple[Quantity, Scale, int] | None = None
        train = controller(self, TrainController)
        train.watch(self, lambda state: state.experiment, self._show_experiment)
        train.watch(self, lambda state: state.training, self._show_training)
        train.watch(self, lambda state: state.compared, self._draw_again, now=False)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_again())

    @property
    def _state(self) -> TrainState:
        return controller(self, TrainController).state

    def _draw_again(self) -> None:
        self._show_experiment(self._state.experiment)
        self._show_training(self._state.training)

    def _show_experiment(self, experiment: Experiment | None) -> None:
        if experiment is None:
            return
        chart = self.query_one("#series-chart", Chart)
        chart.show(series_picture(experiment.table, experiment.split, palette_of(self)))
        self.query_one("#decisions", Bullets).show(experiment.decisions)
        self.query_one("#tried-room").display = bool(experiment.tried)
        self.query_one("#tried", Static).update(tried_table(experiment.tried, palette_of(self)))

    def _show_training(self, training: TrainingState | None) -> None:
        self.set_class(training is not None, "-trained")
        if training is None:
            return
        titles, palette = titles_of(self), palette_of(self)
        histories = [state.history for state in training.backends.values()]
        rest = (self._state.compared, training.running, self.app.theme, self.quantity, self.scale)
        if (histories, rest) != self._drawn:
            early = self._chart_due - time.monotonic()
            if early > 0 and self._drawn is not None and rest == self._drawn[1]:
                # Only the curves are longer, which can wait, because every picture is a few kilobytes.
                self._later = self._later or self.set_timer(early, self._draw_later)
            else:
                self._drawn, self._chart_due = (histories, rest), time.monotonic() + SECONDS_OF_A_PICTURE
                self._draw_curves(training)
        self.query_one(ProgressTable).show(training, titles, palette)
        self._label_table(
            "\n".join(endings(training, titles)),
            f"Backends · run {training.run}" if training.run else "Backends",
            f"{key(self, 'show_forecast')} shows the forecast" if training.result is not None else "",
        )

    def _draw_later(self) -> None:
        self._later = None
        self._show_training(self._state.training)

    def _draw_curves(self, training: TrainingState) -> None:
        titles, palette, compared = titles_of(self), palette_of(self), self._state.compared
        curves = [curve_of(one, titles[one.backend], palette) for one in training.backends.values()]
        epochs = max([_epochs_shown(training), *(kept.history.epochs for kept in compared)])
        curves += curves_of_kept([kept for kept in compared if kept.run != training.run], palette)
        chart = self.query_one("#loss-chart", Chart)
        chart.show(training_picture(curves, epochs, self.quantity, self.scale, palette))
        self._label_chart(len(training.experiment.networks))

    def _label_table(self, ended: str, title: str, subtitle: str) -> None:
        """Updates the texts around the table if they have changed, because each update repaints the table."""
        if (ended, title, subtitle) == self._table_labels:
            return
        self._table_labels = ended, title, subtitle
        sentences = self.query_one("#endings", Static)
        sentences.display = bool(ended)
        sentences.update(ended)
        room = self.query_one("#progress-room")
        room.border_title, room.border_subtitle = title, subtitle

    def _label_chart(self, networks: int) -> None:
        if (self.quantity, self.scale, networks) == self._chart_labels:
            return
        self._chart_labels = self.quantity, self.scale, networks
        room = self.query_one("#loss-room")
        latest = f" · latest of {networks} networks" if networks > 1 else ""
        room.border_title = f"{self.quantity.capitalize()} by epoch{latest}"
        lines = {
            "loss": "thick validation · thin training · ◆ best",
            "learning rate": "at the end of each epoch",
            "gradient norm": "largest of each epoch, before clipping",
        }[self.quantity]
        room.border_subtitle = f"{self.scale} scale · {lines}"

    @property
    def next_quantity(self) -> Quantity:
        """The quantity that follows the visible one."""
        return QUANTITIES[(QUANTITIES.index(self.quantity) + 1) % len(QUANTITIES)]

    def draw(self, quantity: Quantity, scale: Scale) -> None:
        """Shows a quantity on a scale."""
        self.quantity, self.scale = quantity, scale
        self._show_training(self._state.training)
        chart = self.query_one("#loss-chart", Chart)
        if chart.picture is not None:
            # A zoomed range makes no sense for another quantity.
            chart.set_ylimits(*chart.picture.y)

    def focus_chart(self) -> None:
        """Focuses the visible chart."""
        self.query_one("#loss-chart" if self._state.training else "#series-chart", Chart).focus()


def _epochs_shown(training: TrainingState) -> int:
    """The end of the x axis: it doubles whenever the curves reach it, until the training ends."""
    done = max((state.history.epochs for state in training.backends.values()), default=0)
    if not training.running:
        return done
    span = 10
    while span <= done:
        span *= 2
    return min(span, training.experiment.config.epochs)
