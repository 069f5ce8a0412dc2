"""The view of the whole series: verdict, plot, scores, errors by step, agreement and future."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from lstm_forecasting.evaluation.verdict import counted_in_words
from lstm_forecasting.experiment.lines import REACHES, Reach, first_row, fitting_reach
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.backends.controller import palette_of
from lstm_tui.cli.experiment.printed import agreement_in_words
from lstm_tui.forecast.intervals import KnownIntervals
from lstm_tui.forecast.widgets.pictures import forecast_picture
from lstm_tui.forecast.widgets.steps import StepBars
from lstm_tui.forecast.widgets.tables import future_copy, future_table, score_table, scores_copy, steps_copy
from lstm_tui.forecast.widgets.verdict import verdict_line
from lstm_tui.forecast.widgets.view import ForecastView
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette


class SeriesView(ForecastView):
    """The verdict above the plot and the numbers."""

    HALVES = ("#plot-room", "#numbers")
    DEFAULT_CSS = """
    SeriesView {
        #verdict { height: auto; width: 1fr; padding: 0 2; }
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

    def __init__(self, result: ExperimentResult, intervals: KnownIntervals) -> None:
        super().__init__(result, intervals)
        self._chosen_reach: Reach | None = None
        self._columns = 0
        self._short = False

    def compose(self) -> ComposeResult:
        """The verdict, then the plot and the numbers side by side."""
        yield Static("", id="verdict")
        with Horizontal():
            with Container(id="plot-room", classes="panel") as plot:
                plot.border_title = _plot_title(self.result)
                yield Chart(id="forecast-chart")
            with VerticalScroll(id="numbers", can_focus=False):
                with Vertical(id="score-room", classes="panel") as scores:
                    scores.border_subtitle = f"{self.key('copy')} copies"
                    yield Static("", id="scores")
                    yield Static("", id="agreement", markup=False)
                with Container(id="step-room", classes="panel") as steps:
                    steps.border_title = "MAE by horizon step"
                    yield StepBars()
                with VerticalScroll(id="future-room", classes="panel") as future:
                    future.border_title = "Future"
                    yield Static("", id="future")

    def fold(self, *, narrow: bool, numbers: bool) -> None:
        """Shows both halves, or one of them; beside the plot of a narrow terminal, the verdict is short."""
        super().fold(narrow=narrow, numbers=numbers)
        self._short = narrow and not numbers

    @property
    def reach(self) -> Reach:
        """How much of the series the plot shows."""
        return self._chosen_reach or fitting_reach(self.result, self._columns)

    @property
    def first_row(self) -> float:
        """The row at which the plot begins before the user zooms."""
        return first_row(self.result, self.reach, self._columns)

    def next_reach(self) -> None:
        """Shows more of the series, or only its end again."""
        reaches = list(REACHES)
        self._chosen_reach = reaches[(reaches.index(self.reach) + 1) % len(reaches)]

    def draw(self, palette: Palette) -> None:
        """Draws the target."""
        result, target, chart = self.result, self.target, self.query_one(Chart)
        # A hidden chart has no width; the last known one still applies.
        self._columns = chart.size.width or self._columns
        intervals = self.intervals.offered(result, target)
        verdict = verdict_line(result, target, palette, intervals, short=self._short)
        self.query_one("#verdict", Static).update(verdict)
        self.query_one(
            "#plot-room"
        ).border_subtitle = f"{REACHES[self.reach]} · {self.key('next_reach')} changes"
        chart.show(forecast_picture(result, target, self.first_row, palette, intervals))
        self.query_one("#score-room").border_title = _scores_title(result, target)
        scores = self.query_one("#scores", Static)
        scores.update(score_table(result, target, palette, scores.size.width, self.intervals))
        agreement = self.query_one("#agreement", Static)
        agreement.update(" ".join((*agreement_in_words(result), *result.notes)))
        agreement.display = result.agreement is not None or bool(result.notes)
        self.query_one(StepBars).show(result, target, palette)
        future = self.query_one("#future", Static)
        future.update(future_table(result, target, palette, future.size.width, intervals))

    @on(Chart.Resized)
    def _fit(self) -> None:
        """Draws again if the plot was drawn for another width, as before the panels beside it had theirs."""
        if self.query_one(Chart).size.width not in (0, self._columns):
            self.draw(palette_of(self))

    def tables(self) -> Sequence[CopyTable]:
        """The scores, the errors by step, and the future."""
        tables = [scores_copy(self.result, self.target), steps_copy(self.result, self.target)]
        return [*tables, future_copy(self.result)] if self.result.backends else tables


def _scores_title(result: ExperimentResult, target: int) -> str:
    counted = result.counted[:, :, target]
    return "Scores on the test part" if counted.all() else f"Scores on {counted_in_words(counted)}"


def _plot_title(result: ExperimentResult) -> str:
    step = result.experiment.table.frequency.step
    horizon = result.truth.shape[1]
    if horizon == 1:
        return f"Forecasts one {step} ahead" if step.isalpha() else f"Forecasts {step} ahead"
    return f"A new forecast every {horizon} " + (f"{step}s" if step.isalpha() else f"× {step}")
