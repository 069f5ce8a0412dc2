"""The screens that have a tab, by name; each is imported when it is first shown, or ahead of that."""

from __future__ import annotations

import importlib

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
    """The screen of a tab."""
    screen: TabScreen = getattr(importlib.import_module(f"lstm_tui.{name}.screen"), CLASSES[name])()
    return screen


def import_screens() -> None:
    """Imports all, so that nobody waits for one later."""
    for name in CLASSES:
        importlib.import_module(f"lstm_tui.{name}.screen")
