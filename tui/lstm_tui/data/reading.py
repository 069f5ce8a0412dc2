"""The right half of the Data screen: the columns, the read options, the findings, and what was inferred."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Label

from lstm_forecasting.data.finding import Finding
from lstm_plugins.counting import counted
from lstm_tui.backends.controller import palette_of
from lstm_tui.data.columns import ColumnsTable
from lstm_tui.data.controller import DataController
from lstm_tui.data.findings import FindingsList
from lstm_tui.data.reading_form import ReadingForm
from lstm_tui.data.state import Opened
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.bullets import Bullets
from lstm_tui.kit.controller import Problem, controller, key
from lstm_tui.kit.option_line import OptionLine
from lstm_tui.kit.scrolled import Scrolled

HINT = "Enter or Tab reads the data again; empty fields are inferred from the data."


class ReadingPanel(Container):
    """Shows how the series was read, and reports the user's changes to the controller."""

    DEFAULT_CSS = """
    ReadingPanel {
        height: 1fr;
        #explanation { height: 2; width: 1fr; color: $quiet; }
        #decided { width: 1fr; height: auto; color: $quiet; }
        #decided-room { height: 1fr; min-height: 4; }
        #columns-room { height: auto; padding: 0 0 0 1; }
        #reading-room { height: auto; }
        #findings-room { height: auto; min-height: 4; padding: 0 0 0 1; }
        #findings-room.-none { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        """The columns, the options, the findings, and what was inferred."""
        with Container(id="columns-room", classes="panel") as columns:
            columns.border_title = "Columns"
            roles = ("target", "input", "known")
            columns.border_subtitle = " · ".join(f"{key(self, f'use_{role}')} {role}" for role in roles)
            yield ColumnsTable()
        with Container(id="reading-room", classes="panel") as reading:
            reading.border_title = "Read as"
            yield ReadingForm()
            yield Label(HINT, id="explanation", markup=False)
        with Container(id="findings-room", classes="panel -none") as findings:
            findings.border_title = "Findings"
            findings.border_subtitle = f"{key(self, 'apply_finding')} applies · Enter shows all"
            yield FindingsList()
        with Scrolled(id="decided-room", classes="panel") as decided:
            decided.border_title = "Inferred from the data"
            yield Bullets(id="decided")

    def on_mount(self) -> None:
        """Watches the series, the activity and the theme."""
        self._data.watch(self, lambda state: state.opened, self._show_table)
        self._data.watch(self, lambda state: state.decisions, self._show_decisions)
        self._data.watch(self, lambda state: state.findings, self._show_findings)
        self._data.watch(self, lambda state: state.problem, self._show_problem, now=False)
        form, activity = self.query_one(ReadingForm), controller(self, ActivityController)
        activity.watch(self, lambda state: state.busy, lambda busy: setattr(form, "disabled", busy))
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show_colours())

    def on_resize(self) -> None:
        """Fits the names of the columns to the new width."""
        self.call_after_refresh(self._show_columns)

    @property
    def _data(self) -> DataController:
        return controller(self, DataController)

    def _show_table(self, opened: Opened | None) -> None:
        if opened is not None:
            self.query_one(ReadingForm).show(opened.table)
            self._show_columns()

    def _show_columns(self) -> None:
        table = self._data.state.table
        if table is not None:
            self.query_one(ColumnsTable).show(table, palette_of(self))

    def _show_colours(self) -> None:
        self._show_columns()
        self._show_findings(self._data.state.findings)

    def _show_findings(self, findings: tuple[Finding, ...] | None) -> None:
        if findings is None:
            return
        room = self.query_one("#findings-room")
        room.set_class(not findings, "-none")
        self.set_class(bool(findings), "-found")
        suggested = sum(one.suggested for one in findings)
        hint = f" · {counted(suggested, 'suggestion')}" if suggested else ""
        room.border_title = f"Findings · {len(findings)}{hint}"
        self.query_one(FindingsList).show(findings, palette_of(self))

    def _show_decisions(self, decisions: tuple[str, ...]) -> None:
        self.query_one("#decided", Bullets).show(decisions)

    def _show_problem(self, problem: Problem | None) -> None:
        if problem is not None:
            self.query_one(ReadingForm).refuse(problem.about, problem.text)

    @on(ReadingForm.Changed)
    def _read_again(self, event: ReadingForm.Changed) -> None:
        self._data.read_again(event.options, event.name)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain(self) -> None:
        focused = self.screen.focused
        line = None if focused is None else focused.parent
        text = line.explanation if isinstance(line, OptionLine) else HINT
        self.query_one("#explanation", Label).update(text)
