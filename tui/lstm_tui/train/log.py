"""The log of a training: facts about each backend, and the last output of those that failed."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Label, Static

from lstm_tui.cli.experiment.progress import in_words
from lstm_tui.kit.dialog import Sheet
from lstm_tui.train.training import TrainingState


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
                facts = f" · {in_words(state.ready)}" if state.ready else ""
                yield Static(f"{state.phase}{facts}", markup=False)
                if state.reason:
                    yield Label(f"✗ {state.reason}", classes="reason", markup=False)
                if state.log:
                    yield Static("\n".join(state.log), classes="lines", markup=False)
