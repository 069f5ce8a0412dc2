"""The content of the Forecast screen for a result."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from lstm_forecasting.evaluation.intervals.bands import Bands
from lstm_forecasting.evaluation.offering import next_offer
from lstm_forecasting.evaluation.scoring import with_offer
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.saving.forecast import save_forecast
from lstm_tui.backends.controller import BackendsController, palette_of
from lstm_tui.forecast.intervals import KnownIntervals, in_order_of_need
from lstm_tui.forecast.widgets.residual import ResidualView
from lstm_tui.forecast.widgets.series import SeriesView
from lstm_tui.forecast.widgets.single import SingleView
from lstm_tui.forecast.widgets.strip import ErrorStrip
from lstm_tui.forecast.widgets.view import ForecastView
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.controller import controller
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.textual_internals.screens import is_closing
from lstm_tui.kit.threads import in_thread

ViewName = Literal["series", "single", "residuals"]
VIEWS: dict[ViewName, str] = {
    "series": "Series",
    "single": "Single forecasts",
    "residuals": "Residuals",
}


class ForecastPanel(Container):
    """The names of the views, and the selected view below them."""

    DEFAULT_CSS = """
    ForecastPanel {
        height: 1fr;
        #views { padding: 0 2; }
    }
    """

    def __init__(self, result: ExperimentResult) -> None:
        super().__init__()
        self.result = result
        self.view_name: ViewName = "series"
        # Another offer makes another result; the models, and so their intervals, are the same.
        self._intervals = KnownIntervals(result.intervals)
        self.series = SeriesView(result, self._intervals)
        self.single = SingleView(result, self._intervals)
        self.residuals = ResidualView(result, self._intervals)
        self._views: dict[ViewName, ForecastView] = {
            "series": self.series,
            "single": self.single,
            "residuals": self.residuals,
        }

    def compose(self) -> ComposeResult:
        """All views; one of them is visible."""
        yield ClickLine(id="views")
        yield from self._views.values()

    def on_mount(self) -> None:
        """Shows the series."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.draw())
        self.show_view("series")
        self._find_intervals(self.view.target)

    def on_resize(self) -> None:
        """Fits the view to the new size."""
        self.call_after_refresh(self.draw)

    @property
    def view(self) -> ForecastView:
        """The visible view."""
        return self._views[self.view_name]

    @property
    def futures(self) -> tuple[Bands | None, ...]:
        """The intervals of the offered future of each target; None where they are not known yet."""
        found = (self._intervals.offered(self.result, target) for target in range(len(self.result.offers)))
        return tuple(None if one is None else one.future for one in found)

    @property
    def next_view(self) -> ViewName:
        """The view that follows it."""
        names = list(VIEWS)
        return names[(names.index(self.view_name) + 1) % len(names)]

    def show_view(self, name: ViewName) -> None:
        """Shows another view."""
        self.view_name = name
        for view in self._views.values():
            view.display = view is self.view
        self.call_after_refresh(self.draw)

    def fold(self, *, narrow: bool, numbers: bool) -> None:
        """Shows both halves of the view, or one of them in a narrow terminal."""
        self.view.fold(narrow=narrow, numbers=numbers)
        self.call_after_refresh(self.draw)

    @on(ErrorStrip.Chosen)
    def _clicked(self, event: ErrorStrip.Chosen) -> None:
        self.go_to(event.window)

    def go_to(self, window: int) -> None:
        """Shows another single forecast."""
        self.single.window = window
        self.draw()

    def next_target(self) -> None:
        """Shows the next target."""
        count = len(self.result.experiment.table.targets)
        for view in self._views.values():
            view.target = (view.target + 1) % count
        self.draw()
        self._find_intervals(self.view.target)

    @work(exclusive=True, group="intervals")
    async def _find_intervals(self, target: int) -> None:
        """Draws again once the intervals of the offered model are known, and once all are."""
        known = self._intervals
        missing = [name for name in in_order_of_need(self.result, target) if known.of(name, target) is None]
        for name in missing:
            await in_thread(known.find, name, target)
            if is_closing(self):
                return
            if name in (missing[0], missing[-1]):
                self.draw()

    def next_model(self) -> None:
        """Puts the next model's forecast of the shown target first, or shows its residuals."""
        if self.view is self.residuals:
            self.residuals.next_model()
        else:
            self.result = with_offer(self.result, next_offer(self.result, self.view.target))
            for view in self._views.values():
                view.result = self.result
        self.draw()

    def move(self, count: int) -> None:
        """Moves by so many forecasts or steps."""
        self.view.move(count)
        self.draw()

    def saving(self) -> Callable[[Path], None]:
        """A function that saves the forecast as a table, or what the plot shows as a picture."""
        series, found = self.series, controller(self, BackendsController).state.found
        known = [one.name for one in found]
        return partial(
            save_forecast, self.result, targets=[series.target], first=series.first_row, known=known
        )

    def draw(self) -> None:
        """Draws everything again."""
        palette = palette_of(self)
        self.query_one("#views", ClickLine).words = self._words(palette)
        self.view.draw(palette)

    def _words(self, palette: Palette) -> list[Word]:
        words = []
        for name, title in VIEWS.items():
            shown = name == self.view_name
            style = f"bold {palette.truth}" if shown else palette.quiet
            words.append(Word(f"{'●' if shown else '○'} {title}", style, f"screen.view('{name}')"))
        targets = self.result.experiment.table.targets
        if len(targets) > 1:
            words.append(Word("│", palette.quiet))
            key = self.view.key("next_target")
            words.append(Word(f"{targets[self.view.target]} ›", palette.label, "screen.next_target", key))
        return words
