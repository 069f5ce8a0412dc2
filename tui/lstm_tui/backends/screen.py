"""The Backends screen: origin, state and last cross-check of every backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import DataTable, Static

from lstm_tui.backends.actions import ACTIONS
from lstm_tui.backends.controller import BackendsController, palette_of
from lstm_tui.kit.actions import bindings
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import controller
from lstm_tui.kit.palette import theme_colour
from lstm_tui.kit.scrolled import Scrolled
from lstm_tui.kit.tab_screen import TabScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_plugins.discovery import Found
    from lstm_tui.backends.table import BackendTable
    from lstm_tui.kit.copying import CopyTable


class BackendsScreen(TabScreen):
    """A table of all backends, and below it the facts about the one under the cursor."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS

    def compose_content(self) -> ComposeResult:
        """Empty panels; the content needs the engine."""
        with Vertical(id="body"):
            with Container(id="table-room", classes="panel") as room:
                room.border_title = "Backends"
                room.border_subtitle = "Enter shows all about a backend, with its traceback"
                yield Static("loading …", id="loading")
            with Scrolled(id="about-room", classes="panel"):
                yield Static("", id="about")

    @property
    def _backends(self) -> BackendsController:
        return controller(self, BackendsController)

    @property
    def _busy(self) -> bool:
        return controller(self, ActivityController).state.busy

    def on_mount(self) -> None:
        """Waits for the engine."""
        self._backends.watch(self, lambda state: state.ready, self._fill)

    async def _fill(self, ready: bool) -> None:
        if not ready:
            return
        from lstm_tui.backends.table import BackendTable

        await self.query("#loading").remove()
        table = BackendTable()
        await self.query_one("#table-room").mount(table)
        table.focus()
        self._backends.watch(self, lambda state: state, self._show, now=False)
        controller(self, ActivityController).watch(
            self, lambda activity: activity.busy, self.show_keys, now=False
        )
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        state = self._backends.state
        for table in self._tables():
            table.show(state, palette_of(self))
            self._show_chosen()

    def _tables(self) -> list[BackendTable]:
        from lstm_tui.backends.table import BackendTable

        return list(self.query(BackendTable))

    @property
    def _chosen(self) -> Found | None:
        """The backend under the cursor."""
        state = self._backends.state
        if not state.ready:
            return None
        names = {table.chosen_key for table in self._tables()}
        return next((one for one in state.found if one.name in names), None)

    @on(DataTable.RowHighlighted)
    def _show_chosen(self) -> None:
        """Shows the facts about the backend under the cursor, and the keys that apply to it."""
        found = self._chosen
        if found is not None:
            from lstm_tui.backends.words import fact_table, facts

            state = self._backends.state
            self.query_one("#about-room").border_title = state.titles[found.name]
            known = facts(found, state.warmths.get(found.name), state.verdicts.get(found.name, ""))
            self.query_one("#about", Static).update(fact_table(known, theme_colour(self.app, "quiet")))
        self.show_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have nothing to act on; None dims their keys."""
        found = self._chosen
        match action:
            case "open_backend":
                return found is not None
            case "switch":
                off = found is not None and found.state == "disabled"
                if found is None or parameters != ("on" if off else "off",):
                    return False
                return not self._busy or None
            case "warm_up":
                if found is None or found.state != "available":
                    return False
                warmth = self._backends.state.warmths.get(found.name)
                cold = warmth is None or warmth.phase == "failed"
                return (cold and not self._busy) or None
        return True

    @on(DataTable.RowSelected)
    def action_open_backend(self) -> None:
        """Shows all facts about a backend, with its traceback."""
        from lstm_tui.backends.details import BackendScreen

        found, state = self._chosen, self._backends.state
        if found is not None:
            warmth = state.warmths.get(found.name)
            self.app.push_screen(BackendScreen(found, warmth, state.verdicts.get(found.name, "")))

    def tables(self) -> Sequence[CopyTable]:
        """The table of the backends."""
        from lstm_tui.backends.table import backends_copy

        state = self._backends.state
        return (backends_copy(state),) if state.found else ()

    def action_switch(self, state: str) -> None:
        """Disables a backend for this session, or enables it again."""
        found = self._chosen
        if found is not None:
            self._backends.switch(found, on=state == "on")

    def action_warm_up(self) -> None:
        """Starts the process of a backend in advance."""
        found = self._chosen
        if found is not None:
            self._backends.warm_up([found.name])
