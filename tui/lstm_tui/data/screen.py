"""The Data screen: the plot and rows of the series, its columns, and how it was read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import DataTable, OptionList, Static

from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME
from lstm_tui.data.actions import ACTIONS
from lstm_tui.data.controller import DataController
from lstm_tui.kit.actions import bindings
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.folding import FoldingScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lstm_forecasting.data.finding import Finding
    from lstm_forecasting.data.table import Role, SeriesTable
    from lstm_tui.data.columns import ColumnsTable
    from lstm_tui.data.findings import FindingsList
    from lstm_tui.data.state import Opened
    from lstm_tui.kit.copying import CopyTable

NOTHING = "There is no series yet.\n\n{open} opens a file or a bundled data set."


class DataScreen(FoldingScreen):
    """The series on the left, how it was read on the right; a narrow terminal shows one of them."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("seen", "about")
    PARTS = ("lstm_tui.data.reading", "lstm_tui.data.series")

    def compose_content(self) -> ComposeResult:
        """A hint until there is a series; the panels need the engine."""
        with Horizontal(id="body"):
            hint = NOTHING.format(open=key(self, "open"))
            yield Static(hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for a series and watches the activity."""
        self._data.watch(self, lambda state: state.opened, self._fill)
        self._data.watch(self, lambda state: state.findings, lambda _: self.show_keys(), now=False)
        controller(self, ActivityController).watch(
            self, lambda activity: activity.busy, self.show_keys, now=False
        )

    @property
    def _data(self) -> DataController:
        return controller(self, DataController)

    @property
    def _busy(self) -> bool:
        return controller(self, ActivityController).state.busy

    async def _fill(self, opened: Opened | None) -> None:
        if opened is None or self.query("SeriesPanel"):
            return
        from lstm_tui.data.reading import ReadingPanel
        from lstm_tui.data.series import SeriesPanel

        body = self.query_one("#body")
        with self.app.batch_update():
            await body.remove_children()
            seen, about = Container(SeriesPanel(), id="seen"), Container(ReadingPanel(), id="about")
            await body.mount(seen, about)
        self.fold()
        self._focus_shown()

    def _focus_shown(self) -> None:
        self.query("ColumnsTable" if self._is_shown("about") else "RowsTable").first().focus()

    def action_show_half(self, half: str) -> None:
        """Shows a half in a narrow terminal, and focuses it."""
        super().action_show_half(half)
        self._focus_shown()

    def fold(self) -> None:
        """Shows the halves that fit, and the keys that apply to them."""
        super().fold()
        self.show_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have no effect now; None shows them dimmed."""
        match action:
            case "show_half":
                return self._filled and super().check_action(action, parameters)
            case "zoom":
                return self._filled and self._is_shown("seen")
            case "use":
                return (self._filled and self._is_shown("about")) and (not self._busy or None)
            case "findings" | "apply_finding":
                shown = self._filled and self._is_shown("about") and bool(self._data.state.findings)
                return shown and (not self._busy or action == "findings" or None)
            case "as_found":
                return self._filled and (not self._busy or None)
        return True

    @property
    def _filled(self) -> bool:
        return bool(self.query("SeriesPanel"))

    def _is_shown(self, half: str) -> bool:
        return not self.narrow or self.half == half

    @property
    def _columns(self) -> ColumnsTable:
        return cast("ColumnsTable", self.query("ColumnsTable").first())

    @on(DataTable.RowHighlighted)
    def _draw_chosen(self) -> None:
        from lstm_tui.data.series import SeriesPanel

        for panel in self.query(SeriesPanel):
            panel.show_column(self._columns.chosen)

    @on(DataTable.RowSelected)
    def _next_role(self) -> None:
        from lstm_tui.data.columns import next_role

        self._change_role(next_role)

    def action_use(self, role: Role) -> None:
        """Toggles the column under the cursor as a target, an input, or known ahead."""
        self._change_role(lambda table, name: "unused" if table.role(name) == role else role)

    def _change_role(self, wanted: Callable[[SeriesTable, str], Role]) -> None:
        from lstm_tui.data.columns import with_role

        table, name = self._data.state.table, self._columns.chosen
        if table is None or name is None or self._busy:
            return
        role, own = wanted(table, name), table.role(name)
        if own in ("label", "time"):
            what, option = (
                ("names the series", "series_column") if own == "label" else ("has times", "time_column")
            )
            self.notify(f"{name} {what}; set {option} to use it otherwise.", severity="warning")
        elif role != own:
            roles = with_role(table, name, role)
            if roles.targets:
                self._data.choose_columns(roles.targets, roles.inputs, roles.known)
            else:
                self.notify(
                    f"{name} is the only target; make another column a target first.", severity="warning"
                )

    def action_findings(self) -> None:
        """Focuses the findings."""
        self._findings.focus()

    def action_apply_finding(self) -> None:
        """Reads the series again as the selected finding suggests."""
        finding = self._findings.chosen
        if finding is not None:
            self._apply(finding)

    @on(OptionList.OptionSelected, "FindingsList")
    def _show_finding(self) -> None:
        from lstm_tui.data.findings import FindingScreen

        finding = self._findings.chosen
        if finding is not None:
            apply = partial(self._apply, finding)
            self.app.push_screen(FindingScreen(finding), lambda wanted: apply() if wanted else None)

    def _apply(self, finding: Finding) -> None:
        from lstm_tui.data.reading_form import ReadingForm

        if self._busy:
            return
        if finding.option and not finding.value and finding.option in READ_OPTIONS_BY_NAME:
            # Only the user knows the value.
            self.query_one(ReadingForm).line(finding.option).control.focus()
        elif finding.option:
            self._data.apply(finding)
        else:
            self.notify(f"Nothing to apply: {finding.done}")

    @property
    def _findings(self) -> FindingsList:
        return cast("FindingsList", self.query("FindingsList").first())

    def tables(self) -> Sequence[CopyTable]:
        """The columns and the rows."""
        from lstm_tui.data.columns import columns_copy
        from lstm_tui.data.rows import rows_copy

        table = self._data.state.table
        return (columns_copy(table), rows_copy(table)) if table is not None else ()

    def action_zoom(self) -> None:
        """Focuses the chart."""
        from lstm_tui.data.series import SeriesPanel

        self.query_one(SeriesPanel).focus_chart()

    def action_as_found(self) -> None:
        """Resets all read options."""
        from lstm_tui.data.reading_form import ReadingForm

        self.query_one(ReadingForm).as_found()
