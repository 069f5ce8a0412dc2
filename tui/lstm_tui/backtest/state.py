"""The state of the Backtest screen, made from the engine's events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_forecasting.backtest.events import BacktestEvent
    from lstm_forecasting.backtest.plan import Backtest
    from lstm_forecasting.backtest.results import BacktestResult
    from lstm_tui.kit.controller import Problem


@dataclass(frozen=True, eq=False)
class BacktestState:
    """A backtest, running or finished.

    Attributes:
        planning: whether it is being planned.
        refused: why it could not be planned; None if it could.
        backtest: the plan; None before the first one.
        name: of its folder; empty until that exists.
        finished: number of finished folds.
        failures: reasons in one sentence, by fold.
        stopping: whether the user asked it to stop.
        stopped: whether it ended without a result.
        result: of the finished backtest.
        problem: why it failed as a whole, in one sentence.
    """

    planning: bool = False
    refused: Problem | None = None
    backtest: Backtest | None = None
    name: str = ""
    finished: int = 0
    failures: Mapping[int, str] = field(default_factory=dict)
    stopping: bool = False
    stopped: bool = False
    result: BacktestResult | None = None
    problem: str = ""

    @property
    def running(self) -> bool:
        """Whether it is being computed."""
        return self.backtest is not None and self.result is None and not self.stopped and not self.problem

    def after(self, happened: Iterable[BacktestEvent]) -> BacktestState:
        """The state after these events."""
        from lstm_forecasting.backtest import events

        state = self
        for event in happened:
            match event:
                case events.BacktestOpened():
                    state = replace(state, name=event.name, finished=event.finished)
                case events.FoldFinished():
                    state = replace(state, finished=state.finished + 1)
                case events.FoldFailed():
                    state = replace(state, failures={**state.failures, event.number: event.reason})
                case events.BacktestFinished():
                    state = replace(state, result=event.result)
        return state

    @property
    def in_words(self) -> str:
        """One line for the header."""
        if self.backtest is None:
            return ""
        if self.problem:
            return "✗ backtest failed"
        if self.stopped:
            return "– backtest stopped"
        if self.result is not None:
            return "~ backtest done, some folds failed" if self.failures else "✓ backtest done"
        return (
            "● stopping …" if self.stopping else f"● backtest {self.finished} of {len(self.backtest.folds)}"
        )

    @property
    def progress(self) -> str:
        """How far it is, in sentences."""
        if self.backtest is None:
            return ""
        if self.problem:
            return f"The backtest failed: {self.problem}"
        if self.stopped:
            return (
                f"The backtest was stopped after {self.finished} of {len(self.backtest.folds)} folds.\n\n"
                f"lstm-tui backtest --resume {self.name} continues it."
            )
        lines = [f"{self.finished} of {len(self.backtest.folds)} folds are finished."]
        lines += [f"Fold {number + 1} failed: {reason}" for number, reason in self.failures.items()]
        return "\n\n".join((*lines, "\n".join(self.backtest.about_origins)))
