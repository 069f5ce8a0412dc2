"""The options of a backtest and its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, Label, Static

from lstm_forecasting.backtest.options import EVERY, MODELS, ORIGINS, REFIT, WINDOW
from lstm_tui.backtest.controller import BacktestController
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import Problem, controller
from lstm_tui.kit.option_line import OWN_MARK, OptionLine

OPTIONS = (MODELS, ORIGINS, EVERY, WINDOW, REFIT)
WORDS = (
    "The LSTM has the backends and settings of Train. A forecast sees the rows before its origin only; "
    "settings that Train leaves open are inferred from them."
)


class BacktestSetup(VerticalScroll, can_focus=False):
    """A line for each option, an explanation, and two buttons."""

    DEFAULT_CSS = """
    BacktestSetup {
        height: 1fr; scrollbar-size-vertical: 1;
        #backtest-words { color: $quiet; height: auto; width: 1fr; margin: 1 0; }
        #backtest-trouble { color: $error; height: auto; width: 1fr; display: none; }
        #backtest-buttons { height: 1; }
        Button { width: 1fr; margin-right: 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._chosen: dict[str, Any] = {option.name: option.default for option in OPTIONS}

    @property
    def chosen(self) -> Mapping[str, Any] | None:
        """The values of all options, by name; None while one is invalid."""
        mistaken = any(line.problem and not line.refused for line in self.query(OptionLine))
        return None if mistaken else dict(self._chosen)

    def compose(self) -> ComposeResult:
        """The lines, the words and the buttons."""
        for option in OPTIONS:
            yield OptionLine(option, eager=True)
        yield Static(WORDS, id="backtest-words", markup=False)
        yield Label("", id="backtest-trouble", markup=False)
        with Horizontal(id="backtest-buttons"):
            yield Button("Start", variant="primary", compact=True, id="start", action="screen.backtest")
            yield Button("Stop", compact=True, id="stop-backtest", action="app.stop", disabled=True)

    def on_mount(self) -> None:
        """Follows the activity, and why a backtest was refused."""
        for line in self.query(OptionLine):
            line.show(line.option.default, "")
        origins = self.query_one(f"#option-{ORIGINS.name}", OptionLine).control
        if isinstance(origins, Input):
            origins.placeholder = "all of the test part"
        controller(self, ActivityController).watch(self, lambda activity: activity.busy, self._show_buttons)
        controller(self, BacktestController).watch(self, lambda state: state.refused, self._show_refused)

    @on(OptionLine.Changed)
    def _changed(self, event: OptionLine.Changed) -> None:
        event.stop()
        line = self.query_one(f"#option-{event.name}", OptionLine)
        line.accept()
        self._chosen[event.name] = line.option.default if event.value is None else event.value
        line.show(
            self._chosen[event.name], OWN_MARK if self._chosen[event.name] != line.option.default else ""
        )

    def _show_buttons(self, busy: bool) -> None:
        self.query_one("#start", Button).disabled = busy
        self.query_one("#stop-backtest", Button).disabled = not busy

    def _show_refused(self, refused: Problem | None) -> None:
        """Shows the reason below its option, or below all of them."""
        lines = list(self.query(OptionLine))
        for line in lines:
            line.accept()
        own = [] if refused is None else [line for line in lines if line.option.name == refused.about]
        if refused is not None:
            for line in own:
                line.refuse(refused.text)
        trouble = self.query_one("#backtest-trouble", Label)
        trouble.display = refused is not None and not own
        if refused is not None:
            trouble.update(f"✗ {f'{refused.about}: ' if refused.about else ''}{refused.text}")
