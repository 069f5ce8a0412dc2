"""The screens that have a tab; each is imported when it is first shown, or ahead of that."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from lstm_tui.app.footer import KeyLine
from lstm_tui.app.header import Header, TabLine

if TYPE_CHECKING:
    from lstm_tui.kit.tab_screen import TabScreen

CLASSES = {
    "data": "DataScreen",
    "train": "TrainScreen",
    "forecast": "ForecastScreen",
    "crosscheck": "CrossCheckScreen",
    "inspect": "InspectScreen",
    "backends": "BackendsScreen",
    "learn": "LearnScreen",
}
"""The class of each tab, in the module `screen` of the feature's folder."""


def make_screen(name: str) -> TabScreen:
    """The screen of a tab, with header, tabs and footer around its content."""
    made = getattr(importlib.import_module(f"lstm_tui.{name}.screen"), CLASSES[name])
    screen: TabScreen = made(above=(Header(), TabLine(name)), below=(KeyLine(),))
    return screen


def import_screens() -> None:
    """Imports all, so that nobody waits for one later."""
    for name in CLASSES:
        importlib.import_module(f"lstm_tui.{name}.screen")
