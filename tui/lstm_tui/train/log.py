"""The log of a training: facts about each backend, and the last output of those that failed."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Label, Static

from lstm_plugins.counting import counted
from lstm_tui.kit.dialog import Sheet
from lstm_tui.train.training import BackendState, TrainingState


class LogScreen(Sheet[None]):
    """Shows a block for each backend of a training."""

    BINDINGS: ClassVar = [Binding("l", "dismiss(None)", "Close", priority=True)]

    def __init__(self, training: TrainingState, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._training = training
        self._titles = titles

    def compose(self) -> ComposeResult:
        """The name and facts, and the reason and last output of a failure."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Log of this training"
            dialog.border_subtitle = "Esc closes"
            if self._training.problem:
                yield Label(f"✗ {self._training.problem}", classes="reason", markup=False)
            for state in self._training.backends.values():
                yield Label(self._titles[state.backend], classes="heading", markup=False)
                yield Static(_facts(state), markup=False)
                if state.reason:
                    yield Label(f"✗ {state.reason}", classes="reason", markup=False)
                if state.log:
                    yield Static("\n".join(state.log), classes="lines", markup=False)

    def on_mount(self) -> None:
        """Focuses the text, so that keys scroll it."""
        self.query_one(VerticalScroll).focus()


def _facts(state: BackendState) -> str:
    ready = state.ready
    if ready is None:
        return state.phase
    framework = f"{ready.framework} · " if ready.framework else ""
    threads = counted(ready.threads, "thread")
    return (
        f"{state.phase} · {framework}{ready.device}, {threads} · {ready.parameters:,} weights, "
        f"{ready.training_windows:,} training windows · ready after {ready.seconds:.1f} s"
    )
