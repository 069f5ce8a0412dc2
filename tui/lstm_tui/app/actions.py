"""All actions: those that work everywhere, then those of each feature, whose modules are imported."""

import importlib

from lstm_tui.app.everywhere import OF_APP
from lstm_tui.kit.actions import Action
from lstm_tui.registry import TABS

ACTIONS: tuple[Action, ...] = (
    *OF_APP,
    *(one for tab in TABS for one in importlib.import_module(f"lstm_tui.{tab.name}.actions").ACTIONS),
)
