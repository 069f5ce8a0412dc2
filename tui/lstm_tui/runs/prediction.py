"""Forecasts of a file with a trained model: the dialogs that ask for the file and show the forecast."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Label, Static

from lstm_forecasting.data.options import DEFAULT_OPTIONS
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.offering import offer_of_run
from lstm_forecasting.runs.predicting import Prediction, open_model, open_series, predict
from lstm_forecasting.saving.forecast import TABLES, prediction_columns, save_prediction
from lstm_tui.backends.controller import palette_of, titles_of
from lstm_tui.data.open import SUFFIXES, file_and_options, named_options
from lstm_tui.kit.ask import AskScreen, Prompt, SaveScreen
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.copying import CopyTable, copy_table
from lstm_tui.kit.dialog import Sheet
from lstm_tui.runs.prediction_plot import prediction_picture, prediction_table


class PredictScreen(AskScreen[Prediction]):
    """Asks for a file until it can be forecast; returns the forecast of the run's best weights.

    Args:
        run: has the weights.
        source: the file of the run's own rows; "" if there is none.
    """

    def __init__(self, run: RunFolder, source: str) -> None:
        prompt = Prompt(
            title=f"Forecast a file with {run.name}",
            keys="Enter forecasts · Esc closes",
            caption="A later file, or another series with the same columns, then any read options: later.csv "
            "future=prices.csv",
            text=source,
            placeholder="path/to/later.csv",
            suffixes=SUFFIXES,
        )
        super().__init__(prompt)
        self._run = run

    def answer(self, text: str) -> Prediction:
        """The forecast; starting its backend takes seconds."""
        model = open_model(self._run.path, self._run.path.parent)
        source, options = file_and_options(text, DEFAULT_OPTIONS)
        table = open_series(model.model, source, options, named_options(text))
        return offer_of_run(predict(model, table), self._run)


class PredictionScreen(Sheet[None]):
    """Shows the end of the series, the future and its numbers, for one target at a time."""

    BINDINGS: ClassVar = [
        Binding("y", "next_target", "Next target"),
        Binding("w", "save", "Save"),
        Binding("c", "copy", "Copy"),
    ]

    def __init__(self, prediction: Prediction) -> None:
        super().__init__()
        self._prediction = prediction
        self._target = 0

    def compose(self) -> ComposeResult:
        """The model, the plot and the numbers."""
        table = self._prediction.table
        with Vertical(classes="dialog") as dialog:
            several = "y next target · " if len(table.targets) > 1 else ""
            dialog.border_subtitle = f"{several}w saves · c copies · Esc closes"
            yield Label("", id="model", markup=False)
            with Horizontal():
                with Container(id="plot"):
                    yield Chart(id="prediction-chart")
                with VerticalScroll(id="numbers"):
                    yield Static("", id="future")

    def on_mount(self) -> None:
        """Draws once everything has its size."""
        self.query_one("#numbers").focus()
        self.call_after_refresh(self._draw)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    def _draw(self) -> None:
        prediction, palette = self._prediction, palette_of(self)
        header, table = prediction.model.header, prediction.table
        title, offer = titles_of(self)[header.maker.backend], prediction.offers[self._target]
        self.query_one(".dialog").border_title = f"{table.name} · {table.targets[self._target]}"
        self.query_one("#model", Label).update(
            f"{table.rows:,} rows to {table.row_text(table.rows - 1)}; weights of {title} after epoch "
            + "\n".join((f"{header.epoch}", *prediction.bounds.decisions, offer.sentence)).rstrip()
        )
        self.query_one(Chart).show(prediction_picture(prediction, self._target, title, palette))
        self.query_one("#future", Static).update(prediction_table(prediction, self._target, title, palette))

    def action_next_target(self) -> None:
        """Shows the next target."""
        self._target = (self._target + 1) % len(self._prediction.table.targets)
        self._draw()

    def action_save(self) -> None:
        """Asks where to save the numbers."""
        name = f"{self._prediction.table.name}-forecast.csv"
        formats = ".csv, .parquet for tables, .json for programs"
        save = partial(save_prediction, self._prediction)
        self.app.push_screen(SaveScreen("forecast", formats, name, TABLES, save))

    def action_copy(self) -> None:
        """Copies the numbers with all their digits."""
        columns = prediction_columns(self._prediction)
        rows = list(zip(*columns.values(), strict=True))
        copy_table(self.app, CopyTable("the forecast", tuple(columns), rows))
