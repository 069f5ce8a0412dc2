"""The other half of the Data screen: the columns and their use, the options of reading, the decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Label, Static

from lstm_tui.data.columns import ColumnsTable
from lstm_tui.data.reading_form import ReadingForm
from lstm_tui.kit.option_line import OptionLine
from lstm_tui.kit.palette import Palette
from lstm_tui.kit.scrolled import Scrolled

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.experiment.plan import Experiment
    from lstm_tui.app.workbench import Workbench

HINT = "Enter or Tab reads the data again; an empty field follows the data."


class ReadingPanel(Container):
    """Shows how the series was read and hands the app what the user changes."""

    DEFAULT_CSS = """
    ReadingPanel {
        height: 1fr;
        #explanation { height: 2; width: 1fr; color: $quiet; }
        #decided { width: 1fr; height: auto; color: $quiet; }
        #decided-room { height: 1fr; min-height: 4; }
        #columns-room { height: auto; padding: 0 0 0 1; }
        #reading-room { height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """The columns, the options, and the decisions in words."""
        app = self._app
        with Container(id="columns-room", classes="panel") as columns:
            columns.border_title = "Columns"
            columns.border_subtitle = f"{app.key('use_target')} target · {app.key('use_input')} input"
            yield ColumnsTable()
        with Container(id="reading-room", classes="panel") as reading:
            reading.border_title = "Read as"
            yield ReadingForm()
            yield Label(HINT, id="explanation", markup=False)
        with Scrolled(id="decided-room", classes="panel") as decided:
            decided.border_title = "Decided from the data"
            yield Static("", id="decided", markup=False)

    def on_mount(self) -> None:
        """Follows the app and the theme."""
        app = self._app
        self.watch(app, "table", self._show_table)
        self.watch(app, "experiment", self._show_decisions)
        self.watch(app, "reading_problem", self._show_problem, init=False)
        for name in ("training", "checking"):
            self.watch(app, name, self._show_busy)
        app.theme_changed_signal.subscribe(self, lambda _: self._show_columns())

    def on_resize(self) -> None:
        """The names take the room that is left."""
        self.call_after_refresh(self._show_columns)

    @property
    def _app(self) -> Workbench:
        return cast("Workbench", self.app)

    def _show_table(self, table: SeriesTable | None) -> None:
        if table is not None:
            self.query_one(ReadingForm).show(table)
            self._show_columns()
            self._show_decisions(self._app.experiment)

    def _show_columns(self) -> None:
        app = self._app
        if app.table is not None:
            palette = Palette(app, [found.name for found in app.found])
            self.query_one(ColumnsTable).show(app.table, palette)

    def _show_decisions(self, experiment: Experiment | None) -> None:
        table = self._app.table
        if table is None:
            return
        planned = experiment is not None and experiment.table is table
        decisions = experiment.data_decisions if planned and experiment is not None else table.decisions
        self.query_one("#decided", Static).update("\n".join(f"· {text}" for text in decisions))

    def _show_problem(self, problem: tuple[str, str] | None) -> None:
        if problem is not None:
            self.query_one(ReadingForm).refuse(*problem)

    def _show_busy(self) -> None:
        self.query_one(ReadingForm).disabled = self._app.busy

    @on(ReadingForm.Changed)
    def _read_again(self, event: ReadingForm.Changed) -> None:
        self._app.read_again(event.options, event.name)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain(self) -> None:
        focused = self.screen.focused
        line = next((one for one in self.query(OptionLine) if focused is one.control), None)
        self.query_one("#explanation", Label).update(HINT if line is None else line.explanation)
