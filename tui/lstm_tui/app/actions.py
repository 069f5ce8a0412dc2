"""All actions in one list: those that work everywhere, then those that each feature declares."""

import importlib
from collections.abc import Iterator

from lstm_tui.kit.actions import EVERYWHERE, Action, declared
from lstm_tui.registry import TABS


def _of_features() -> Iterator[Action]:
    for tab in TABS:
        yield from importlib.import_module(f"lstm_tui.{tab.name}.actions").ACTIONS


OF_APP = declared(
    EVERYWHERE,
    *(
        Action(f"show('{tab.name}')", str(number), tab.title, tab.summary, footer=False)
        for number, tab in enumerate(TABS, 1)
    ),
    Action("train", "t,ctrl+t", "Train", "Train the chosen backends with these settings."),
    Action("stop", "x,ctrl+x", "Stop", "Stop training, where what was learnt is evaluated, or checking."),
    Action("open", "o,ctrl+o", "Open", "Open a file or a bundled data set."),
    Action("runs", "R,ctrl+r", "Runs", "Open, resume, compare or delete a run that is kept."),
    Action(
        "log", "l", "Log", "What the backends' processes wrote, with the reason of a failure.", footer=False
    ),
    Action("copy", "C", "Copy", "Copy a table to the clipboard, for a spreadsheet.", footer=False),
    Action(
        "toggle_theme", "d", "Dark or light", "Change between the dark and the light theme.", footer=False
    ),
    Action("keys", "question_mark,f1", "Help", "All keys and what they do."),
    Action("quit", "q,ctrl+q", "Quit", "Stop everything and leave."),
    Action("suspend_process", "ctrl+z", "Suspend", "Go back to the shell; fg returns.", footer=False),
    Action("leave_field", "escape", "Leave field", "Leave a field, so that single keys work.", footer=False),
)
"""What works on every screen; the app itself does it."""

ACTIONS = (*OF_APP, *_of_features())
