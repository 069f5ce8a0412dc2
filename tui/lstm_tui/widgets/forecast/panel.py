"""The content of the Forecast screen, once there is a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from lstm_forecasting.experiment.lines import REACHES, Reach, fitting_reach
from lstm_tui.charts.chart import Chart
from lstm_tui.palette import Palette
from lstm_tui.screens.tab import WIDE
from lstm_tui.widgets.forecast.future import agreement_in_words, future_table
from lstm_tui.widgets.forecast.plot import forecast_picture
from lstm_tui.widgets.forecast.scores import score_table
from lstm_tui.widgets.forecast.steps import StepBars
from lstm_tui.widgets.forecast.verdict import verdict_line

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import ExperimentResult
    from lstm_tui.workbench import Workbench


class ForecastPanel(Container):
    """Verdict, plot, scores, errors by step, agreement and future of one target at a time.

    Args:
        result: what is shown.
    """

    DEFAULT_CSS = """
    ForecastPanel {
        height: 1fr;
        #verdict { height: auto; width: 1fr; padding: 0 2; margin: 0 0 0 0; }
        #plot-room { height: 1fr; width: 1fr; padding: 0; }
        #numbers { height: 1fr; }
        #score-room { height: auto; }
        #step-room { height: 1fr; min-height: 7; max-height: 14; }
        #future-room { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; padding-right: 0; }
        #numbers { scrollbar-size-vertical: 1; }
        #scores, #future, #agreement { height: auto; width: 1fr; }
        #agreement { color: $quiet; }
    }
    """

    def __init__(self, result: ExperimentResult) -> None:
        super().__init__()
        self.result = result
        self.target = 0
        self.reach: Reach | None = None
        self.numbers_first = False

    def compose(self) -> ComposeResult:
        """The verdict above, the plot and the numbers under it."""
        yield Static("", id="verdict")
        with Horizontal():
            with Container(id="plot-room", classes="panel") as plot:
                plot.border_title = _plot_title(self.result)
                yield Chart(id="forecast-chart")
            with VerticalScroll(id="numbers", can_focus=False):
                with Vertical(id="score-room", classes="panel") as scores:
                    scores.border_title = "Scores on the test part"
                    yield Static("", id="scores")
                    yield Static("", id="agreement", markup=False)
                with Container(id="step-room", classes="panel") as steps:
                    steps.border_title = "MAE by horizon step"
                    yield StepBars()
                with VerticalScroll(id="future-room", classes="panel") as future:
                    future.border_title = "Future"
                    yield Static("", id="future")

    def on_mount(self) -> None:
        """Follows the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    def on_resize(self, event: events.Resize) -> None:
        """What fits depends on the room there is."""
        # A screen that was behind another tab meanwhile gets its class for the new size only later.
        self.fold(event.size.width < WIDE)

    def fold(self, narrow: bool) -> None:
        """Shows plot and numbers, or one of them where there is no room for both."""
        self.query_one("#plot-room").display = not (narrow and self.numbers_first)
        self.query_one("#numbers").display = not narrow or self.numbers_first
        self.call_after_refresh(self._draw)

    def next_reach(self) -> None:
        """Shows more of the series, or the end of it again."""
        reaches = list(REACHES)
        now = self.reach or fitting_reach(self.result, self.query_one(Chart).size.width)
        self.reach = reaches[(reaches.index(now) + 1) % len(reaches)]
        self._draw()

    def next_target(self) -> None:
        """Shows the next target."""
        self.target = (self.target + 1) % len(self.result.experiment.table.targets)
        self._draw()

    def _draw(self) -> None:
        app = cast("Workbench", self.app)
        palette = Palette(app, [found.name for found in app.found])
        result, target = self.result, self.target
        self.query_one("#verdict", Static).update(verdict_line(result, target, palette))
        chart = self.query_one(Chart)
        reach = self.reach or fitting_reach(result, chart.size.width)
        room = self.query_one("#plot-room")
        room.border_title = _plot_title(result)
        room.border_subtitle = REACHES[reach]
        chart.show(forecast_picture(result, target, reach, palette, chart.size.width))
        scores = self.query_one("#scores", Static)
        scores.update(score_table(result, target, palette, scores.size.width))
        agreement = self.query_one("#agreement", Static)
        agreement.update(agreement_in_words(result))
        agreement.display = result.agreement is not None
        self.query_one(StepBars).show(result, target, palette)
        self.query_one("#future", Static).update(future_table(result, target, palette))


def _plot_title(result: ExperimentResult) -> str:
    """What the lines on the test part are made of."""
    step = result.experiment.table.frequency.step
    horizon = result.truth.shape[1]
    if horizon == 1:
        return f"Forecasts one {step} ahead" if step.isalpha() else f"Forecasts {step} ahead"
    return f"A new forecast every {horizon} " + (f"{step}s" if step.isalpha() else f"× {step}")
