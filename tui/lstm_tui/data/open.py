"""The dialog that opens a file or a bundled data set."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import DirectoryTree, Input, Label, OptionList
from textual.widgets.option_list import Option

from lstm_forecasting.data.catalogue import DataSet, data_sets
from lstm_forecasting.data.errors import SheetError
from lstm_forecasting.data.options import DEFAULT_OPTIONS, READ_OPTIONS_BY_NAME, ReadOptions
from lstm_plugins.errors import InputError
from lstm_tui.data.recent import recent_files
from lstm_tui.data.sheet import SheetScreen
from lstm_tui.kit.ask import AskScreen, Prompt
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.files import FileTree
from lstm_tui.kit.tab_screen import TabScreen

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable

SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".parquet", ".pq", ".jsonl", ".ndjson", ".json", ".feather", ".arrow"),
    *(".xlsx", ".xlsm", ".xls", ".ods", ".gz", ".bz2", ".xz", ".zst", ".zip"),
)


class OpenScreen(AskScreen["SeriesTable"]):
    """Asks for a path or a name until it can be opened; offers recent files, bundled data sets and folders.

    Args:
        source: the previous answer.
        problem: why it could not be opened.
        options: how to read files.
    """

    VERTICAL_BREAKPOINTS = TabScreen.VERTICAL_BREAKPOINTS

    def __init__(self, source: str = "", problem: str = "", options: ReadOptions = DEFAULT_OPTIONS) -> None:
        prompt = Prompt(
            title="Open a series",
            keys="Enter opens · Tab moves · Esc closes",
            caption="File or a name from the list, then any read options: "
            "sales.csv duplicates=last decimal=comma",
            text=source,
            placeholder="path/to/series.csv",
            suffixes=SUFFIXES,
        )
        super().__init__(prompt, problem)
        self._options = options

    def answer(self, text: str) -> SeriesTable:
        """The series of a file or a data set."""
        from lstm_forecasting.data.catalogue import open_data

        source, options = file_and_options(text, self._options)
        return open_data(source, options=options)

    def can_help(self, text: str, error: InputError) -> bool:
        """Asks for the sheet of a workbook that has several."""
        if not isinstance(error, SheetError):
            return False
        source, _ = file_and_options(text, self._options)
        read = partial(self._read_sheet, text)
        self.app.push_screen(SheetScreen(Path(source).name, error.sheets), read)
        return True

    def _read_sheet(self, text: str, sheet: str | None) -> None:
        if sheet is not None:
            self.ask(f"{text} sheet={sheet}")

    def compose_choices(self) -> ComposeResult:
        """Recent files and the bundled data sets on the left, the files of a folder on the right."""
        recent, problem = _recent_or_problem()
        with Horizontal(id="choices"):
            with Vertical(id="lists"):
                if recent or problem:
                    yield Label("Recent files", classes="caption", markup=False)
                if problem:
                    yield Label(f"✗ {problem}", classes="caption", markup=False)
                if recent:
                    options = (Option(_file_line(path), id=str(path)) for path in recent)
                    yield OptionList(*options, compact=True, id="recent")
                yield Label("Bundled data sets", classes="caption", markup=False)
                bundled = (Option(_set_line(known), id=known.name) for known in data_sets())
                yield OptionList(*bundled, compact=True, id="bundled")
            with Vertical(id="browser"):
                folder = ClickLine(id="folder")
                folder.words = (Word("Files", "bold"), Word("parent folder", action="screen.up", key="Bksp"))
                yield folder
                yield FileTree(Path.cwd(), SUFFIXES, id="files")

    def on_mount(self) -> None:
        """Focuses the first list, unless the text in the field cannot be opened."""
        if not self._problem:
            self.query(OptionList).first().focus()

    def action_up(self) -> None:
        """Shows the parent folder."""
        self.query_one(FileTree).action_up()

    def on_key(self, event: events.Key) -> None:
        """Moves text typed over a list to the field."""
        field = self.query_one(Input)
        # A field learns later than the screen that it has lost the focus.
        if event.is_printable and event.character and self.focused is not field:
            field.focus()
            field.insert_text_at_cursor(event.character)
            event.stop()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.ask(event.option_id)

    @on(DirectoryTree.FileSelected)
    def _file_selected(self, event: DirectoryTree.FileSelected) -> None:
        event.stop()
        self.ask(str(event.path))


def file_and_options(text: str, options: ReadOptions) -> tuple[str, ReadOptions]:
    """The file or name at the start of the text, and `options` with the read options that follow it.

    A value may contain spaces: it ends at the next option. If a file has the whole text as its name, the text
    is that file.

    Raises:
        OptionError: a value is not allowed.
    """
    source, typed = _parts(text)
    given = ((READ_OPTIONS_BY_NAME[name], value) for name, value in typed.items())
    values = {one.name: one.parse(value) if value.strip() else one.default for one, value in given}
    return source, replace(options, **values)


def named_options(text: str) -> frozenset[str]:
    """The names of the read options in the same text."""
    return frozenset(_parts(text)[1])


def _parts(text: str) -> tuple[str, dict[str, str]]:
    """The file or name, and the text of each option by its name."""
    source, *typed = re.split(rf"\s+({'|'.join(READ_OPTIONS_BY_NAME)})=", text)
    if not typed or Path(text).exists():
        return text, {}
    return source, dict(zip(typed[::2], typed[1::2], strict=True))


def _recent_or_problem() -> tuple[list[Path], str]:
    try:
        return recent_files(), ""
    except InputError as error:
        return [], str(error)


def _file_line(path: Path) -> Text:
    home = Path.home()
    folder = f"~/{path.parent.relative_to(home)}" if path.is_relative_to(home) else str(path.parent)
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(path.name, style="bold")
    return line.append(f"  {folder}", style="dim")


def _set_line(known: DataSet) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{known.name:<16} ", style="bold")
    line.append(f"{known.frequency:<15} {known.rows:>5} rows")
    return line.append(f"\n{known.description}", style="dim")
