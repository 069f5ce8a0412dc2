"""The view of residuals: truth minus forecast at one horizon step, and whether a pattern remains."""

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from lstm_forecasting.evaluation.intervals.levels import in_percent
from lstm_forecasting.evaluation.intervals.model import ModelIntervals
from lstm_forecasting.evaluation.residuals import Residuals, find_residuals, in_words
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_tui.forecast.intervals import KnownIntervals
from lstm_tui.forecast.widgets.pictures import correlation_picture, residual_picture
from lstm_tui.forecast.widgets.verdict import coverage_words
from lstm_tui.forecast.widgets.view import ForecastView
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.numbers import decimals_for
from lstm_tui.kit.palette import Palette


class ResidualView(ForecastView):
    """A sentence above the residuals over time and their autocorrelation."""

    HALVES = ("#time-room", "#correlation-room")
    DEFAULT_CSS = """
    ResidualView {
        #residual-words { height: auto; width: 1fr; padding: 0 2; }
        #residual-chooser { padding: 0 2; }
        #residual-charts { height: 1fr; layout: horizontal; }
        #time-room, #correlation-room { height: 1fr; width: 1fr; padding: 0; }
    }
    """

    def __init__(self, result: ExperimentResult, intervals: KnownIntervals) -> None:
        super().__init__(result, intervals)
        self.step = 1
        self.model = 0

    def compose(self) -> ComposeResult:
        """The sentence, the two charts, and the controls."""
        yield Static("", id="residual-words")
        with Container(id="residual-charts"):
            with Container(id="time-room", classes="panel"):
                yield Chart(id="time-chart")
            with Container(id="correlation-room", classes="panel"):
                yield Chart(id="correlation-chart")
        yield ClickLine(id="residual-chooser")

    def move(self, count: int) -> None:
        """Moves by so many horizon steps."""
        self.step = min(max(1, self.step + count), self.result.experiment.config.horizon)

    def next_model(self) -> None:
        """Selects the next backend or baseline."""
        self.model = (self.model + 1) % len(self.result.models)

    def draw(self, palette: Palette) -> None:
        """Draws the step."""
        result, experiment = self.result, self.result.experiment
        every = self._residuals()
        chosen, name = every[self.model], result.models[self.model].name
        words = Text()
        words.append(f"{name}, step {self.step} of {experiment.config.horizon}: ", f"bold {palette.truth}")
        words.append(in_words(chosen, experiment.season), palette.truth)
        intervals = self.intervals.of(name, self.target)
        coverage = coverage_words(intervals, self.step, palette)
        if coverage:
            words.append("\n").append(coverage)
        self.query_one("#residual-words", Static).update(words)
        room = self.query_one("#time-room")
        room.border_title = f"Truth minus forecast, step {self.step}"
        error = result.models[self.model].scores_by_step[self.step - 1][self.target].mae
        mean = f"{chosen.mean:+.{decimals_for([error])}f}".replace("-", "−")
        room.border_subtitle = f"mean {mean} ({name})"
        picture = residual_picture(result, every, self.model, palette, self.target, intervals)
        self.query_one("#time-chart", Chart).show(picture)
        self._draw_correlation(chosen, palette)
        self.query_one("#residual-chooser", ClickLine).words = self._chooser(name, palette)

    def _draw_correlation(self, chosen: Residuals, palette: Palette) -> None:
        room = self.query_one("#correlation-room")
        step = self.result.experiment.table.frequency.step
        room.border_title = f"Autocorrelation by lag, in {f'{step}s' if step.isalpha() else 'rows'}"
        chart = self.query_one("#correlation-chart", Chart)
        chart.visible = bool(len(chosen.correlations))
        season = self.result.experiment.season
        longer = f"one season ({season}) is beyond the last lag" if season > len(chosen.correlations) else ""
        room.border_subtitle = longer if chart.visible else "no autocorrelation: see above"
        if chart.visible:
            chart.show(correlation_picture(self.result, chosen, self.model, palette))

    def tables(self) -> Sequence[CopyTable]:
        """The residuals of all models, and the coverage and the autocorrelation of the selected one."""
        every = self._residuals()
        name = self.result.models[self.model].name
        intervals = self.intervals.of(name, self.target)
        tables = [residuals_copy(self.result, every)]
        if intervals is not None:
            tables.append(coverage_copy(intervals, name))
        if len(every[self.model].correlations):
            tables.append(correlations_copy(every[self.model], name))
        return tables

    def _residuals(self) -> list[Residuals]:
        return [find_residuals(self.result, one, self.target, self.step) for one in self.result.models]

    def _chooser(self, name: str, palette: Palette) -> list[Word]:
        return [
            Word("‹ previous step", palette.label, "screen.move(-1)", self.key("back")),
            Word(f"step {self.step} of {self.result.experiment.config.horizon}", f"bold {palette.truth}"),
            Word("next step ›", palette.label, "screen.move(1)", self.key("forward")),
            Word("│", palette.quiet),
            Word(f"{name} ›", palette.label, "screen.next_model", self.key("next_model")),
            Word("copy", palette.label, "screen.copy", self.key("copy")),
        ]


def residuals_copy(result: ExperimentResult, residuals: Sequence[Residuals]) -> CopyTable:
    """The residuals of each model at one step; `residuals` in the order of the models."""
    table, one = result.experiment.table, residuals[0]
    times = map(table.row_text, one.rows.tolist())
    rows = list(zip(times, *(each.values.tolist() for each in residuals), strict=True))
    names = (table.frequency.step, *(model.name for model in result.models))
    return CopyTable(f"the residuals of step {one.step}", names, rows)


def coverage_copy(intervals: ModelIntervals, name: str) -> CopyTable:
    """The measured coverage of each level by step."""
    columns = [one.by_step.tolist() for one in intervals.coverage]
    rows = [(step, *values) for step, values in enumerate(zip(*columns, strict=True), 1)]
    titles = (f"{in_percent(level)} %" for level in intervals.levels)
    return CopyTable(f"the coverage of {name}", ("step", *titles), rows)


def correlations_copy(residuals: Residuals, name: str) -> CopyTable:
    """The autocorrelation and its bound at each lag."""
    found, bounds = residuals.correlations.tolist(), residuals.bounds.tolist()
    rows = list(zip(range(1, len(found) + 1), found, bounds, strict=True))
    return CopyTable(f"the autocorrelation of {name}", ("lag", "autocorrelation", "95 % bound"), rows)
