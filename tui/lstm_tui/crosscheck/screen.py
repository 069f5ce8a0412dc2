"""The Cross-check screen: options, matrix and diagnosis."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import DataTable, Static

from lstm_tui.backends.controller import BackendsController, palette_of, titles_of
from lstm_tui.crosscheck.actions import ACTIONS
from lstm_tui.crosscheck.controller import CrossCheckController
from lstm_tui.kit.actions import bindings
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.folding import FoldingScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_tui.crosscheck.matrix import Matrix
    from lstm_tui.crosscheck.state import CheckState
    from lstm_tui.kit.copying import CopyTable

BEFORE = (
    "There is no cross-check yet.\n\n{check} compares the selected backends with the reference, level by "
    "level, from windows to weight updates,\nand reports the first failing level and the bug's name."
)


class CrossCheckScreen(FoldingScreen):
    """Options on the left, diagnosis and matrix on the right."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("asked", "found")

    _judged: CheckState | None = None

    def compose_content(self) -> ComposeResult:
        """Empty panels; the content needs the engine."""
        with Horizontal(id="body"):
            with Container(id="asked", classes="panel") as asked:
                asked.border_title = "Cross-check"
                yield Static("loading …", id="loading")
            with Vertical(id="found"):
                yield Static(BEFORE.format(check=key(self, "check")), id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        controller(self, BackendsController).watch(self, lambda state: state.ready, self._fill)
        controller(self, ActivityController).watch(
            self, lambda activity: activity.busy, self.show_keys, now=False
        )
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show(self._checks.state))

    @property
    def _checks(self) -> CrossCheckController:
        return controller(self, CrossCheckController)

    async def _fill(self, ready: bool) -> None:
        if not ready:
            return
        from lstm_tui.crosscheck.diagnosis import DiagnosisPanel
        from lstm_tui.crosscheck.matrix import Matrix
        from lstm_tui.crosscheck.setup import CheckSetup

        await self.query("#loading").remove()
        await self.query_one("#asked").mount(CheckSetup())
        room = Container(id="matrix-room", classes="panel")
        room.border_title = "Worst error in eps"
        room.border_subtitle = "✓ within  ✗ beyond  (✗) follows  ~ unsupported  · not judged  – not asked"
        await self.query_one("#found").mount(DiagnosisPanel(), room)
        await room.mount(Matrix())
        self._checks.watch(self, lambda state: state, self._show)

    def _show(self, state: CheckState | None) -> None:
        from lstm_tui.crosscheck.diagnosis import DiagnosisPanel
        from lstm_tui.crosscheck.matrix import Matrix

        self.set_class(state is not None, "-checked")
        before, self._judged = self._judged, state
        self.fold()
        self.show_keys()
        if state is None or not self.query(Matrix):
            return
        palette, titles = palette_of(self), titles_of(self)
        matrix = self.query_one(Matrix)
        self.query_one(DiagnosisPanel).show(state, titles, palette)
        matrix.show(state, titles, palette)
        if before is None or before.check is not state.check:
            matrix.move_cursor(row=0, column=1)
            matrix.focus()
        if state.result is not None and (before is None or before.result is None):
            self._go_to_first_failure(state, matrix)

    def _go_to_first_failure(self, state: CheckState, matrix: Matrix) -> None:
        """Moves the cursor to the first failure, unless the user has moved it."""
        if state.result is None or matrix.cursor_coordinate != (0, 1):
            return
        for backend, precision in state.check.columns:
            level = state.result.first_failure(backend, precision)
            if level is not None:
                matrix.go_to(backend, precision, level)
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have nothing to act on."""
        state = self._checks.state
        match action:
            case "check":
                ready = controller(self, BackendsController).state.ready
                return ready and not controller(self, ActivityController).state.busy
            case "show_half":
                return state is not None and super().check_action(action, parameters)
            case "open_cell":
                return state is not None and bool(state.results)
            case "report":
                return state is not None and state.result is not None
        return True

    def action_check(self) -> None:
        """Starts a check."""
        from lstm_tui.crosscheck.setup import CheckSetup

        for setup in self.query(CheckSetup):
            check = setup.planned()
            if check is not None:
                self.show_half("found")
                self._checks.check(check)

    @on(DataTable.CellSelected)
    def action_open_cell(self) -> None:
        """Shows the tensors of the selected cell."""
        from lstm_tui.crosscheck.matrix import Matrix
        from lstm_tui.crosscheck.tensors import TensorsScreen

        state, chosen = self._checks.state, self.query_one(Matrix).chosen
        if state is None or chosen is None:
            return
        backend, precision, level = chosen
        summary = state.summary(backend, precision, level)
        if summary.results:
            title = f"{titles_of(self)[backend]} {precision} · {level.title}"
            asked_in_vain = any(one.state in ("failed", "follows", "unasked") for one in summary.results)
            deaths = [death for death in state.deaths if death.backend == backend and asked_in_vain]
            log = [line for death in deaths for line in death.log] if summary.problem else []
            self.app.push_screen(TensorsScreen(title, summary.results, log))
        elif state.asks(precision, level):
            self.notify(f"{level.title} {'is not judged yet' if state.running else 'was not judged'}.")
        else:
            self.notify(f"{level.title} is not asked in {precision} at this depth.")

    def tables(self) -> Sequence[CopyTable]:
        """The matrix."""
        from lstm_tui.crosscheck.matrix import matrix_copy

        state = self._checks.state
        return (matrix_copy(state, titles_of(self)),) if state is not None else ()

    def action_report(self) -> None:
        """Asks where to save the report."""
        from lstm_forecasting.crosscheck.report import SUFFIXES, save_report
        from lstm_tui.kit.ask import SaveScreen

        state = self._checks.state
        if state is not None and state.result is not None:
            formats = ".html to read, .md to paste, .json for programs"
            save = partial(save_report, state.result, titles=titles_of(self))
            self.app.push_screen(SaveScreen("report", formats, "crosscheck.html", SUFFIXES, save))
