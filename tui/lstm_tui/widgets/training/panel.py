"""The right of the Train screen: the series before a training, the curves and the progress of one after."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static


class TrainingPanel(Vertical):
    """The loss curves above, one line of progress for every backend under them."""

    def compose(self) -> ComposeResult:
        """Chart and table."""
        yield Static("curves")
