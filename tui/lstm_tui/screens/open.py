"""The dialog that opens a file or a bundled data set."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from lstm_forecasting.data.catalogue import DataSet, data_sets
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_tui.actions import LEAVE

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".jsonl", ".ndjson", ".json")


@dataclass(frozen=True)
class Opened:
    """A table, what it was opened by, and how it was read."""

    source: str
    table: SeriesTable
    options: ReadOptions


class PathSuggester(Suggester):
    """Completes a path with the first folder or data file that fits."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The whole path, or None."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    written, start = value.rpartition("/")[::2]
    if not start:
        return None
    try:
        entries = sorted(Path(value[: len(value) - len(start)] or ".").expanduser().iterdir())
    except OSError:
        return None
    folder = f"{written}/" if "/" in value else ""
    for entry in entries:
        if entry.name.startswith(start):
            if entry.is_dir():
                return f"{folder}{entry.name}/"
            if entry.suffix.lower() in SUFFIXES:
                return f"{folder}{entry.name}"
    return None


class OpenScreen(ModalScreen["Opened | None"]):
    """Asks for a path or a name until something can be opened; errors stand under what was written.

    Args:
        source: what was asked for before.
        problem: why that could not be opened.
        options: how files are read.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss(None)", "Close", priority=True),
        LEAVE,
    ]

    def __init__(self, source: str = "", problem: str = "", options: ReadOptions = DEFAULT_OPTIONS) -> None:
        super().__init__()
        self._options = options
        self._source = source
        self._problem = problem

    def compose(self) -> ComposeResult:
        """The path above, the bundled data sets under it."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Open a series"
            dialog.border_subtitle = "Enter opens · Tab moves · Esc closes"
            yield Label("File (CSV, JSON lines or Parquet), or a name from the list", classes="caption")
            yield Input(
                self._source,
                placeholder="path/to/series.csv",
                suggester=PathSuggester(),
                select_on_focus=False,
                compact=True,
            )
            yield Label(f"✗ {self._problem}" if self._problem else "", id="problem", markup=False)
            yield Label("Bundled data sets", classes="caption")
            yield OptionList(*(Option(_line(known), id=known.name) for known in data_sets()), compact=True)

    def on_key(self, event: events.Key) -> None:
        """What is typed over the list is a path."""
        field = self.query_one(Input)
        if event.is_printable and event.character and not field.has_focus:
            field.focus()
            field.insert_text_at_cursor(event.character)
            event.stop()

    def on_mount(self) -> None:
        """The list has the focus, unless something has to be mended; a path may be typed all the same."""
        self.query_one("#problem").display = bool(self._problem)
        self.query_one(Input if self._problem else OptionList).focus()

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._open(event.value.strip())

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self._open(event.option_id)

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        # The Input also reports the value that it begins with, and its problem has to stay.
        if event.value != self._source:
            self.query_one("#problem").display = False

    @work(exclusive=True, exit_on_error=False, group="dialog")
    async def _open(self, source: str) -> None:
        from lstm_forecasting.data.catalogue import open_data
        from lstm_forecasting.errors import InputError

        try:
            table = await asyncio.to_thread(open_data, source, (), (), self._options)
        except InputError as error:
            self._source = source
            label = self.query_one("#problem", Label)
            label.update(f"✗ {error}")
            label.display = True
            return
        self.dismiss(Opened(source, table, self._options))


def _line(known: DataSet) -> Text:
    line = Text()
    line.append(f"{known.name:<16} ", style="bold")
    line.append(f"{known.frequency:<15} {known.rows:>5} rows  ")
    line.append(f"\n{known.description}", style="dim")
    return line
