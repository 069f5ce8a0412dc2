"""The Backtest screen: options, then errors over time and by step, the models, and the worst origins."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import DataTable, Static

from lstm_tui.backends.controller import BackendsController, titles_of
from lstm_tui.backtest.actions import ACTIONS
from lstm_tui.backtest.controller import BacktestController
from lstm_tui.kit.actions import bindings
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.folding import FoldingScreen
from lstm_tui.kit.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_tui.backtest.panel import BacktestPanel
    from lstm_tui.backtest.state import BacktestState
    from lstm_tui.kit.copying import CopyTable

BEFORE = (
    "There is no backtest yet.\n\n{start} forecasts from many origins of the open series,\nand shows how the "
    "errors of each model change by step and over time."
)
ROOM_FOR_WORST, ROOM_FOR_STEPS = 140, 34
"""Columns and rows from which the worst origins and the error by step stand beside the rest."""
FORMATS = ".csv, .parquet, .json: a row for each origin, step and target"


class BacktestScreen(FoldingScreen):
    """Options on the left, the result on the right; a narrow terminal shows one of them."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    HALVES = ("asked", "found")
    PARTS = ("lstm_tui.backtest.setup", "lstm_tui.backtest.panel")

    _panel: BacktestPanel | None = None
    """Shows the result, if there is one."""

    def compose_content(self) -> ComposeResult:
        """Empty panels; the content needs the engine."""
        with Horizontal(id="body"):
            with Container(id="asked", classes="panel") as asked:
                asked.border_title = "Backtest"
                yield Static("loading …", id="loading")
            with Vertical(id="found"):
                yield Static(BEFORE.format(start=key(self, "backtest")), id="hint", markup=False)

    def on_mount(self) -> None:
        """Waits for the engine."""
        controller(self, BackendsController).watch(self, lambda state: state.ready, self._fill)
        controller(self, ActivityController).watch(
            self, lambda activity: activity.busy, self.show_keys, now=False
        )
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show_palette())

    @property
    def _backtests(self) -> BacktestController:
        return controller(self, BacktestController)

    async def _fill(self, ready: bool) -> None:
        if not ready:
            return
        from lstm_tui.backtest.setup import BacktestSetup

        await self.query("#loading").remove()
        await self.query_one("#asked").mount(BacktestSetup())
        self._backtests.watch(self, lambda state: state, self._show)

    async def _show(self, state: BacktestState) -> None:
        result = state.result
        if result is not None and self._panel is not None and self._panel.result is result:
            return
        from lstm_tui.backtest.panel import BacktestPanel

        found = self.query_one("#found")
        if result is not None:
            panel = BacktestPanel(result, self._palette([one.key for one in result.models]))
            with self.app.batch_update():
                await found.remove_children()
                await found.mount(panel)
            self._panel = panel
            self.fold()
        else:
            if self._panel is not None:
                self._panel = None
                await found.remove_children()
                await found.mount(Static("", id="hint", markup=False))
            text = state.progress or BEFORE.format(start=key(self, "backtest"))
            self.query_one("#hint", Static).update(text)
        if state.running or result is not None:
            self.show_half("found")
        self.refresh_bindings()

    def _palette(self, keys: Sequence[str]) -> Palette:
        """Colours of all backends and of the baselines after them, so that a backend keeps its own."""
        return Palette(self.app, list(dict.fromkeys((*titles_of(self), *keys))))

    def _show_palette(self) -> None:
        if self._panel is not None:
            self._panel.show_palette(self._palette([one.key for one in self._panel.result.models]))

    def fold(self) -> None:
        """Shows the halves that fit, and of the result what has room."""
        super().fold()
        if self._panel is not None:
            size = self.app.size
            self._panel.fold(narrow=size.width < ROOM_FOR_WORST, low=size.height < ROOM_FOR_STEPS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have no effect now."""
        panel = self._panel
        match action:
            case "backtest":
                ready = controller(self, BackendsController).state.ready
                return ready and not controller(self, ActivityController).state.busy
            case "show_half":
                return super().check_action(action, parameters)
            case "next_model":
                return panel is not None and len(panel.result.models) > 1
            case "next_target":
                return panel is not None and len(panel.result.backtest.table.targets) > 1
            case "open_origin" | "next_chart" | "save":
                return panel is not None
        return True

    def action_backtest(self) -> None:
        """Starts a backtest."""
        from lstm_tui.backtest.setup import BacktestSetup

        for setup in self.query(BacktestSetup):
            if setup.chosen is not None:
                self._backtests.begin(setup.chosen)

    @on(DataTable.RowSelected)
    def action_open_origin(self) -> None:
        """Shows the forecasts from the selected origin."""
        from lstm_tui.backtest.origin import OriginScreen

        panel = self._panel
        origin = None if panel is None else panel.chosen_origin
        if panel is not None and origin is not None:
            palette = self._palette([one.key for one in panel.result.models])
            self.app.push_screen(OriginScreen(panel.result, panel.model, origin, panel.target, palette))

    def action_next_chart(self) -> None:
        """Shows something else in the place of the chart."""
        if self._panel is not None:
            self._panel.next_view()

    def action_next_model(self) -> None:
        """Shows the worst origins and the coverage of the next model."""
        if self._panel is not None:
            self._panel.next_model()

    def action_next_target(self) -> None:
        """Shows the next target."""
        if self._panel is not None:
            self._panel.next_target()

    def tables(self) -> Sequence[CopyTable]:
        """The tables of the result."""
        return self._panel.tables() if self._panel is not None else ()

    def action_save(self) -> None:
        """Asks where to save the forecasts."""
        from functools import partial

        from lstm_forecasting.backtest.report import SUFFIXES, save_backtest
        from lstm_tui.kit.ask import SaveScreen

        if self._panel is not None:
            save = partial(save_backtest, self._panel.result)
            self.app.push_screen(SaveScreen("backtest", FORMATS, "backtest.csv", SUFFIXES, save))
