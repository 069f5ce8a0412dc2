"""The dialog that asks which column of a file to forecast."""

from collections.abc import Sequence

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.findings.candidates import Candidate
from lstm_tui.data.findings import heading
from lstm_tui.kit.charts.shades import bars
from lstm_tui.kit.dialog import Dialog

_BARS = 16
"""Width of the small pictures."""
_NAME = 24
"""Most columns for a name."""


class TargetScreen(Dialog["str | None"]):
    """Lists the columns that could be the target and returns the name of one; None keeps the present one."""

    def __init__(self, table: SeriesTable, candidates: Sequence[Candidate]) -> None:
        super().__init__()
        self._table = table
        self._candidates = tuple(candidates)

    def compose(self) -> ComposeResult:
        """The question, the columns, and the reason for the present choice."""
        table = self._table
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = table.name
            dialog.border_subtitle = f"Enter chooses · Esc keeps {table.targets[0]}"
            yield Label("What do you want to forecast?", id="question", markup=False)
            width = min(_NAME, max(len(one.name) for one in self._candidates))
            options = (Option(_line(one, width)) for one in self._candidates)
            yield OptionList(*options, compact=True, id="candidates")
            reason = next((one.evidence for one in table.findings if one.kind == "target"), "")
            yield Label(reason, id="reason", classes="caption", markup=False)
            found = [heading(one) for one in table.findings if one.kind != "target"]
            if found:
                yield Label(f"Findings: {'; '.join(found)}", id="found", classes="caption", markup=False)

    def on_mount(self) -> None:
        """Starts at the present target."""
        names = [one.name for one in self._candidates]
        options = self.query_one(OptionList)
        if self._table.targets[0] in names:
            options.highlighted = names.index(self._table.targets[0])
        options.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._candidates[event.option_index].name)


def _line(one: Candidate, width: int) -> Text:
    name = Text(one.name, "bold")
    name.truncate(width, overflow="ellipsis", pad=True)
    line = Text(no_wrap=True, overflow="ellipsis").append_text(name).append("  ")
    values = one.values
    line.append(_picture(values) if len(values) else " " * _BARS)
    return line.append(f"  {', '.join(one.facts)}", "dim")


def _picture(values: Array) -> str:
    """Means of neighbouring values as bars; the lowest one still shows."""
    means = np.array([group.mean() for group in np.array_split(values, _BARS) if len(group)])
    low, high = float(means.min()), float(means.max())
    return bars(means, _BARS, low - 0.15 * (high - low or 1.0), widest=1).ljust(_BARS)
