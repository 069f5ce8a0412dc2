"""The content of the Forecast screen, once there is a result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from lstm_forecasting.saving.forecast import save_forecast
from lstm_tui.backends.controller import BackendsController, palette_of
from lstm_tui.forecast.widgets.residual import ResidualView
from lstm_tui.forecast.widgets.series import SeriesView
from lstm_tui.forecast.widgets.single import Place, SingleView
from lstm_tui.forecast.widgets.strip import ErrorStrip
from lstm_tui.forecast.widgets.view import ForecastView
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.controller import controller

if TYPE_CHECKING:
    from lstm_forecasting.experiment.results import ExperimentResult
    from lstm_tui.kit.palette import Palette

ViewName = Literal["series", "single", "residuals"]
VIEWS: dict[ViewName, str] = {
    "series": "Series",
    "single": "Single forecasts",
    "residuals": "Residuals",
}


class ForecastPanel(Container):
    """A line of views to choose from, and the one that is chosen.

    Args:
        result: what is shown.
    """

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
        self._series = SeriesView(result)
        self._single = SingleView(result)
        self._residuals = ResidualView(result)
        self._views: dict[ViewName, ForecastView] = {
            "series": self._series,
            "single": self._single,
            "residuals": self._residuals,
        }

    def compose(self) -> ComposeResult:
        """All views; one of them is displayed."""
        yield ClickLine(id="views")
        yield from self._views.values()

    def on_mount(self) -> None:
        """Follows the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.draw())
        self.show_view("series")

    def on_resize(self) -> None:
        """What fits depends on the room there is."""
        self.call_after_refresh(self.draw)

    @property
    def view(self) -> ForecastView:
        """The one that is displayed."""
        return self._views[self.view_name]

    @property
    def next_view(self) -> ViewName:
        """The one after it."""
        names = list(VIEWS)
        return names[(names.index(self.view_name) + 1) % len(names)]

    def show_view(self, name: ViewName) -> None:
        """Displays another view."""
        self.view_name = name
        for view in self._views.values():
            view.display = view is self.view
        self.call_after_refresh(self.draw)

    def fold(self, *, narrow: bool, numbers: bool) -> None:
        """Shows both halves of the view, or one of them where there is no room for both."""
        self.view.fold(narrow=narrow, numbers=numbers)
        self.call_after_refresh(self.draw)

    @on(ErrorStrip.Chosen)
    def _clicked(self, event: ErrorStrip.Chosen) -> None:
        self.go_to(event.window)

    def go_to(self, window: int) -> None:
        """Shows another single forecast."""
        self._single.window = window
        self.draw()

    def next_target(self) -> None:
        """Shows the next target."""
        count = len(self.result.experiment.table.targets)
        for view in self._views.values():
            view.target = (view.target + 1) % count
        self.draw()

    @property
    def horizon(self) -> int:
        """Steps of a forecast."""
        return self.result.experiment.config.horizon

    def move(self, count: int) -> None:
        """Goes so many forecasts or steps on, or back."""
        self.view.move(count)
        self.draw()

    def jump(self, place: Place) -> None:
        """Goes to a single forecast by its place or its error."""
        self._single.jump(place)
        self.draw()

    def toggle_baseline(self) -> None:
        """Shows the best baseline beside a single forecast, or not."""
        view = self._single
        view.with_baseline = not view.with_baseline
        self.draw()

    def next_model(self) -> None:
        """Shows the residuals of another model."""
        self._residuals.next_model()
        self.draw()

    def next_reach(self) -> None:
        """Shows more of the series, or the end of it again."""
        self._series.next_reach()
        self.draw()

    def saving(self) -> Callable[[Path], None]:
        """What saves the forecast: all of it in a table, what the series' plot shows in a picture."""
        series, found = self._series, controller(self, BackendsController).state.found
        known = [one.name for one in found]
        return partial(
            save_forecast, self.result, targets=[series.target], first=series.first_row, known=known
        )

    def draw(self) -> None:
        """Shows everything anew."""
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
