"""One unit drawn as lines over the time steps of the window."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow
from lstm_tui.inspect.lines import gates_picture, states_picture, target_picture
from lstm_tui.inspect.widgets.picked import Picked
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.palette import Palette


class StepChart(Chart, can_focus=False):
    """A chart over time steps; a click picks one, and the arrow keys stay the cursor's."""

    def __init__(self, id: str) -> None:  # noqa: A002
        # Or a click would as well move what is shown.
        super().__init__(label_width=6, moves=False, id=id)

    def on_click(self, event: events.Click) -> None:
        """Picks the step under the pointer."""
        plot = self.query_one("#plot")
        column = event.screen_x - plot.content_region.x
        step, _ = self.get_coordinate_from_pixel(column, 0)
        if self.picture is not None and self.picture.x[0] <= step < self.picture.x[1]:
            self.post_message(Picked(round(step) - 1, None))


class UnitLines(Vertical):
    """The target where there is room for it, the gates, and the candidate with the states."""

    DEFAULT_CSS = """
    UnitLines { height: 1fr; width: 1fr; }
    UnitLines #target-lines { height: 1fr; }
    UnitLines #gate-lines, UnitLines #state-lines { height: 2fr; }
    """

    def compose(self) -> ComposeResult:
        """Three charts over one axis of time."""
        yield StepChart("target-lines")
        yield StepChart("gate-lines")
        yield StepChart("state-lines")

    def show(
        self, inspected: InspectedWindow, layer: InspectedLayer, unit: int, step: int, palette: Palette
    ) -> None:
        """Shows a unit, with the cursor at a step."""
        pictures = {
            "target-lines": target_picture(inspected, step, palette),
            "gate-lines": gates_picture(layer, unit, step, palette),
            "state-lines": states_picture(layer, unit, step, palette),
        }
        for name, picture in pictures.items():
            self.query_one(f"#{name}", StepChart).show(picture)
