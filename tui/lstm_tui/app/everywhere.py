"""Actions that work on every screen; the app itself runs them."""

from lstm_tui.kit.actions import EVERYWHERE, Action, declared
from lstm_tui.registry import TABS

OF_APP = declared(
    EVERYWHERE,
    *(
        Action(f"show('{tab.name}')", str(number), tab.title, tab.summary, footer=False)
        for number, tab in enumerate(TABS, 1)
    ),
    Action("train", "t,ctrl+t", "Train", "Train the selected backends with these settings."),
    Action("stop", "x,ctrl+x", "Stop", "Stop training (and evaluate the best epoch so far) or checking."),
    Action("open", "o,ctrl+o", "Open", "Open a file or a bundled data set."),
    Action("runs", "R,ctrl+r", "Runs", "Open, resume, compare or delete a saved run."),
    Action("log", "l", "Log", "Show the output of the backends and the reasons of failures.", footer=False),
    Action("copy", "C", "Copy", "Copy a table to the clipboard for a spreadsheet.", footer=False),
    Action(
        "toggle_theme", "d", "Dark or light", "Switch between the dark and the light theme.", footer=False
    ),
    Action("keys", "question_mark,f1", "Help", "Show all keys and what they do."),
    Action("quit", "q,ctrl+q", "Quit", "Stop everything and quit."),
    Action("suspend_process", "ctrl+z", "Suspend", "Return to the shell; fg comes back.", footer=False),
    Action(
        "leave_field",
        "escape",
        "Leave field",
        "Leave a text field, so that single keys work again.",
        footer=False,
    ),
)
