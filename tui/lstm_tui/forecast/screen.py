"""The Forecast screen: the result of the last training in words, charts and tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from lstm_tui.backends.controller import BackendsController
from lstm_tui.forecast.actions import ACTIONS
from lstm_tui.kit.actions import bindings, names_of
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.folding import FoldingScreen
from lstm_tui.train.controller import TrainController

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_tui.forecast.widgets.panel import ForecastPanel, ViewName
    from lstm_tui.forecast.widgets.single import Place
    from lstm_tui.kit.copying import CopyTable
    from lstm_tui.train.training import TrainingState

NOTHING = "There is no forecast yet.\n\nGo to Train ({show_train}) and start training ({train})."
RUNNING = (
    "The backends are training.\n\nThe forecast appears here when they are done; {stop} stops them early."
)
BROKEN = "Training failed, so there is nothing to show.\n\n{log} shows the log."
FORMATS = ".csv, .parquet: tables; .json: for programs; .svg, .png: pictures"
OF_RESULT = names_of(ACTIONS)
"""Actions that need a result."""


def _hint(training: TrainingState | None) -> str:
    if training is None:
        return NOTHING
    return BROKEN if training.problem else RUNNING


class ForecastScreen(FoldingScreen):
    """The last result, or how to get one. A narrow terminal shows one half of a view."""

    BINDINGS: ClassVar = bindings(ACTIONS)
    ACTIONS = ACTIONS
    PARTS = ("lstm_tui.forecast.widgets.panel",)
    HALVES = ("main", "numbers")
    """The halves of each view; the panel knows their widgets."""

    _panel: ForecastPanel | None = None
    """Shows the result, if there is one."""

    def compose_content(self) -> ComposeResult:
        """Empty until the state of the training is known."""
        yield Container(id="body")

    def on_mount(self) -> None:
        """Watches the training."""
        self._shown: object = None
        controller(self, TrainController).watch(self, lambda state: state.training, self._show)

    async def _show(self, training: TrainingState | None) -> None:
        result = training.result if training is not None else None
        shown = result if result is not None else _hint(training)
        if shown is self._shown or (training is not None and result is None and self._panel is not None):
            return
        body = self.query_one("#body")
        if result is not None:
            from lstm_tui.forecast.widgets.panel import ForecastPanel

            panel = ForecastPanel(result)
        else:
            panel = None
        self._shown = shown
        with self.app.batch_update():
            await body.remove_children()
            keys = {name: key(self, name) for name in ("show_train", "train", "stop", "log")}
            await body.mount(panel or Static(_hint(training).format(**keys), id="hint", markup=False))
        self._panel = panel
        self.show_half("main")
        self.refresh_bindings()

    def fold(self) -> None:
        """Shows the halves of the view that fit."""
        super().fold()
        if self._panel is not None:
            self._panel.fold(narrow=self.narrow, numbers=self.half == "numbers")

    @property
    def _shown_panel(self) -> ForecastPanel:
        """The panel, for actions that are hidden without one."""
        return cast("ForecastPanel", self._panel)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides actions that have no effect now."""
        panel = self._panel
        if panel is None:
            return action not in OF_RESULT
        view = panel.view_name
        match action:
            case "show_half":
                return super().check_action(action, parameters)
            case "next_view":
                return parameters == (panel.next_view,)
            case "next_reach":
                return view == "series"
            case "move":
                return view == "single" or (
                    view == "residuals" and panel.result.experiment.config.horizon > 1
                )
            case "jump" | "go_to" | "baseline":
                return view == "single"
            case "next_model":
                return view == "residuals" or (view == "series" and bool(panel.result.offers))
            case "next_target":
                return len(panel.result.experiment.table.targets) > 1
            case "save":
                return bool(panel.result.backends)
            case "what_if":
                return self._run_folder is not None and panel.result.experiment.known_choice.own != ()
        return True

    def action_view(self, name: ViewName) -> None:
        """Shows a view."""
        self._shown_panel.show_view(name)
        self.show_half(self.HALVES[0])
        self.refresh_bindings()

    action_next_view = action_view

    def tables(self) -> Sequence[CopyTable]:
        """The tables of the visible view."""
        return self._panel.view.tables() if self._panel is not None else ()

    def action_next_reach(self) -> None:
        """Shows more of the series, or only its end again."""
        self._shown_panel.series.next_reach()
        self._shown_panel.draw()

    def action_next_target(self) -> None:
        """Shows the next target."""
        self._shown_panel.next_target()

    def action_move(self, count: int) -> None:
        """Moves by so many single forecasts or steps."""
        self._shown_panel.move(count)

    def action_jump(self, place: Place) -> None:
        """Goes to the first, last, worst or best single forecast."""
        self._shown_panel.single.jump(place)
        self._shown_panel.draw()

    def action_baseline(self) -> None:
        """Shows or hides the best baseline beside a single forecast."""
        view = self._shown_panel.single
        view.with_baseline = not view.with_baseline
        self._shown_panel.draw()

    def action_next_model(self) -> None:
        """Puts the next model's forecast first, or shows its residuals."""
        self._shown_panel.next_model()

    def action_go_to(self) -> None:
        """Asks for the date of a single forecast."""
        from lstm_forecasting.evaluation.single_forecasts import find_window
        from lstm_tui.kit.ask import GoToScreen

        panel = self._shown_panel
        table, firsts = panel.result.experiment.table, panel.result.first_rows
        what = "row" if table.times is None else "date"
        first, last = (table.row_text(int(row)) for row in (firsts[0], firsts[-1]))
        gone = lambda window: None if window is None else panel.go_to(window)  # noqa: E731
        self.app.push_screen(GoToScreen(what, first, last, partial(find_window, panel.result)), gone)

    @property
    def _run_folder(self) -> str | None:
        """The run that keeps the result and has weights; None without one."""
        training, panel = controller(self, TrainController).state.training, self._panel
        # The panel's result changes when the user puts another model's forecast first.
        if training is None or panel is None or training.result is not self._shown:
            return None
        return training.folder or None if panel.result.backends else None

    def action_what_if(self) -> None:
        """Asks for other values of what is known ahead, and shows the forecast for them."""
        from lstm_tui.forecast.answers import asking, computing, first_answer
        from lstm_tui.forecast.what_if import WhatIfScreen

        panel, folder = self._shown_panel, self._run_folder
        if folder is None:
            return
        result, target = panel.result, panel.view.target
        backend = computing(result, target)
        ask = asking(folder, backend.backend, result, controller(self, BackendsController).processes)
        self.app.push_screen(
            WhatIfScreen(result, backend.backend, first_answer(result, backend, panel.futures), ask, target)
        )

    def action_save(self) -> None:
        """Asks where to save the forecast."""
        from lstm_forecasting.saving.forecast import SUFFIXES
        from lstm_tui.kit.ask import SaveScreen

        save = self._shown_panel.saving()
        self.app.push_screen(SaveScreen("forecast", FORMATS, "forecast.csv", SUFFIXES, save))
