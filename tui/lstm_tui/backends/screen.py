"""The screen of the backends: where each comes from, how it is, and whether it was found to be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import DataTable, Static

from lstm_tui.backends.actions import ACTIONS
from lstm_tui.kit.actions import bindings
from lstm_tui.kit.palette import Palette, theme_colour
from lstm_tui.kit.scrolled import Scrolled
from lstm_tui.kit.tab_screen import TabScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from lstm_plugins.discovery import Found
    from lstm_tui.backends.table import BackendTable
    from lstm_tui.kit.copying import CopyTable


class BackendsScreen(TabScreen):
    """A table of all backends, and under it what there is to be known of the one under the cursor."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    PLACE = ACTIONS[0].place

    _usable: object = None

    def compose_content(self) -> ComposeResult:
        """An empty panel; its content needs the engine and comes when it is there."""
        with Vertical(id="body"):
            with Container(id="table-room", classes="panel") as room:
                room.border_title = "Backends"
                room.border_subtitle = "Enter shows all of one, with its traceback"
                yield Static("loading …", id="loading")
            with Scrolled(id="about-room", classes="panel"):
                yield Static("", id="about")

    def on_mount(self) -> None:
        """Waits for the engine."""
        self.watch(self.workbench, "ready", self._fill)

    async def _fill(self, ready: bool) -> None:
        if not ready:
            return
        from lstm_tui.backends.table import BackendTable

        await self.query("#loading").remove()
        table = BackendTable()
        await self.query_one("#table-room").mount(table)
        table.focus()
        for name in ("found", "warmths", "conformance"):
            self.watch(self.workbench, name, self._show, init=False)
        for name in ("training", "checking"):
            self.watch(self.workbench, name, self._show_keys, init=False)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        app = self.workbench
        for table in self._tables():
            palette = Palette(app, [found.name for found in app.found])
            table.show(app.found, app.warmths, app.conformance, palette)
            self._show_chosen()

    def _tables(self) -> list[BackendTable]:
        from lstm_tui.backends.table import BackendTable

        return list(self.query(BackendTable))

    @property
    def _chosen(self) -> Found | None:
        """The backend under the cursor."""
        if not self.workbench.ready:
            return None
        names = {table.chosen for table in self._tables()}
        return next((one for one in self.workbench.found if one.name in names), None)

    @on(DataTable.RowHighlighted)
    def _show_chosen(self) -> None:
        """Tells of the backend under the cursor, and which keys have something to act on."""
        found = self._chosen
        if found is not None:
            room = self.query_one("#about-room")
            room.border_title = self.workbench.titles[found.name]
            self.query_one("#about", Static).update(self._facts(found))
        self._show_keys()

    def _show_keys(self) -> None:
        """Has the footer made anew, which is dear, when other keys work now."""
        usable = [
            self.check_action(name, words)
            for name, words in (("switch", ("on",)), ("switch", ("off",)), ("warm_up", ()))
        ]
        if usable != self._usable:
            self._usable = usable
            self.refresh_bindings()

    def _facts(self, found: Found) -> Table:
        from lstm_tui.backends.facts import fact_table
        from lstm_tui.backends.words import facts

        app = self.workbench
        told = facts(found, app.warmths.get(found.name), app.conformance.get(found.name, ""))
        return fact_table(told, theme_colour(app, "quiet"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides what has nothing to act on; None shows it dimmed."""
        found = self._chosen
        match action:
            case "open_backend":
                return found is not None
            case "switch":
                off = found is not None and found.state == "switched off"
                if found is None or parameters != ("on" if off else "off",):
                    return False
                return not self.workbench.busy or None
            case "warm_up":
                if found is None or found.state != "available":
                    return False
                warmth = self.workbench.warmths.get(found.name)
                cold = warmth is None or warmth.phase == "failed"
                return (cold and not self.workbench.busy) or None
        return True

    @on(DataTable.RowSelected)
    def action_open_backend(self) -> None:
        """Shows all that is known of a backend, with its traceback."""
        from lstm_tui.backends.details import BackendScreen

        found, app = self._chosen, self.workbench
        if found is not None:
            warmth = app.warmths.get(found.name)
            self.app.push_screen(BackendScreen(found, warmth, app.conformance.get(found.name, "")))

    def tables(self) -> Sequence[CopyTable]:
        """The one that is shown."""
        from lstm_tui.backends.copies import backends_copy

        app = self.workbench
        return (backends_copy(app.found, app.warmths, app.conformance, app.titles),) if app.found else ()

    def action_switch(self, state: str) -> None:
        """Switches a backend off for this session, or on again."""
        found = self._chosen
        if found is not None:
            self.workbench.switch(found, on=state == "on")

    def action_warm_up(self) -> None:
        """Starts the process of a backend ahead of need."""
        found = self._chosen
        if found is not None:
            self.workbench.warm_up([found.name])
