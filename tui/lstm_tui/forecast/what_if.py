"""The dialog that asks what would happen: other values of what is known ahead, and the forecast for them."""

from typing import ClassVar

import numpy as np
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import DataTable, Input, Label

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.experiment.results import ExperimentResult, Offer
from lstm_forecasting.known.editing import value_text, with_value
from lstm_forecasting.known.own_columns import OwnColumns
from lstm_plugins.errors import InputError
from lstm_tui.backends.controller import palette_of, titles_of
from lstm_tui.forecast.answers import Answer, Ask
from lstm_tui.forecast.widgets.what_if_picture import what_if_picture
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.copying import CopyTable, copy_table
from lstm_tui.kit.dialog import Dialog
from lstm_tui.kit.numbers import decimals_of_values, shown
from lstm_tui.kit.tab_screen import TabScreen
from lstm_tui.kit.threads import in_thread

HINT = "Enter changes the value under the cursor; the forecast follows."


class WhatIfScreen(Dialog[None]):
    """A table of the rows to forecast: the values of the known columns, the forecast, and the one for them.

    The forecast is that of the model that is offered; where it is a baseline, the LSTM's is beside it.

    Args:
        result: has the series; the user's known columns are changed here only.
        backend: short name of the backend that computes the LSTM.
        first: the forecasts for the values as they are.
        ask: the forecasts for other values, called in a thread; raises InputError.
        target: the one that is shown first.
    """

    HORIZONTAL_BREAKPOINTS = TabScreen.HORIZONTAL_BREAKPOINTS

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Close", priority=True),
        Binding("d", "fill_down", "Fill down"),
        Binding("u", "undo", "Undo all"),
        Binding("y", "next_target", "Next target"),
        Binding("c", "copy", "Copy"),
    ]

    def __init__(
        self, result: ExperimentResult, backend: str, first: Answer, ask: Ask, target: int = 0
    ) -> None:
        super().__init__()
        self._table = result.experiment.table
        self._offers = result.offers
        self._backend = backend
        self._before = self._answer = first
        self._ask = ask
        self._own = self._first = self._known_of(self._table)
        self._target = target

    @staticmethod
    def _known_of(table: SeriesTable) -> OwnColumns:
        if table.known is None:
            raise ValueError("the series has no known columns")
        return table.known

    @property
    def _offer(self) -> Offer:
        return self._offers[self._target]

    @property
    def _answers(self) -> dict[str, Array]:
        """The forecasts `[steps]` of the target, by their titles."""
        shown = {"what if": self._answer.offered, "forecast": self._before.offered}
        if self._offer.kind != "lstm":
            shown["LSTM what if"] = self._answer.lstm
        return {title: values[:, self._target] for title, values in shown.items()}

    @property
    def _fixed(self) -> int:
        """Columns of the time and the answers, which stay visible when many known columns scroll."""
        return 1 + len(self._answers)

    def compose(self) -> ComposeResult:
        """The table and the picture, the field for a value below them."""
        with Vertical(classes="dialog") as dialog:
            several = "y next target · " if len(self._table.targets) > 1 else ""
            dialog.border_subtitle = f"d fills down · u undoes all · {several}c copies · Esc closes"
            with Horizontal():
                yield DataTable[Text](cursor_type="cell", id="values")
                with Container(id="picture"):
                    yield Chart(id="what-if-chart")
            yield Input(compact=True, id="value", disabled=True, select_on_focus=True)
            yield Label(HINT, id="about", markup=False)

    def on_mount(self) -> None:
        """Fills the table, then draws once everything has its size."""
        self._values.focus()
        self._fill()
        self._values.move_cursor(row=0, column=self._fixed)
        self.call_after_refresh(self._draw)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    @property
    def _values(self) -> "DataTable[Text]":
        return self.query_one("#values", DataTable)

    @property
    def _titles(self) -> tuple[str, ...]:
        return (self._table.frequency.step, *self._answers, *self._own.names)

    @property
    def _model(self) -> str:
        """The model that is offered for the target, in words."""
        lstm = f"LSTM of {titles_of(self)[self._backend]}"
        return lstm if self._offer.kind == "lstm" else self._offer.name

    def _fill(self) -> None:
        """Shows the values and the forecasts; the cursor stays."""
        table, cursor, answers = self._values, self._values.cursor_coordinate, self._answers
        table.clear(columns=True)
        table.fixed_columns = self._fixed
        for title in self._titles:
            table.add_column(Text(title))
        decimals = decimals_of_values([float(value) for answer in answers.values() for value in answer])
        for step, numbers in enumerate(zip(*answers.values(), strict=True)):
            row = self._table.rows + step
            table.add_row(
                Text(self._table.row_text(row)),
                *(Text(shown(float(number), decimals), justify="right") for number in numbers),
                *(self._cell(row, column) for column in range(len(self._own.names))),
            )
        table.move_cursor(row=cursor.row, column=cursor.column)
        title = f"What if · {self._table.targets[self._target]} · {self._model}"
        self.query_one(".dialog").border_title = title

    def _cell(self, row: int, column: int) -> Text:
        text, before = value_text(self._own, row, column), value_text(self._first, row, column)
        style = "bold" if text != before else ""
        return Text(text or "–", style, justify="left" if self._own.words[column] else "right")

    def _draw(self) -> None:
        palette = palette_of(self)
        target, intervals = self._target, self._answer.intervals[self._target]
        picture = what_if_picture(self._table, target, self._backend, self._answers, palette, intervals)
        self.query_one(Chart).show(picture)

    @property
    def _place(self) -> tuple[int, int] | None:
        """Row of the series and known column under the cursor; None elsewhere."""
        row, column = self._values.cursor_coordinate
        fixed = self._fixed
        return (self._table.rows + row, column - fixed) if column >= fixed else None

    @on(DataTable.CellSelected)
    def _edit(self) -> None:
        place = self._place
        if place is None:
            return
        field = self.query_one("#value", Input)
        field.disabled = False
        field.value = value_text(self._own, *place)
        field.focus()
        words = self._own.words[place[1]]
        self._tell(f"One of {', '.join(words)}, or empty for none" if words else "A number; Enter applies it")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        place = self._place
        if place is not None and self._change([place[0]], place[1], event.value):
            self._leave_field()

    def _leave_field(self) -> None:
        self._values.focus()
        self.query_one("#value", Input).disabled = True

    def action_leave(self) -> None:
        """Leaves the field, or closes the dialog."""
        if self.query_one("#value", Input).has_focus:
            self._leave_field()
            self._tell(HINT)
        else:
            self.dismiss(None)

    def action_fill_down(self) -> None:
        """Gives the rows below the value under the cursor."""
        place = self._place
        if place is not None:
            row, column = place
            rows = range(row, self._table.rows + len(self._before.lstm))
            self._change(rows, column, value_text(self._own, row, column))

    def action_undo(self) -> None:
        """Shows the values as they were."""
        self._use(self._first)

    def action_next_target(self) -> None:
        """Shows the next target."""
        self._target = (self._target + 1) % len(self._table.targets)
        self._fill()
        self._draw()

    def action_copy(self) -> None:
        """Copies the table with all digits."""
        answers = zip(*self._answers.values(), strict=True)
        rows = [
            (
                self._table.row_text(row),
                *map(float, numbers),
                *(value_text(self._own, row, column) for column in range(len(self._own.names))),
            )
            for row, numbers in enumerate(answers, self._table.rows)
        ]
        copy_table(self.app, CopyTable("what if", self._titles, rows))

    def _change(self, rows: "range | list[int]", column: int, text: str) -> bool:
        """Changes values and asks for their forecast; False if the text is no value."""
        try:
            own = with_value(self._own, rows, column, text)
        except InputError as error:
            self._tell(f"✗ {error}")
            return False
        self._use(own)
        return True

    def _use(self, own: OwnColumns) -> None:
        self._own = own
        self._fill()
        self._tell("computing …")
        self._forecast_again(own)

    @work(exclusive=True, group="what if", exit_on_error=False)
    async def _forecast_again(self, own: OwnColumns) -> None:
        try:
            self._answer = await in_thread(self._ask, own)
        except InputError as error:
            self._tell(f"✗ {error}")
            return
        self._fill()
        self._draw()
        self._tell((own is not self._first and self._unchanged) or HINT)

    @property
    def _unchanged(self) -> str:
        """Says that an offered baseline forecasts the same; empty if it does not."""
        target, offer = self._target, self._offer
        same = np.array_equal(self._answer.offered[:, target], self._before.offered[:, target])
        return (
            f"The forecast of {offer.name} does not depend on this." if same and offer.kind != "lstm" else ""
        )

    def _tell(self, text: str) -> None:
        self.query_one("#about", Label).update(text)
