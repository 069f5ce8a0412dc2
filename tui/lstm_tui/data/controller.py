"""What is open: a file or a bundled data set."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work

from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_tui.train.planning import PlanningWork

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable


class SeriesWork(PlanningWork):
    """Opens series; a screen asks for one where there is none."""

    @abstractmethod
    def ask_for_series(
        self, source: str = "", problem: str = "", options: ReadOptions = DEFAULT_OPTIONS
    ) -> None:
        """Asks for a file or a bundled data set.

        Args:
            source: what was asked for before.
            problem: why that could not be opened.
            options: how it was, and is to be, read.
        """

    @work(group="open", exclusive=True, exit_on_error=False)
    async def open_series(
        self,
        source: str,
        targets: Sequence[str] = (),
        inputs: Sequence[str] = (),
        options: ReadOptions = DEFAULT_OPTIONS,
    ) -> None:
        """Opens a file or a bundled data set; what cannot be opened is told, or asked for again."""
        from lstm_forecasting.data.catalogue import open_data
        from lstm_plugins.errors import InputError

        self.status_line = f"opening {source} …"
        try:
            table = await asyncio.to_thread(open_data, source, targets, inputs, options)
        except InputError as error:
            self.status_line = ""
            self.planning = self._train_when_planned = False
            if self.table is None:
                self.ask_for_series(source, str(error), options)
            else:
                self.notify(str(error), severity="error", timeout=15)
                self.table = self.table  # so that the form shows again what is open
            return
        self.use_table(table)
        self.remember(table)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def read_again(self, options: ReadOptions, changed: str) -> None:
        """Reads the same data with other options.

        Args:
            options: all of them.
            changed: the one that the user has just changed, which is told what other errors came of it.
        """
        from lstm_forecasting.data.catalogue import open_again
        from lstm_plugins.errors import InputError, OptionError

        if self.table is None or self.busy:
            return
        self.status_line = f"reading {self.table.name} …"
        try:
            table = await asyncio.to_thread(open_again, self.table, options)
        except OptionError as error:
            self.reading_problem = (error.option, error.message)
        except InputError as error:
            self.reading_problem = (changed, str(error))
        else:
            self.reading_problem = None
            self.use_table(table)
        self.status_line = ""

    @work(group="remember", exit_on_error=False)
    async def remember(self, table: SeriesTable) -> None:
        """Puts the file of a table on the list of recent ones."""
        from lstm_plugins.errors import InputError
        from lstm_tui.data.recent import remember

        try:
            await asyncio.to_thread(remember, table)
        except InputError as error:
            self.notify(str(error), severity="warning")

    def use_table(self, table: SeriesTable) -> None:
        """Makes a table the one that is trained on."""
        self._leave_watched()
        self.training = None
        self.status_line = ""
        self.table = table
        span = f" · {table.row_text(0)} … {table.row_text(table.rows - 1)}" if table.times is not None else ""
        self.series_line = f"{table.name} · {table.frequency.name}{span} · {table.rows} rows"
        self.plan()

    def choose_targets(self, targets: Sequence[str]) -> None:
        """Opens the same series with other columns to forecast."""
        if self.table is not None:
            inputs = self.table.columns[len(self.table.targets) :]
            self.choose_columns(targets, [name for name in inputs if name not in targets])

    def choose_columns(self, targets: Sequence[str], inputs: Sequence[str]) -> None:
        """Opens the same series with other columns to forecast, and others that forecasts see."""
        from lstm_forecasting.data.catalogue import opened_by

        if self.table is not None and not self.busy:
            self.open_series(opened_by(self.table), targets, inputs, self.table.reading.options)
