"""The left half of the Data screen: the plot of a column, and the rows."""

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from lstm_tui.backends.controller import palette_of
from lstm_tui.data.controller import DataController
from lstm_tui.data.picture import series_picture
from lstm_tui.data.rows import AHEAD, RowsTable
from lstm_tui.data.shown import names_in_use, rows_after
from lstm_tui.data.state import DataState, Opened
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.controller import controller
from lstm_tui.kit.numbers import MADE


class SeriesPanel(Vertical):
    """Draws the column that is selected in the other half, if it is in use or known ahead."""

    DEFAULT_CSS = """
    SeriesPanel {
        height: 1fr;
        #plot-room { height: 1fr; padding: 0; }
        #rows-room { height: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        """The plot above, the rows below."""
        with Container(id="plot-room", classes="panel") as plot:
            plot.border_title = "Series"
            yield Chart(id="data-chart", label_width=8)
        with Container(id="rows-room", classes="panel") as rows:
            rows.border_title = "Rows"
            yield RowsTable(id="rows")

    def on_mount(self) -> None:
        """Watches the series and the theme."""
        self._column = ""
        data = controller(self, DataController)
        data.watch(self, lambda state: state.opened, self._show_table)
        data.watch(self, lambda state: state.plan, self._draw, now=False)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    @property
    def _state(self) -> DataState:
        return controller(self, DataController).state

    def show_column(self, name: str | None) -> None:
        """Draws another column, if it is in use."""
        table = self._state.table
        if name is not None and table is not None and name in names_in_use(table) and name != self._column:
            self._column = name
            self._draw()

    def _show_table(self, opened: Opened | None) -> None:
        if opened is None:
            return
        table = opened.table
        self.query_one(RowsTable).show(table)
        made = int(table.filled.any(axis=1).sum())
        room = self.query_one("#rows-room")
        room.border_title = f"Rows · {table.rows:,}"
        ahead = rows_after(table)
        marks = [f"{MADE} filled, not in the file · {made:,} rows"] if made else []
        marks += [f"{AHEAD} known ahead · {ahead:,} rows after the end"] if ahead else []
        room.border_subtitle = "   ".join(marks)
        self._draw()

    def _draw(self) -> None:
        table = self._state.table
        if table is None:
            return
        if self._column not in names_in_use(table):
            self._column = table.targets[0]
        self.query_one("#plot-room").border_title = table.name
        self.query_one(Chart).show(series_picture(table, self._state.split, palette_of(self), self._column))

    def focus_chart(self) -> None:
        """Focuses the chart."""
        self.query_one(Chart).focus()
