"""The view of single forecasts: one window of the test part, and how it compares with the others."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from lstm_forecasting.evaluation.single_forecasts import window_errors
from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_tui.forecast.intervals import KnownIntervals
from lstm_tui.forecast.widgets.pictures import single_picture
from lstm_tui.forecast.widgets.strip import ErrorStrip
from lstm_tui.forecast.widgets.tables import single_scores, single_steps, window_copy
from lstm_tui.forecast.widgets.verdict import inside_words, single_words
from lstm_tui.forecast.widgets.view import ForecastView
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette

Place = Literal["first", "last", "worst", "best"]


class SingleView(ForecastView):
    """The plot of one test window above the errors of all windows, with its numbers on the right."""

    HALVES = ("#single-room", "#single-numbers")
    DEFAULT_CSS = """
    SingleView {
        #single-words { height: auto; width: 1fr; padding: 0 2; }
        #single-room { height: 1fr; width: 1fr; padding: 0; }
        #single-numbers { height: 1fr; scrollbar-size-vertical: 1; }
        #single-chooser { padding-left: 1; }
        #single-scores { height: auto; width: 1fr; margin-bottom: 1; }
        #single-steps { height: auto; width: 1fr; }
    }
    """

    def __init__(self, result: ExperimentResult, intervals: KnownIntervals) -> None:
        super().__init__(result, intervals)
        self.window = len(result.first_rows) - 1
        self.with_baseline = True
        self._drawn: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """A sentence above; plot, errors and controls on the left, numbers on the right."""
        yield Static("", id="single-words")
        with Horizontal():
            with Vertical(id="single-room", classes="panel"):
                yield Chart(id="single-chart")
                yield ErrorStrip()
                yield ClickLine(id="single-chooser")
            with VerticalScroll(id="single-numbers", classes="panel", can_focus=False) as numbers:
                numbers.border_title = "This forecast"
                numbers.border_subtitle = f"{self.key('copy')} copies"
                yield Static("", id="single-scores")
                yield Static("", id="single-steps")

    def move(self, count: int) -> None:
        """Moves by so many forecasts."""
        self.window = min(max(0, self.window + count), len(self.result.first_rows) - 1)

    def jump(self, place: Place) -> None:
        """Goes to the first or last forecast, or to the one with the largest or smallest error."""
        errors = window_errors(self.result, self._judged(), self.target)
        self.window = {
            "first": 0,
            "last": len(errors) - 1,
            "worst": int(np.nanargmax(errors)),
            "best": int(np.nanargmin(errors)),
        }[place]

    def draw(self, palette: Palette) -> None:
        """Draws the window."""
        result, window, target = self.result, self.window, self.target
        self.query_one("#single-words", Static).update(single_words(result, window, target, palette))
        room, judged = self.query_one("#single-room"), self._judged()
        room.border_title = f"Inputs and forecast, over the error of every forecast ({judged.name})"
        baseline = result.best_baseline(target) if self.with_baseline else None
        chart = self.query_one("#single-chart", Chart)
        intervals = self.intervals.of(judged.name, target)
        room.border_subtitle = "" if intervals is None else inside_words(result, window, target, intervals)
        chart.show(single_picture(result, window, target, palette, baseline, intervals))
        if self._drawn != (window, target):
            # A part of another forecast that the user has zoomed into may contain nothing of this one.
            chart.action_reset_scales()
        self._drawn = (window, target)
        best = result.best_backend(target)
        colour = palette.quiet if best is None else palette.line(best.backend)
        errors = window_errors(result, judged, target)
        self.query_one(ErrorStrip).show(errors, window, colour, palette)
        self.query_one("#single-chooser", ClickLine).words = self._chooser(palette)
        self.query_one("#single-scores", Static).update(single_scores(result, window, target, palette))
        steps = self.query_one("#single-steps", Static)
        steps.update(single_steps(result, window, target, palette, steps.size.width, intervals))

    def tables(self) -> Sequence[CopyTable]:
        """The values of the forecast."""
        return [window_copy(self.result, self.window, self.target)]

    def _judged(self) -> Evaluation:
        """The model whose errors are shown: the best backend, or a baseline if there is none."""
        best = self.result.best_backend(self.target)
        return self.result.baselines[0] if best is None else best.evaluation

    def _chooser(self, palette: Palette) -> list[Word]:
        return [
            Word(text, palette.label, f"screen.{action}", self.key(name)) for name, text, action in _CHOICES
        ]


_CHOICES = (
    ("jump_first", "«", "jump('first')"),
    ("far_back", "‹‹", "move(-10)"),
    ("back", "‹ previous", "move(-1)"),
    ("forward", "next ›", "move(1)"),
    ("far_forward", "››", "move(10)"),
    ("jump_last", "»", "jump('last')"),
    ("jump_worst", "worst", "jump('worst')"),
    ("jump_best", "best", "jump('best')"),
    ("go_to", "date", "go_to"),
    ("baseline", "baseline", "baseline"),
)
"""Id of an action, text, and name of the action."""
