"""The dialog of an origin: the forecasts of all models from there, and what happened."""

from textual.app import ComposeResult
from textual.containers import Vertical

from lstm_forecasting.backtest.results import BacktestResult, ModelResult
from lstm_tui.backtest.pictures import origin_picture
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.dialog import Sheet
from lstm_tui.kit.palette import Palette


class OriginScreen(Sheet[None]):
    """A chart of the truth around an origin and of the forecasts from it."""

    DEFAULT_CSS = """
    OriginScreen {
        .dialog { width: 90%; height: 80%; max-width: 140; }
        Chart { height: 1fr; }
    }
    """

    def __init__(
        self, result: BacktestResult, model: ModelResult, origin: int, target: int, palette: Palette
    ) -> None:
        """`model` is the one whose intervals are shown."""
        super().__init__()
        self._shown = result, model, origin, target, palette

    def compose(self) -> ComposeResult:
        """The chart."""
        result, model, origin, target, _ = self._shown
        backtest = result.backtest
        with Vertical(classes="dialog") as dialog:
            when = backtest.table.row_text(int(backtest.origins[origin]))
            dialog.border_title = f"{backtest.table.targets[target]} · forecasts from {when}"
            dialog.border_subtitle = f"intervals of {model.name} · Esc closes"
            yield Chart(label_width=8)

    def on_mount(self) -> None:
        """Draws the chart."""
        chart = self.query_one(Chart)
        chart.show(origin_picture(*self._shown))
        chart.focus()
