"""The view of single forecasts: any one of the test part, and how it compares with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from lstm_forecasting.evaluation.single_forecasts import window_errors
from lstm_tui.forecast.widgets.copies import window_copy
from lstm_tui.forecast.widgets.single_numbers import single_scores, single_steps, single_words
from lstm_tui.forecast.widgets.single_plot import single_picture
from lstm_tui.forecast.widgets.strip import ErrorStrip
from lstm_tui.forecast.widgets.view import ForecastView
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.copying import CopyTable

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
    from lstm_tui.kit.palette import Palette

Place = Literal["first", "last", "worst", "best"]


class SingleView(ForecastView):
    """The plot of one test window over the errors of all, its numbers on the right.

    Args:
        result: what is shown.
    """

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

    def __init__(self, result: ExperimentResult) -> None:
        super().__init__(result)
        self.window = len(result.first_rows) - 1
        self.with_baseline = True
        self._drawn: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """In words above; plot, strip and chooser left, numbers right."""
        yield Static("", id="single-words")
        with Horizontal():
            with Vertical(id="single-room", classes="panel"):
                yield Chart(id="single-chart")
                yield ErrorStrip()
                yield ClickLine(id="single-chooser")
            with VerticalScroll(id="single-numbers", classes="panel", can_focus=False) as numbers:
                numbers.border_title = "This forecast"
                numbers.border_subtitle = "c copies"
                yield Static("", id="single-scores")
                yield Static("", id="single-steps")

    def move(self, count: int) -> None:
        """Goes so many forecasts on, or back."""
        self.window = min(max(0, self.window + count), len(self.result.first_rows) - 1)

    def jump(self, place: Place) -> None:
        """Goes to the first or last forecast, or to that with the largest or smallest error."""
        errors = window_errors(self.result, self._judged(), self.target)
        self.window = {
            "first": 0,
            "last": len(errors) - 1,
            "worst": int(np.argmax(errors)),
            "best": int(np.argmin(errors)),
        }[place]

    def draw(self, palette: Palette) -> None:
        """Shows the window."""
        result, window, target = self.result, self.window, self.target
        self.query_one("#single-words", Static).update(single_words(result, window, target, palette))
        room, judged = self.query_one("#single-room"), self._judged()
        room.border_title = f"Inputs and forecast, over the error of every forecast ({judged.name})"
        baseline = result.best_baseline(target) if self.with_baseline else None
        chart = self.query_one("#single-chart", Chart)
        chart.show(single_picture(result, window, target, palette, baseline))
        if self._drawn != (window, target):
            # Where somebody has zoomed in on another forecast, nothing of this one may be.
            chart.action_reset_scales()
        self._drawn = (window, target)
        best = result.best_backend(target)
        colour = palette.quiet if best is None else palette.line(best.backend)
        errors = window_errors(result, judged, target)
        self.query_one(ErrorStrip).show(errors, window, colour, palette)
        self.query_one("#single-chooser", ClickLine).words = _chooser(palette, self.key)
        self.query_one("#single-scores", Static).update(single_scores(result, window, target, palette))
        self.query_one("#single-steps", Static).update(single_steps(result, window, target, palette))

    def tables(self) -> Sequence[CopyTable]:
        """The values of this forecast."""
        return [window_copy(self.result, self.window, self.target)]

    def _judged(self) -> Evaluation:
        """The model whose errors tell good forecasts from bad ones: the best backend, if there is one."""
        best = self.result.best_backend(self.target)
        return self.result.baselines[0] if best is None else best.evaluation


def _chooser(palette: Palette, key: Callable[[str], str]) -> list[Word]:
    choices = (
        ("jump_first", "«", "jump('first')"),
        ("far_back", "‹‹", "far_back"),
        ("back", "‹ previous", "back"),
        ("forward", "next ›", "forward"),
        ("far_forward", "››", "far_forward"),
        ("jump_last", "»", "jump('last')"),
        ("jump_worst", "worst", "jump('worst')"),
        ("jump_best", "best", "jump('best')"),
        ("go_to", "date", "go_to"),
        ("baseline", "baseline", "baseline"),
    )
    return [Word(text, palette.label, f"screen.{action}", key(name)) for name, text, action in choices]
