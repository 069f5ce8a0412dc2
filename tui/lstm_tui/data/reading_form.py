"""The form of all read options, built from their declarations."""

from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from lstm_forecasting.data.options import DEFAULT_OPTIONS, READ_OPTIONS, ReadOptions
from lstm_forecasting.data.table import SeriesTable
from lstm_plugins.errors import OptionError
from lstm_tui.kit.option_line import DATA_MARK, OWN_MARK, OptionLine


class ReadingForm(VerticalScroll, can_focus=False):
    """Shows how a series was read, and keeps the user's values even if the data cannot be read with them."""

    DEFAULT_CSS = """
    ReadingForm { height: auto; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Changed(Message):
        """The user changed the option `name`; `options` has all options."""

        options: ReadOptions
        name: str

    def __init__(self) -> None:
        super().__init__()
        self._table: SeriesTable | None = None
        self._wanted: dict[str, Any] = {}

    def compose(self) -> ComposeResult:
        """A line for each option."""
        for option in READ_OPTIONS:
            yield OptionLine(option, eager=False)

    def line(self, name: str) -> OptionLine:
        """The line of an option."""
        return self.query_one(f"#option-{name}", OptionLine)

    def show(self, table: SeriesTable) -> None:
        """Shows how a series was read; forgets values typed for another series."""
        if table is self._table:
            return
        other = self._table is None or self._table.source != table.source
        self._table = table
        self._wanted = table.reading.options.to_dict()
        for line in self.query(OptionLine):
            option = line.option
            own, held = getattr(table.reading.options, option.name), table.reading.held.get(option.name, "")
            mark = OWN_MARK if own != option.default else DATA_MARK if option.inferred and held else ""
            line.accept()
            if other:
                line.show_problem("")
            line.show(own, mark, held)
            if other:
                line.forget()

    def refuse(self, name: str, message: str) -> None:
        """Shows the error of the latest change below an option."""
        for line in self.query(OptionLine):
            line.accept()
        self.line(name).refuse(message)

    def as_found(self) -> None:
        """Resets all options."""
        for line in self.query(OptionLine):
            line.forget()
        self._wanted = DEFAULT_OPTIONS.to_dict()
        self.post_message(self.Changed(DEFAULT_OPTIONS, READ_OPTIONS[0].name))

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
