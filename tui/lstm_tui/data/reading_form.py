"""The form of all options of reading, made from the declarations in `lstm_forecasting.data.options`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from lstm_forecasting.data.options import DEFAULT_OPTIONS, READ_OPTIONS, ReadOptions
from lstm_forecasting.data.table import Reading, SeriesTable
from lstm_plugins.errors import OptionError
from lstm_tui.kit.option_line import DATA_MARK, OWN_MARK, OptionLine, explanation


class ReadingForm(VerticalScroll, can_focus=False):
    """What held for every option. It keeps what the user wants, also while that cannot be read."""

    DEFAULT_CSS = """
    ReadingForm { height: auto; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Changed(Message):
        """The user wants the data read otherwise.

        Attributes:
            options: all of them.
            name: of the one that was changed.
        """

        options: ReadOptions
        name: str

    def __init__(self) -> None:
        super().__init__()
        self._table: SeriesTable | None = None
        self._wanted: dict[str, Any] = {}

    def compose(self) -> ComposeResult:
        """A line for every option."""
        for option in READ_OPTIONS:
            yield OptionLine(option, eager=False)

    def on_mount(self) -> None:
        """Explains the lines."""
        for line in self.query(OptionLine):
            line.explain(explanation(line.option))

    def line(self, name: str) -> OptionLine:
        """The line of an option."""
        return self.query_one(f"#option-{name}", OptionLine)

    def show(self, table: SeriesTable) -> None:
        """Shows how a series was read; what was wanted of another one is forgotten."""
        if table is self._table:
            return
        other = self._table is None or self._table.source != table.source
        self._table = table
        self._wanted = table.reading.options.to_dict()
        for line in self.query(OptionLine):
            if other or line.has_class("-refused"):
                line.remove_class("-refused")
                line.show_problem("")
            self._show_reading(line, table.reading)
            if other:
                line.forget()

    def _show_reading(self, line: OptionLine, reading: Reading) -> None:
        option = line.option
        own, held = getattr(reading.options, option.name), reading.held[option.name]
        inferred = option.inferred and held
        line.show(own, OWN_MARK if own != option.default else DATA_MARK if inferred else "", held)

    def refuse(self, name: str, message: str) -> None:
        """Puts what came of the last change under an option."""
        for line in self.query(".-refused").results(OptionLine):
            line.remove_class("-refused")
            line.show_problem("")
        self.line(name).add_class("-refused")
        self.line(name).show_problem(message)

    def as_found(self) -> None:
        """Leaves all decisions to the program again."""
        for line in self.query(OptionLine):
            line.remove_class("-refused")
            line.forget()
        self._wanted = ReadOptions().to_dict()
        self.post_message(self.Changed(ReadOptions(), READ_OPTIONS[0].name))

    @on(OptionLine.Changed)
    def _changed(self, event: OptionLine.Changed) -> None:
        event.stop()
        default = getattr(DEFAULT_OPTIONS, event.name)
        self._wanted[event.name] = default if event.value is None else event.value
        try:
            options = ReadOptions.from_dict(self._wanted)
        except OptionError as error:
            self.refuse(error.option, error.message)
        else:
            self.post_message(self.Changed(options, event.name))
