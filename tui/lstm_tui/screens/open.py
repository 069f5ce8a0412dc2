"""The dialog that opens a file or a bundled data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from lstm_forecasting.data.catalogue import DataSet, data_sets
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_tui.screens.ask import AskScreen, Question

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".jsonl", ".ndjson", ".json")


@dataclass(frozen=True)
class Opened:
    """A table, what it was opened by, and how it was read."""

    source: str
    table: SeriesTable
    options: ReadOptions


class OpenScreen(AskScreen[Opened]):
    """Asks for a path or a name until something can be opened.

    Args:
        source: what was asked for before.
        problem: why that could not be opened.
        options: how files are read.
    """

    def __init__(self, source: str = "", problem: str = "", options: ReadOptions = DEFAULT_OPTIONS) -> None:
        question = Question(
            title="Open a series",
            keys="Enter opens · Tab moves · Esc closes",
            caption="File (CSV, JSON lines or Parquet), or a name from the list",
            text=source,
            placeholder="path/to/series.csv",
            suffixes=SUFFIXES,
        )
        super().__init__(question, problem)
        self._options = options

    def answer(self, text: str) -> Opened:
        """The table of a file or a data set."""
        from lstm_forecasting.data.catalogue import open_data

        return Opened(text, open_data(text, options=self._options), self._options)

    def compose_choices(self) -> ComposeResult:
        """The bundled data sets."""
        yield Label("Bundled data sets", classes="caption", id="bundled")
        yield OptionList(*(Option(_line(known), id=known.name) for known in data_sets()), compact=True)

    def on_key(self, event: events.Key) -> None:
        """What is typed over the list is a path."""
        field = self.query_one(Input)
        if event.is_printable and event.character and not field.has_focus:
            field.focus()
            field.insert_text_at_cursor(event.character)
            event.stop()

    def first_focus(self) -> Widget:
        """The list, unless something has to be mended; a path may be typed all the same."""
        return self.query_one(Input if self._problem else OptionList)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.ask(event.option_id)


def _line(known: DataSet) -> Text:
    line = Text()
    line.append(f"{known.name:<16} ", style="bold")
    line.append(f"{known.frequency:<15} {known.rows:>5} rows  ")
    line.append(f"\n{known.description}", style="dim")
    return line
