"""The dialog of the saved runs: opens, resumes, stops, compares or deletes one."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import DataTable, Label

from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.listing import RunStanding, delete_run, list_runs
from lstm_forecasting.runs.predicting import Prediction
from lstm_forecasting.runs.watching import ask_to_stop
from lstm_plugins.errors import InputError
from lstm_tui.backends.controller import titles_of
from lstm_tui.kit.dialog import ConfirmScreen, Sheet
from lstm_tui.kit.palette import theme_colour
from lstm_tui.kit.table import RowTable
from lstm_tui.runs.prediction import PredictionScreen, PredictScreen
from lstm_tui.runs.words import COLOURS, SIGNS, progress_of, size_in_words, started

KEYS = "Enter opens · r resumes · x stops · f forecasts a file · Space compares · c copies path · Del deletes"
SECONDS_BETWEEN_LOOKS = 1.0
_COLUMNS = {"run": 24, "state": 13, "started": 17, "size": 9}
_ROOM = 28
"""Least width of the last column; other columns are hidden to make room."""


@dataclass(frozen=True)
class Chosen:
    """The run to open or resume."""

    run: RunFolder
    wish: Literal["open", "resume"]


class RunsScreen(Sheet["Chosen | None"]):
    """Lists the runs of a folder, the latest first, and updates the list while it is open.

    The curves of the runs named `compared` are drawn beside those of a training.
    """

    BINDINGS: ClassVar = [
        Binding("r", "resume", "Resume"),
        Binding("x", "stop", "Stop"),
        Binding("space", "compare", "Compare"),
        Binding("f", "forecast", "Forecast a file"),
        Binding("delete,backspace", "delete", "Delete"),
        Binding("c", "copy", "Copy the path"),
    ]

    def __init__(self, folder: Path, compared: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._folder = folder
        self.compared = set(compared)
        self._runs: dict[str, RunStanding] = {}

    def compose(self) -> ComposeResult:
        """The table, and below it the facts about the run under the cursor."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Runs"
            dialog.border_subtitle = "Esc closes"
            yield RowTable()
            yield Label("loading …", id="about", markup=False)
            yield Label(KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Lists the runs at once, and again every second."""
        self.query_one(RowTable).focus()
        self._look()
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._look)

    @work(group="runs", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        try:
            found = await asyncio.to_thread(list_runs, self._folder)
        except InputError as error:
            self._tell(f"✗ {error}")
            return
        self._show(found)
        if not found:
            self._tell(f"There are no runs in {self._folder} yet; every training creates one.")

    def _show(self, found: list[RunStanding]) -> None:
        table = self.query_one(RowTable)
        chosen = table.chosen_key
        runs = {standing.run.name: standing for standing in found}
        if runs == self._runs and table.columns:
            return
        self._runs = runs
        table.clear(columns=True)
        titles, room = self._columns(table.size.width)
        for title in titles:
            table.add_column(Text(title), width=_COLUMNS[title])
        table.add_column(Text("backends"), width=room)
        for standing in found:
            cells = self._cells(standing)
            table.add_row(*(cells[title] for title in titles), cells["backends"], key=standing.run.name)
        names = list(runs)
        if chosen in names:
            table.move_cursor(row=names.index(chosen))
        self._show_chosen()

    @staticmethod
    def _columns(width: int) -> tuple[list[str], int]:
        """The titles of the columns that fit beside the last one, and the width of that one."""
        titles = list(_COLUMNS)
        while len(titles) > 2 and width - sum(_COLUMNS[title] for title in titles) < _ROOM:
            titles.pop()
        return titles, max(12, width - sum(_COLUMNS[title] for title in titles))

    def on_resize(self) -> None:
        """Shows the columns that fit."""
        self._runs = {}
        self._look()

    def _cells(self, standing: RunStanding) -> dict[str, Text]:
        sign = SIGNS[standing.state]
        colour = theme_colour(self.app, COLOURS[sign])
        titles = titles_of(self)
        mark = "◆ " if standing.run.name in self.compared else "  "
        name = Text(f"{mark}{standing.run.name}", "bold")
        name.truncate(_COLUMNS["run"] - 1, overflow="ellipsis")
        backends = "; ".join(f"{titles[one.backend]} {progress_of(one)}" for one in standing.backends)
        return {
            "run": name,
            "state": Text().append(f"{sign} ", f"bold {colour}").append(standing.state),
            "started": Text(started(standing)),
            "size": Text(size_in_words(standing.size)),
            "backends": Text(backends),
        }

    @property
    def _chosen(self) -> RunStanding | None:
        name = self.query_one(RowTable).chosen_key
        return self._runs.get(name) if name is not None else None

    @on(DataTable.RowHighlighted)
    def _show_chosen(self) -> None:
        standing = self._chosen
        if standing is None:
            return
        description = standing.description
        if description is None:
            self._tell(f"✗ {standing.problem}")
            return
        settings = description.model.settings
        words = (
            f"{description.table.name}: {', '.join(description.table.targets)}, {description.rows:,} rows, "
            f"look_back {settings['look_back']}, horizon {settings['horizon']}, hidden_units "
            f"{settings['hidden_units']}, at most {settings['epochs']} epochs, {settings['precision']}"
        )
        self._tell(f"{words}\n{standing.run.path}")

    def _tell(self, text: str) -> None:
        self.query_one("#about", Label).update(text)

    @on(DataTable.RowSelected)
    def _open(self) -> None:
        standing = self._chosen
        if standing is not None and standing.state != "damaged":
            self.dismiss(Chosen(standing.run, "open"))

    def action_resume(self) -> None:
        """Continues the run and closes the dialog."""
        standing = self._chosen
        if standing is None or standing.state == "damaged":
            return
        if standing.state == "running":
            self.notify("The run is in progress; Enter shows it.", severity="warning")
        elif standing.state == "finished":
            self.notify("The run is finished; Enter shows its result.", severity="warning")
        else:
            self.dismiss(Chosen(standing.run, "resume"))

    def action_stop(self) -> None:
        """Asks the program that trains the run to stop."""
        standing = self._chosen
        if standing is None:
            return
        try:
            ask_to_stop(standing.run)
        except InputError as error:
            self.notify(str(error), severity="warning")
        else:
            self.notify(f"{standing.run.name} was asked to stop; its best epoch so far is evaluated.")

    def action_compare(self) -> None:
        """Marks or unmarks the run; curves of marked runs are drawn beside those of a training."""
        standing = self._chosen
        if standing is not None and standing.state != "damaged":
            self.compared ^= {standing.run.name}
            self._runs = {}
            self._look()

    def action_forecast(self) -> None:
        """Asks for a file, and shows the forecast of the run's best weights for it."""
        standing = self._chosen
        if standing is None or standing.description is None:
            return
        if not any(one.epochs for one in standing.backends):
            self.notify("The run is not trained yet; r starts it.", severity="warning")
            return
        source = standing.description.table.source
        known = "" if source.startswith("bundled data set ") else source
        self.app.push_screen(PredictScreen(standing.run, known), self._show_prediction)

    def _show_prediction(self, prediction: Prediction | None) -> None:
        if prediction is not None:
            self.app.push_screen(PredictionScreen(prediction))

    def action_copy(self) -> None:
        """Copies the path of the run."""
        standing = self._chosen
        if standing is not None:
            self.app.copy_to_clipboard(str(standing.run.path))
            self.notify("Copied the path.")

    def action_delete(self) -> None:
        """Asks for confirmation, then deletes the run permanently."""
        standing = self._chosen
        if standing is None:
            return
        size = size_in_words(standing.size)
        question = f"Delete run {standing.run.name} ({standing.state}, {size}) permanently?"
        self.app.push_screen(ConfirmScreen(question, "Delete"), self._delete_if)

    def _delete_if(self, wanted: bool | None) -> None:
        standing = self._chosen
        if not wanted or standing is None:
            return
        try:
            delete_run(standing.run)
        except InputError as error:
            self.notify(str(error), severity="error", timeout=15)
        self.compared.discard(standing.run.name)
        self._look()
