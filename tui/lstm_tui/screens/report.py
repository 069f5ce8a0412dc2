"""The dialog that saves what a cross-check found."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_tui.actions import LEAVE

NAME = "crosscheck.html"


class ReportScreen(ModalScreen[None]):
    """Asks for a path until the report is saved; errors stand under what was written.

    Args:
        result: what was found.
        titles: names for people, by short name.
    """

    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", "Close", priority=True), LEAVE]

    def __init__(self, result: CrossCheckResult, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._result = result
        self._titles = titles

    def compose(self) -> ComposeResult:
        """A path, and what was wrong with it."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Save the report"
            dialog.border_subtitle = "Enter saves · Esc closes"
            yield Label("File: .html to read, .md to paste, .json for programs", classes="caption")
            yield Input(NAME, select_on_focus=False, compact=True)
            yield Label("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Nothing was wrong yet."""
        self.query_one("#problem").display = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typing(self) -> None:
        self.query_one("#problem").display = False

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._save(Path(event.value.strip()).expanduser())

    @work(exclusive=True, exit_on_error=False, group="dialog")
    async def _save(self, path: Path) -> None:
        from lstm_forecasting.crosscheck.report import save_report
        from lstm_forecasting.errors import InputError

        try:
            await asyncio.to_thread(save_report, self._result, path, self._titles)
        except InputError as error:
            label = self.query_one("#problem", Label)
            label.update(f"✗ {error}")
            label.display = True
            return
        self.app.notify(f"The report is in {path}.")
        self.dismiss(None)
