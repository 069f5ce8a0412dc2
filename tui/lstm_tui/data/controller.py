"""Opens files and bundled data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_tui.data.state import Checked, DataState, Opened, Planned
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Controller, Problem, controller
from lstm_tui.kit.threads import in_thread

if TYPE_CHECKING:
    from textual.app import App

    from lstm_forecasting.data.errors import SheetError
    from lstm_forecasting.data.finding import Finding
    from lstm_forecasting.data.table import SeriesTable
    from lstm_tui.cli.app_options import AppOptions


class DataController(Controller[DataState]):
    """Opens series, and asks for one if there is none."""

    def __init__(self, app: App[Any], options: AppOptions) -> None:
        super().__init__(app, DataState(opening=options.source is not None))
        self._options = options
        self._asked = ("", DEFAULT_OPTIONS)
        """What is being opened, and the options of reading."""

    @property
    def _activity(self) -> ActivityController:
        return controller(self.app, ActivityController)

    def open_first(self) -> None:
        """Opens the series that the command line names, or asks for one."""
        options = self._options
        if options.source is None:
            self.ask()
        else:
            self.open(options.source, options.targets, options.inputs, options.reading)

    def ask(self, source: str = "", problem: str = "", options: ReadOptions = DEFAULT_OPTIONS) -> None:
        """Asks for a file or a bundled data set; `problem` says why `source` could not be opened."""
        from lstm_tui.data.open import OpenScreen

        self.app.push_screen(OpenScreen(source, problem, options), self._chosen)

    def _chosen(self, table: SeriesTable | None) -> None:
        if table is not None:
            self.use(table, chosen=True)
            if table.candidates:
                self.ask_target(table)
            self.run("remember", self._remember, table)
            self.app.switch_mode("data")

    def open(
        self,
        source: str,
        targets: Sequence[str] = (),
        inputs: Sequence[str] = (),
        options: ReadOptions = DEFAULT_OPTIONS,
    ) -> None:
        """Opens a file or a bundled data set; on failure, reports the error or asks again."""
        self.run("open", self._open, source, targets, inputs, options, exclusive=True)

    async def _open(
        self, source: str, targets: Sequence[str], inputs: Sequence[str], options: ReadOptions
    ) -> None:
        from lstm_forecasting.data.catalogue import open_data
        from lstm_forecasting.data.errors import SheetError
        from lstm_plugins.errors import InputError

        self._activity.tell(f"opening {source} …")
        self._asked = source, options
        try:
            table = await in_thread(open_data, source, targets, inputs, options)
        except SheetError as error:
            self._activity.tell("")
            self._ask_sheet(source, targets, inputs, options, error)
            return
        except InputError as error:
            self._activity.tell("")
            self._refused(source, options, str(error))
            return
        self.use(table)
        if table.candidates:
            self.ask_target(table)
        self.run("remember", self._remember, table)

    def work_failed(self, group: str, problem: str) -> None:
        """After an unexpected error in reading, asks again, or keeps the open series; the app reports it."""
        if group == "open":
            self._activity.tell("")
            source, options = self._asked
            self._go_back(source, options, f"Reading {source} failed unexpectedly ({problem}).")

    def _refused(self, source: str, options: ReadOptions, problem: str) -> None:
        """Asks again, or reports the problem beside the series that is still open."""
        if self.state.table is not None:
            self.app.notify(problem, severity="error", timeout=15)
        self._go_back(source, options, problem)

    def _go_back(self, source: str, options: ReadOptions, problem: str) -> None:
        """Asks again with the problem, or resets the forms to the series that is still open."""
        if self.state.table is None:
            self.publish(replace(self.state, opening=False))
            self.ask(source, problem, options)
        else:
            self.publish(replace(self.state, opening=False, opened=Opened(self.state.table)))

    def _ask_sheet(
        self,
        source: str,
        targets: Sequence[str],
        inputs: Sequence[str],
        options: ReadOptions,
        error: SheetError,
    ) -> None:
        """Asks for the sheet of a workbook that has several, and opens it."""
        from lstm_tui.data.sheet import SheetScreen

        def read(sheet: str | None) -> None:
            if sheet is None:
                self._refused(source, options, str(error))
            else:
                self.open(source, targets, inputs, replace(options, sheet=sheet))

        self.app.push_screen(SheetScreen(PurePath(source).name, error.sheets), read)

    def read_again(self, options: ReadOptions, changed: str) -> None:
        """Reads the same data with other options; the option `changed` shows errors that name no option."""
        self.run("open", self._read_again, options, changed, exclusive=True)

    async def _read_again(self, options: ReadOptions, changed: str) -> None:
        from lstm_forecasting.data.catalogue import open_again
        from lstm_plugins.errors import InputError, OptionError

        table = self.state.table
        if table is None or self._activity.state.busy:
            return
        self._activity.tell(f"reading {table.name} …")
        self._asked = table.name, options
        try:
            again = await in_thread(open_again, table, options)
        except OptionError as error:
            self.publish(replace(self.state, problem=Problem(error.option, error.message)))
        except InputError as error:
            self.publish(replace(self.state, problem=Problem(changed, str(error))))
        else:
            self.publish(replace(self.state, problem=None))
            self.use(again)
        self._activity.tell("")

    async def _remember(self, table: SeriesTable) -> None:
        from lstm_plugins.errors import InputError
        from lstm_tui.data.recent import remember

        try:
            await in_thread(remember, table)
        except InputError as error:
            self.app.notify(str(error), severity="warning")

    def use(self, table: SeriesTable, *, chosen: bool = False) -> None:
        """Uses a table as the open series; `chosen` if the user selected it in the dialog."""
        self._activity.tell("")
        self.publish(replace(self.state, opened=Opened(table, chosen), opening=False))
        self.run("check", self._check, table, exclusive=True)

    async def _check(self, table: SeriesTable) -> None:
        from lstm_forecasting.findings.looking import find_findings

        findings = await in_thread(find_findings, table)
        self.publish(replace(self.state, checked=Checked(table, findings)))

    def apply(self, finding: Finding) -> None:
        """Reads the series again with the option that decides otherwise, or asks for another target."""
        from lstm_forecasting.data.finding import TARGET
        from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME

        table = self.state.table
        if table is None or not finding.option:
            return
        if finding.option == TARGET:
            self.ask_target(table)
        elif finding.value:
            value = READ_OPTIONS_BY_NAME[finding.option].parse(finding.value)
            self.read_again(replace(table.reading.options, **{finding.option: value}), finding.option)

    def ask_target(self, table: SeriesTable) -> None:
        """Asks which column of a series to forecast."""
        self.run("ask", self._ask_target, table, exclusive=True)

    async def _ask_target(self, table: SeriesTable) -> None:
        from lstm_forecasting.findings.candidates import describe_candidates
        from lstm_tui.data.target import TargetScreen

        candidates = await in_thread(describe_candidates, table)
        if self.state.table is table and not self._activity.state.busy:
            self.app.push_screen(TargetScreen(table, candidates), self._target_chosen)

    def _target_chosen(self, name: str | None) -> None:
        table = self.state.table
        if name is not None and table is not None and table.targets != (name,):
            self.choose_targets((name,))

    def planned(self, planned: Planned | None) -> None:
        """Stores the plan for a series; None if there is none."""
        self.publish(replace(self.state, planned=planned))

    def choose_targets(self, targets: Sequence[str]) -> None:
        """Opens the same series with other targets."""
        table = self.state.table
        if table is not None:
            inputs = table.columns[len(table.targets) :]
            self.choose_columns(targets, [name for name in inputs if name not in targets])

    def choose_columns(
        self, targets: Sequence[str], inputs: Sequence[str], known: Sequence[str] | None = None
    ) -> None:
        """Opens the same series with other targets, inputs and known columns.

        None keeps the known columns that get no other role.
        """
        from lstm_forecasting.data.catalogue import opened_by

        table = self.state.table
        if table is not None and not self._activity.state.busy:
            options = table.reading.options
            if known is None:
                known = [name for name in options.known if name not in (*targets, *inputs)]
            # The future of no columns would be refused.
            future = options.future if known else None
            options = replace(options, known=tuple(known), future=future)
            self.open(opened_by(table), targets, inputs, options)
