"""The keys of the Backends screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Backends",
    Action("open_backend", "enter", "Details", "Show all about a backend, with its traceback."),
    Action("switch('off')", "space", "Disable", "Disable a backend in this session."),
    Action("switch('on')", "space", "Enable", "Enable a backend again."),
    Action("warm_up", "w", "Warm up", "Start the process of a backend in advance."),
)
